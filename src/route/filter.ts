/** Filters: what is written under `when`, checked at load and evaluated by json-logic-js for every event. */
import jsonLogic from 'json-logic-js';
import type { Problem } from '../kit/problem.ts';
import type { YamlNode } from '../kit/yaml.ts';
import type { Schema } from '../model/schema.ts';
import { checkLogic, type LogicUse } from './check-logic.ts';
import { type Equality, equalitiesOf } from './equalities.ts';
import { alwaysGives } from './foresee.ts';
import { type Allowance, sizeOf, withBudget } from './logic-budget.ts';
import { LogicError } from './logic-error.ts';
import { type LogicNode, partsOf } from './logic-tree.ts';
import { hasLoop, lower } from './lower.ts';
import { type ConditionTrace, traceLogic } from './trace-logic.ts';

export type { Equality } from './equalities.ts';
export { LogicError } from './logic-error.ts';
export type { ConditionTrace, OperandTrace } from './trace-logic.ts';

export interface CompiledLogic {
  /**
   * The value for an event. Throws LogicError past the step budget, or where its values cannot be worked with. The steps that it
   * takes are taken off an allowance.
   */
  evaluate(scope: unknown, allowance?: Allowance): unknown;
  /** Whether that value is truthy as json-logic has it: `[]`, `""`, 0, null and false are not. Throws LogicError. */
  truthy(scope: unknown, allowance?: Allowance): boolean;
  /** Every condition that was evaluated, the outer before its parts; never throws. */
  trace(scope: unknown): readonly ConditionTrace[];
  /** Every path of the event that it reads, dotted. */
  readonly paths: readonly string[];
  /** True or false where that is known before any event comes: always, or never. */
  readonly constant: boolean | undefined;
  /** What has to hold for it to be truthy: the value at `path` is loosely equal to one of `values`. */
  readonly equalities: readonly Equality[];
}

/**
 * Checks a filter and makes it ready. `scopes`: the schemas of what it may see (`event`, `data`, `raw`, `request`, `params`),
 * one for each event type that can come there; a path must exist in one of them. With no scopes, any path is taken.
 * As a `condition` it may not be a text, a list or a number. `logic` is undefined where there is a problem.
 */
export function compileLogic(
  node: YamlNode,
  scopes: readonly Schema[],
  use: LogicUse = 'value',
): { readonly logic: CompiledLogic | undefined; readonly problems: readonly Problem[] } {
  const { tree, problems } = checkLogic(node, scopes, use);
  return { logic: tree && compiled(tree, scopes), problems };
}

function compiled(tree: LogicNode, scopes: readonly Schema[]): CompiledLogic {
  const rule = lower(tree) as jsonLogic.RulesLogic;
  const work = hasLoop(tree) ? bounded : applied;
  const evaluate = (scope: unknown, allowance?: Allowance): unknown => work(rule, scope, allowance);
  return {
    evaluate,
    truthy: (scope, allowance) => jsonLogic.truthy(evaluate(scope, allowance)),
    trace: (scope) => traceLogic(tree, scope),
    paths: [...new Set(pathsOf(tree))],
    constant: alwaysGives(tree, scopes),
    equalities: equalitiesOf(tree),
  };
}

function applied(rule: jsonLogic.RulesLogic, scope: unknown, allowance?: Allowance): unknown {
  try {
    return withBudget(() => jsonLogic.apply(rule, scope), allowance);
  } catch (error) {
    if (error instanceof LogicError) throw error;
    throw new LogicError('LOGIC_FAILED', `the filter cannot work with these values: ${(error as Error).message}`);
  }
}

/** A loop's value may hold itself many times over; what is handed out can be written out. */
function bounded(rule: jsonLogic.RulesLogic, scope: unknown, allowance?: Allowance): unknown {
  const value = applied(rule, scope, allowance);
  if (typeof value === 'object' && value !== null) sizeOf(value);
  return value;
}

function pathsOf(node: LogicNode): string[] {
  if (node.kind === 'var') return [node.path.join('.'), ...partsOf(node).flatMap(pathsOf)];
  if (node.kind !== 'call') return partsOf(node).flatMap(pathsOf);
  const prepared = node.prepared?.kind === 'paths' ? node.prepared.paths.map((path) => path.join('.')) : [];
  if (node.operator.takes !== 'each') return [...prepared, ...node.args.flatMap(pathsOf)];
  return node.args.filter((_, index) => index !== 1).flatMap(pathsOf);
}

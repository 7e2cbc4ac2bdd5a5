/** Tells how a filter came to its value: each condition with its operands' values, for `explain` and the dashboard. */
import jsonLogic from 'json-logic-js';
import type { Position } from '../kit/problem.ts';
import { withBudget } from './logic-budget.ts';
import type { CallNode, LogicNode, VarNode } from './logic-tree.ts';
import { lower } from './lower.ts';
import { operationNamed } from './operations.ts';
import { shown } from './shown.ts';

export interface OperandTrace {
  /** The path that was read, or null where the operand is a literal or another condition. */
  readonly path: string | null;
  /** As JSON, shortened; null where it was not evaluated. */
  readonly value: string | null;
}

export interface ConditionTrace {
  readonly operator: string;
  readonly at: Position;
  /** How many conditions it stands within. */
  readonly depth: number;
  readonly operands: readonly OperandTrace[];
  /** As JSON, shortened; null where it failed. */
  readonly result: string | null;
  readonly truthy: boolean;
  /** Why it failed, else null. */
  readonly error: string | null;
}

/** Loops repeat their conditions for every item: after this many the rest is left out. */
const MOST_CONDITIONS = 200;

interface Frame {
  readonly node: CallNode | VarNode;
  readonly depth: number;
  /** What its parts gave, the last value where a loop evaluated one repeatedly. */
  readonly values: Map<LogicNode, string>;
  result: { readonly text: string; readonly truthy: boolean } | null;
  error: string | null;
}

/** Never throws: a condition that fails says so, and those around it. */
export function traceLogic(tree: LogicNode, scope: unknown): readonly ConditionTrace[] {
  const frames: Frame[] = [];
  const open: Frame[] = [];
  const begin = (node: CallNode | VarNode): Frame => {
    const depth = open.reduce((count, { node: outer }) => count + (outer.kind === 'call' ? 1 : 0), 0);
    const frame: Frame = { node, depth, values: new Map(), result: null, error: null };
    if (frames.length < MOST_CONDITIONS && isCondition(node, open.at(-1)?.node)) frames.push(frame);
    open.push(frame);
    return frame;
  };
  const end = (value: unknown): unknown => {
    const frame = open.pop() as Frame;
    const text = shown(value);
    frame.result = { text, truthy: jsonLogic.truthy(value) };
    open.at(-1)?.values.set(frame.node, text);
    return value;
  };
  const rule = lower(tree, (node, lowered) => ({
    [operationNamed('call')]: [
      (_: unknown, __: unknown, value: unknown) => end(value),
      { [operationNamed('call')]: [() => void begin(node)] },
      lowered,
    ],
  }));
  try {
    withBudget(() => jsonLogic.apply(rule as jsonLogic.RulesLogic, scope));
  } catch (error) {
    for (const frame of open) frame.error = (error as Error).message;
  }
  return frames.map(conditionOf);
}

/** A `var` is one where its value alone decides; elsewhere it is an operand. */
function isCondition(node: CallNode | VarNode, within: CallNode | VarNode | undefined): boolean {
  if (node.kind === 'call' || !within) return true;
  return within.kind === 'call' && (within.operator.name === 'and' || within.operator.name === 'or');
}

function conditionOf({ node, depth, values, result, error }: Frame): ConditionTrace {
  return {
    operator: node.kind === 'call' ? node.operator.name : 'var',
    at: node.at,
    depth,
    operands:
      node.kind === 'var' ? [{ path: node.path.join('.'), value: result?.text ?? null }] : operandsOf(node, values),
    result: result?.text ?? null,
    truthy: result?.truthy ?? false,
    error,
  };
}

function operandsOf(node: CallNode, values: ReadonlyMap<LogicNode, string>): OperandTrace[] {
  const prepared = node.prepared?.kind === 'paths' ? node.prepared.paths : [];
  const paths = prepared.map((path) => ({ path: path.join('.'), value: null }));
  const args = node.args.map((arg) => ({
    path: arg.kind === 'var' ? arg.path.join('.') : null,
    value: arg.kind === 'literal' ? shown(arg.value) : (values.get(arg) ?? null),
  }));
  return [...args, ...paths];
}

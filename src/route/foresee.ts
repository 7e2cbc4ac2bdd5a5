/** What can be said of a filter before any event comes: that it always holds, or never. */
import jsonLogic from 'json-logic-js';
import { fieldAt, type Schema, typesOf } from '../model/schema.ts';
import { withBudget } from './logic-budget.ts';
import { type CallNode, type LogicNode, partsOf } from './logic-tree.ts';
import { lower } from './lower.ts';

/** The largest list of values that a path is followed through. */
const MOST_VALUES = 200;
/** The most conditions that are evaluated to find out one value, so that loading stays quick. */
const MOST_WORK = 20_000;

/** True or false where every event of the scopes gives that; undefined where it depends. With no scopes nothing is known of them. */
export function alwaysGives(tree: LogicNode, scopes: readonly Schema[]): boolean | undefined {
  const [first, ...others] = (scopes.length === 0 ? [{}] : scopes).map((scope) => truthOf(tree, scope));
  return others.every((other) => other === first) ? first : undefined;
}

function truthOf(node: LogicNode, scope: Schema): boolean | undefined {
  const values = valuesOf(node, scope);
  if (values) return agreed(values.map((value) => jsonLogic.truthy(value)));
  if (node.kind === 'list') return true;
  if (node.kind !== 'call') return undefined;
  switch (node.operator.name) {
    case 'and':
      return conjunction(node, scope);
    case 'or':
      return not(joined(node.args.map((arg) => not(truthOf(arg, scope)))));
    case '!':
    case '!!': {
      const inner = truthOf(node.args[0] as LogicNode, scope);
      return node.operator.name === '!' ? not(inner) : inner;
    }
    case '===':
    case '!==':
    case '==':
    case '!=': {
      const equal = isOfNoField(node, scope) ? false : undefined;
      return node.operator.name.startsWith('!') ? not(equal) : equal;
    }
    default:
      return undefined;
  }
}

function conjunction(node: CallNode, scope: Schema): boolean | undefined {
  const truth = joined(node.args.map((arg) => truthOf(arg, scope)));
  return truth === undefined && isContradiction(node, scope) ? false : truth;
}

/** Conditions on one path that no value satisfies: for each value that one of them names, another one is not true. */
function isContradiction(node: CallNode, scope: Schema): boolean {
  return conditionsByPath(node).some(([path, conditions]) => {
    // A list or an object is loosely equal to the text that it becomes, so what tells those apart from texts is no evidence.
    const evidence = isLeaf(scope, path) ? conditions : conditions.filter((one) => strictValues(one).length > 0);
    const named = conditions.map(strictValues).find((values) => values.length > 0) ?? [];
    if (named.length === 0 || named.length > MOST_VALUES) return false;
    return named.every((value) => evidence.some((condition) => isFalseFor(condition, placed(path.split('.'), value))));
  });
}

const grouped = new WeakMap<CallNode, readonly (readonly [string, readonly LogicNode[]])[]>();

/** The conditions that have to hold together and read one path only, where there are several of a path. */
function conditionsByPath(node: CallNode): readonly (readonly [string, readonly LogicNode[]])[] {
  const before = grouped.get(node);
  if (before) return before;
  const parts = node.args.flatMap((arg) => (arg.kind === 'call' && arg.operator.name === 'and' ? arg.args : [arg]));
  const byPath = Map.groupBy(parts, (part) => (factsOf(part).isPure ? (onlyPathIn(part) ?? '') : ''));
  const several = [...byPath].filter(([path, conditions]) => path !== '' && conditions.length > 1);
  grouped.set(node, several);
  return several;
}

function isFalseFor(condition: LogicNode, scope: unknown): boolean {
  const result = evaluated(condition, scope);
  return result !== undefined && !jsonLogic.truthy(result.value);
}

function isLeaf(scope: Schema, path: string): boolean {
  const field = fieldAt(scope, path.split('.'));
  const types = field && typesOf(field.schema);
  return types?.every((type) => type !== 'array' && type !== 'object') ?? false;
}

/** The only values that make a condition true, where it names them with their types; none where it does not. */
function strictValues(node: LogicNode): readonly unknown[] {
  if (node.kind !== 'call') return [];
  const [left, right] = node.args;
  const { name } = node.operator;
  if (
    name === 'in' &&
    left?.kind === 'var' &&
    !left.fallback &&
    right?.kind === 'literal' &&
    Array.isArray(right.value)
  ) {
    return right.value;
  }
  const [path, literal] = left?.kind === 'var' ? [left, right] : [right, left];
  if (path?.kind !== 'var' || path.fallback || literal?.kind !== 'literal') return [];
  if (name === '===') return [literal.value];
  // Loosely, a text that is no number equals itself alone among plain values.
  const isWord = typeof literal.value === 'string' && Number.isNaN(Number(literal.value));
  return name === '==' && isWord ? [literal.value] : [];
}

/** Every value that a node can have in an event of the scope; undefined where they are not known or too many. */
function valuesOf(node: LogicNode, scope: Schema): readonly unknown[] | undefined {
  if (node.kind === 'literal') return [node.value];
  const { isPure, paths, size } = factsOf(node);
  if (!isPure || paths.length > 1) return undefined;
  const path = paths[0]?.split('.') ?? [];
  const possible = path.length === 0 ? [{}] : possibleAt(scope, path);
  if (!possible || possible.length * size > MOST_WORK) return undefined;
  const results = possible.map((value) => evaluated(node, path.length === 0 ? value : placed(path, value)));
  return results.every((result) => result !== undefined) ? results.map(({ value }) => value) : undefined;
}

/** The values that a schema allows at a path, undefined standing for a missing one. */
function possibleAt(scope: Schema, path: readonly string[]): readonly unknown[] | undefined {
  const field = fieldAt(scope, path);
  if (!field) return [undefined];
  const values = enumerated(field.schema);
  if (!values || values.length > MOST_VALUES) return undefined;
  return field.optional ? [...values, undefined, null] : values;
}

/** All values that a schema allows; undefined where they are not known. */
export function enumerated(schema: Schema): readonly unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  const alternatives = schema.anyOf?.map(enumerated);
  return alternatives?.every((one) => one !== undefined) ? alternatives.flat() : undefined;
}

/** An equality of a literal with a path that no such event has: only null equals it. A field of other types is refused before. */
function isOfNoField({ args: [left, right] }: CallNode, scope: Schema): boolean {
  const [path, literal] = left?.kind === 'var' ? [left, right] : [right, left];
  if (path?.kind !== 'var' || path.fallback || literal?.kind !== 'literal' || path.path.length === 0) return false;
  return literal.value !== null && !fieldAt(scope, path.path);
}

function evaluated(node: LogicNode, scope: unknown): { readonly value: unknown } | undefined {
  try {
    return { value: withBudget(() => jsonLogic.apply(factsOf(node).rule(), scope)) };
  } catch {
    return undefined;
  }
}

/** An event that has a value at a path and nothing else. */
function placed(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => (inner === undefined ? {} : { [step]: inner }), value);
}

interface Facts {
  /** False where a loop gives paths another meaning. */
  readonly isPure: boolean;
  readonly paths: readonly string[];
  readonly size: number;
  readonly rule: () => jsonLogic.RulesLogic;
}

const known = new WeakMap<LogicNode, Facts>();

function factsOf(node: LogicNode): Facts {
  const before = known.get(node);
  if (before) return before;
  const parts = partsOf(node).map(factsOf);
  let rule: jsonLogic.RulesLogic | undefined;
  const facts: Facts = {
    isPure: !(node.kind === 'call' && node.operator.takes === 'each') && parts.every(({ isPure }) => isPure),
    paths: [...new Set([...ownPaths(node), ...parts.flatMap(({ paths }) => paths)])],
    size: parts.reduce((sum, { size }) => sum + size, 1),
    rule: () => {
      rule ??= lower(node) as jsonLogic.RulesLogic;
      return rule;
    },
  };
  known.set(node, facts);
  return facts;
}

function ownPaths(node: LogicNode): string[] {
  if (node.kind === 'var') return [node.path.join('.')];
  return node.kind === 'call' && node.prepared?.kind === 'paths'
    ? node.prepared.paths.map((path) => path.join('.'))
    : [];
}

function onlyPathIn(node: LogicNode): string | undefined {
  const { paths } = factsOf(node);
  return paths.length === 1 ? paths[0] : undefined;
}

function agreed(truths: readonly boolean[]): boolean | undefined {
  return truths.every((truth) => truth === truths[0]) ? truths[0] : undefined;
}

function joined(truths: readonly (boolean | undefined)[]): boolean | undefined {
  if (truths.includes(false)) return false;
  return truths.every((truth) => truth === true) ? true : undefined;
}

function not(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

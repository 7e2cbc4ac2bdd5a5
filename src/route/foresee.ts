/** What can be said of a filter before any event comes: that it always holds, or never. */
import jsonLogic from 'json-logic-js';
import { fieldAt, type Schema, typesOf } from '../model/schema.ts';
import { withBudget } from './logic-budget.ts';
import { type CallNode, type LogicNode, partsOf } from './logic-tree.ts';
import { lower } from './lower.ts';

/** The largest list of values that a path is followed through. */
const MOST_VALUES = 200;

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
      const equal = areUnequalTypes(node, scope) ? false : undefined;
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

/** Two conditions on one path that no value satisfies: for each value that one of them names, one of them is not true. */
function isContradiction(node: CallNode, scope: Schema): boolean {
  const parts = node.args.flatMap((arg) => (arg.kind === 'call' && arg.operator.name === 'and' ? arg.args : [arg]));
  const byPath = Map.groupBy(
    parts.filter((part) => isOfOnePath(part)),
    (part) => pathsIn(part)[0] as string,
  );
  return [...byPath].some(([path, conditions]) => {
    const strict = conditions.flatMap((condition) => strictValues(condition));
    if (conditions.length < 2 || strict.length === 0 || strict.length > MOST_VALUES) return false;
    return strict.every((value) =>
      conditions.some(
        (condition) => !jsonLogic.truthy(evaluated(condition, placed(path.split('.'), value))?.value ?? true),
      ),
    );
  });

  function isOfOnePath(part: LogicNode): boolean {
    return (
      fieldAt(scope, (pathsIn(part)[0] ?? '').split('.')) !== undefined && pathsIn(part).length === 1 && isPure(part)
    );
  }
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
  // Loosely, a text that is no number equals itself and a list or an object that reads so, which no schema's leaf is.
  const isWord = typeof literal.value === 'string' && Number.isNaN(Number(literal.value));
  return name === '==' && isWord ? [literal.value] : [];
}

/** Every value that a node can have in an event of the scope; undefined where they are not known or too many. */
function valuesOf(node: LogicNode, scope: Schema): readonly unknown[] | undefined {
  if (node.kind === 'literal') return [node.value];
  if (!isPure(node)) return undefined;
  const paths = pathsIn(node);
  if (paths.length > 1) return undefined;
  if (paths.length === 0) return single(evaluated(node, {}));
  const path = (paths[0] as string).split('.');
  const possible = possibleAt(scope, path);
  if (!possible) return undefined;
  const results = possible.map((value) => evaluated(node, placed(path, value)));
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

function enumerated(schema: Schema): readonly unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  const alternatives = schema.anyOf?.map(enumerated);
  return alternatives?.every((one) => one !== undefined) ? alternatives.flat() : undefined;
}

/** An equality of a path with a literal that no value of the path's types can equal. */
function areUnequalTypes({ operator, args: [left, right] }: CallNode, scope: Schema): boolean {
  const [path, literal] = left?.kind === 'var' ? [left, right] : [right, left];
  if (path?.kind !== 'var' || path.fallback || literal?.kind !== 'literal' || path.path.length === 0) return false;
  const field = fieldAt(scope, path.path);
  if (!field) return literal.value !== null;
  const types = typesOf(field.schema);
  if (!types || literal.value === null || typeof literal.value === 'object') return false;
  const isStrict = operator.name.endsWith('===') || operator.name === '!==';
  return types.every((type) => {
    if (type === 'null') return true;
    if (type === 'array' || type === 'object') return isStrict;
    const ofType = type === 'integer' ? 'number' : type;
    if (typeof literal.value === ofType) return false;
    return isStrict || (typeof literal.value === 'string' && Number.isNaN(Number(literal.value)));
  });
}

function evaluated(node: LogicNode, scope: unknown): { readonly value: unknown } | undefined {
  try {
    return { value: withBudget(() => jsonLogic.apply(lower(node) as jsonLogic.RulesLogic, scope)) };
  } catch {
    return undefined;
  }
}

function single(result: { readonly value: unknown } | undefined): readonly unknown[] | undefined {
  return result && [result.value];
}

/** An event that has a value at a path and nothing else. */
function placed(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => (inner === undefined ? {} : { [step]: inner }), value);
}

/** False where loops give paths another meaning. */
function isPure(node: LogicNode): boolean {
  return !(node.kind === 'call' && node.operator.takes === 'each') && partsOf(node).every(isPure);
}

function pathsIn(node: LogicNode): readonly string[] {
  const own =
    node.kind === 'var'
      ? [node.path]
      : node.kind === 'call' && node.prepared?.kind === 'paths'
        ? node.prepared.paths
        : [];
  return [...new Set([...own.map((path) => path.join('.')), ...partsOf(node).flatMap(pathsIn)])];
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

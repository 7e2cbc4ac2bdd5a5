/** Makes of a checked filter the rule that json-logic-js evaluates: the same tree, with every operator that it leaves open replaced by ours. */
import { sizeOf } from './logic-budget.ts';
import { type CallNode, type LogicNode, partsOf, type VarNode } from './logic-tree.ts';
import { operationNamed } from './operations.ts';
import { readerOf } from './paths.ts';

/** Lets a caller put something around every operator and `var`; json-logic-js returns functions and sets as they are. */
export type Wrap = (node: CallNode | VarNode, lowered: unknown) => unknown;

/** These are json-logic-js's own: they need nothing from us, or evaluate their arguments themselves. */
const UNCHANGED = new Set([
  '===',
  '!==',
  '!',
  '!!',
  'and',
  'or',
  'if',
  '?:',
  'map',
  'filter',
  'reduce',
  'all',
  'none',
  'some',
]);

export function lower(node: LogicNode, wrap: Wrap = (_, lowered) => lowered): unknown {
  switch (node.kind) {
    case 'literal':
      return Array.isArray(node.value) ? { [operationNamed('call')]: [() => node.value] } : node.value;
    case 'list':
      return node.items.map((item) => lower(item, wrap));
    case 'var':
      return wrap(node, lowerVar(node, wrap));
    case 'call':
      return wrap(node, lowerCall(node, wrap));
  }
}

/** True where evaluating may take more than one step for each of its nodes. */
export function hasLoop(node: LogicNode): boolean {
  return (node.kind === 'call' && node.operator.takes === 'each') || partsOf(node).some(hasLoop);
}

function lowerVar({ path, fallback }: VarNode, wrap: Wrap): unknown {
  const read = readerOf(path);
  if (!fallback) return { [operationNamed('read')]: [read] };
  // A null at the path's end is a value, to which json-logic gives no default.
  const readOr = (scope: unknown, other: unknown): unknown => {
    const value = read(scope);
    return value === undefined ? other : value;
  };
  return { [operationNamed('call')]: [readOr, lower(fallback, wrap)] };
}

function lowerCall(node: CallNode, wrap: Wrap): unknown {
  const { operator, args, prepared } = node;
  const { name } = operator;
  if (prepared?.kind === 'paths')
    return { [operationNamed('call')]: [pathTest(name, prepared.paths), ...args.map((arg) => lower(arg, wrap))] };
  if (prepared?.kind === 'test')
    return { [operationNamed('test')]: [lower(args[0] as LogicNode, wrap), prepared.test] };
  if (operator.takes === 'each') return lowerLoop(node, wrap);
  const lowered = args.map((arg) => lower(arg, wrap));
  const among = args[1];
  if (name === 'in' && among?.kind === 'literal' && Array.isArray(among.value)) {
    return { [operationNamed('in')]: [lowered[0], new Set(among.value)] };
  }
  return { [UNCHANGED.has(name) ? name : operationNamed(name)]: lowered };
}

function lowerLoop({ operator, args }: CallNode, wrap: Wrap): unknown {
  const [list, body, start] = args as [LogicNode, LogicNode, LogicNode | undefined];
  const step = { [operationNamed('step')]: [countOf(body), lower(body, wrap)] };
  return { [operator.name]: [lower(list, wrap), step, ...(start ? [lower(start, wrap)] : [])] };
}

function pathTest(name: string, paths: readonly (readonly string[])[]): (scope: unknown, least?: unknown) => unknown {
  const readers = paths.map((path) => ({ text: path.join('.'), read: readerOf(path) }));
  if (name === 'exists') {
    const read = readers[0]?.read;
    return (scope) => (read?.(scope) ?? null) !== null;
  }
  return (scope, least) => {
    const missing = readers.filter(({ read }) => (read(scope) ?? '') === '').map(({ text }) => text);
    return name === 'missing_some' && readers.length - missing.length >= Number(least) ? [] : missing;
  };
}

function countOf(node: LogicNode): number {
  if (node.kind === 'literal') return Array.isArray(node.value) ? sizeOf(node.value) / 256 : 1;
  return partsOf(node).reduce((sum, part) => sum + countOf(part), 1);
}

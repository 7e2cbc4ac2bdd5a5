/** The equalities that a filter depends on, so that rules can be found by value instead of being tried one after the other. */
import type { CallNode, LogicNode } from './logic-tree.ts';

/** For the filter to be truthy, the value at `path` (own properties, dotted) must be loosely equal (`==`) to one of `values`. */
export interface Equality {
  readonly path: string;
  readonly values: readonly (string | number | boolean)[];
}

/** Looks through `and`, `==`, `===`, `in` with a list, and `or` of such on one path. */
export function equalitiesOf(node: LogicNode): Equality[] {
  if (node.kind !== 'call') return [];
  switch (node.operator.name) {
    case 'and':
      return node.args.flatMap(equalitiesOf);
    case '==':
    case '===':
      return [equality(node.args[0], node.args[1]), equality(node.args[1], node.args[0])].filter(
        (one) => one !== undefined,
      );
    case 'in': {
      const found = membership(node);
      return found ? [found] : [];
    }
    case 'or':
      return alternatives(node.args.map(equalitiesOf));
    default:
      return [];
  }
}

function equality(left: LogicNode | undefined, right: LogicNode | undefined): Equality | undefined {
  if (left?.kind !== 'var' || left.fallback || right?.kind !== 'literal' || !isKey(right.value)) return undefined;
  return { path: left.path.join('.'), values: [right.value] };
}

function membership({ args: [needle, list] }: CallNode): Equality | undefined {
  if (needle?.kind !== 'var' || needle.fallback || list?.kind !== 'literal' || !Array.isArray(list.value))
    return undefined;
  return list.value.every(isKey) ? { path: needle.path.join('.'), values: list.value } : undefined;
}

/** Of `or`: a path on which every branch depends, with the values of all of them. */
function alternatives(branches: readonly (readonly Equality[])[]): Equality[] {
  const [first = [], ...others] = branches;
  return first.flatMap(({ path, values }) => {
    const same = others.map((branch) => branch.find((one) => one.path === path));
    if (same.some((one) => one === undefined)) return [];
    return [{ path, values: [...new Set([...values, ...same.flatMap((one) => one?.values ?? [])])] }];
  });
}

function isKey(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Finds, among rules in order, those that an event's values can satisfy: rules that depend on a value are kept by that value. */
import type { Equality } from './equalities.ts';
import { readerOf } from './paths.ts';

export interface Indexed {
  /** The rule's place in the order of all rules. */
  readonly position: number;
  readonly equalities: readonly Equality[];
}

/** The positions of the rules that have to be tried, ascending; the others cannot match. */
export type Candidates = (scope: unknown) => readonly number[];

/** Below this many rules on a path, trying each costs less than finding them. */
const WORTH_A_MAP = 4;

export function indexByEquality(rules: readonly Indexed[]): Candidates {
  const shared = countPaths(rules);
  const byPath = new Map<string, Map<number | string, number[]>>();
  const always: number[] = [];
  for (const { position, equalities } of rules) {
    const best = equalities.toSorted((a, b) => (shared.get(b.path) ?? 0) - (shared.get(a.path) ?? 0))[0];
    if (!best || (shared.get(best.path) ?? 0) < WORTH_A_MAP) always.push(position);
    else addTo(byPath, best, position);
  }
  const all = rules.map(({ position }) => position);
  const maps = [...byPath].map(([path, byValue]) => ({ read: readerOf(path.split('.')), byValue }));
  if (maps.length === 0) return () => all;
  return (scope) => {
    let found = always;
    for (const { read, byValue } of maps) {
      const value = read(scope);
      if (value === undefined || value === null) continue;
      const key = looseKey(value);
      if (key === undefined) return all;
      const bucket = byValue.get(key);
      if (bucket) found = found.length === 0 ? bucket : [...found, ...bucket];
    }
    const isSorted = found === always || (maps.length === 1 && always.length === 0);
    return isSorted ? found : found.toSorted((a, b) => a - b);
  };
}

/**
 * A key that is the same for any two values that are loosely equal (`==`), and may be the same for others. Undefined where a
 * value has none.
 */
export function looseKey(value: unknown): number | string | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'string': {
      const number = Number(value);
      return Number.isNaN(number) ? value : number;
    }
    case 'boolean':
    case 'bigint':
      return Number(value);
    default:
      // Lists and objects are equal to the text that they become: too rare to be worth finding.
      return undefined;
  }
}

function countPaths(rules: readonly Indexed[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { equalities } of rules) {
    for (const path of new Set(equalities.map((one) => one.path))) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return counts;
}

function addTo(byPath: Map<string, Map<number | string, number[]>>, equality: Equality, position: number): void {
  const byValue = byPath.get(equality.path) ?? new Map<number | string, number[]>();
  byPath.set(equality.path, byValue);
  for (const key of new Set(equality.values.map(looseKey))) {
    if (key === undefined) continue;
    const bucket = byValue.get(key);
    if (bucket) bucket.push(position);
    else byValue.set(key, [position]);
  }
}

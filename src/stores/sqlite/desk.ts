/** What the writer's thread keeps in memory: the keys it has seen, the numbers it gives out next, and what the group of writes under way has done. */
import type { Tally } from './counters.ts';
import type { RecentKeys } from './recent-keys.ts';

export interface Desk {
  readonly keys: RecentKeys;
  /** The last numbers given out. */
  readonly last: { event: number; delivery: number };
  group: Group;
}

/** Everything here is forgotten when the group is rolled back. */
export interface Group {
  /** Hashes of the keys of the events that it saves, in order. */
  readonly hashes: number[];
  /** Bounds of `received_at` of those events. */
  minAt: number;
  maxAt: number;
  readonly tally: Tally;
  writes: number;
}

export function emptyGroup(): Group {
  return { hashes: [], minAt: Number.POSITIVE_INFINITY, maxAt: Number.NEGATIVE_INFINITY, tally: new Map(), writes: 0 };
}

/**
 * A lease's token holds the delivery's number in its low 33 bits and, above, a number that grows whenever a lease of the delivery
 * begins or is given back: a token that does not have the row's number is a lost one.
 */
const NUMBERS = 2 ** 33;
export const tokenOf = (seq: number, lease: number): number => lease * NUMBERS + seq;
export const seqOfToken = (token: number): number => token % NUMBERS;
export const leaseOfToken = (token: number): number => Math.floor(token / NUMBERS);

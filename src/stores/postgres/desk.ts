/** What the parts of the store share: who this relay is, and how its times become the database's. */
import type { Connections } from './connections.ts';

export interface Desk {
  readonly work: Connections;
  /** The row of `counters` for what `lane` writes: no two statements that run at once write the same one. */
  slot(lane: 'save' | 'settle' | 'work'): string;
  /** Stands in `holder` of what this relay has leased; null where nothing is leased. */
  holder(): number | null;
  /** Milliseconds that the database's time is ahead of this relay's. */
  offsetMs(): number;
  /** Something of these targets was made due for anyone. */
  hint(targets: Iterable<string>): void;
}

/**
 * A lease's token holds where the delivery is among its event's (low 16 bits), whether it stands in an order (one bit) and, above, how
 * often it was leased: settling needs no look at anything else.
 */
const POSITIONS = 2 ** 16;
const ORDERED = POSITIONS;
const LEASES = POSITIONS * 2;

export const tokenOf = (position: number, isOrdered: boolean, lease: number): number =>
  lease * LEASES + (isOrdered ? ORDERED : 0) + position;
export const positionOf = (token: number): number => token % POSITIONS;
export const isOrderedToken = (token: number): boolean => Math.floor(token / ORDERED) % 2 === 1;
export const leaseOf = (token: number): number => Math.floor(token / LEASES);

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
 * A lease's token holds where the delivery is among its event's (low 16 bits), whether it stands in an order, whether its event has several
 * deliveries (a bit each) and, above, how often it was leased: settling needs no look at anything else.
 */
const POSITIONS = 2 ** 16;
const ORDERED = POSITIONS;
const SIBLINGS = ORDERED * 2;
const LEASES = SIBLINGS * 2;

export interface LeaseFacts {
  readonly position: number;
  readonly isOrdered: boolean;
  readonly hasSiblings: boolean;
  readonly lease: number;
}

export const tokenOf = ({ position, isOrdered, hasSiblings, lease }: LeaseFacts): number =>
  lease * LEASES + (hasSiblings ? SIBLINGS : 0) + (isOrdered ? ORDERED : 0) + position;

export const factsOf = (token: number): LeaseFacts => ({
  position: token % POSITIONS,
  isOrdered: Math.floor(token / ORDERED) % 2 === 1,
  hasSiblings: Math.floor(token / SIBLINGS) % 2 === 1,
  lease: Math.floor(token / LEASES),
});

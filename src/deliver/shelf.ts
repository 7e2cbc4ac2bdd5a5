/** The deliveries of one line that this relay has leased: those that wait their turn in memory, and those that are under way. */
import type { Clock } from '../kit/clock.ts';
import type { Lease, LeasedDelivery } from '../model/delivery.ts';
import type { EventScope } from '../model/event.ts';

export interface Held {
  readonly leased: LeasedDelivery;
  readonly scope: EventScope | undefined;
  readonly bytes: number;
  /** Replaced where the delivery is leased anew while it is held. */
  lease: Lease;
  /** Monotonic milliseconds. */
  leaseEnds: number;
}

/** What all lines together hold in memory. */
export interface Budget {
  entries: number;
  bytes: number;
}

export interface Shelf {
  /** In the order in which they are sent. */
  readonly waiting: ReadonlyMap<string, Held>;
  readonly underWay: ReadonlyMap<string, Held>;
  /** False where the delivery is here already: it stays one, under the newer lease, which it got because the wall clock has jumped. */
  put(leased: LeasedDelivery, scope: EventScope | undefined): boolean;
  /** It is no longer here. */
  take(entry: Held): void;
  /** From waiting to under way. */
  begin(entry: Held): void;
  isBudgetSpent(): boolean;
}

const MOST_HELD_BY_ALL: Budget = { entries: 10_000, bytes: 48 * 2 ** 20 };

/** What an event takes in memory beside its body, about. */
const ENTRY_BYTES = 2048;

export function createShelf(clock: Clock, budget: Budget): Shelf {
  const waiting = new Map<string, Held>();
  const underWay = new Map<string, Held>();

  function take(entry: Held): void {
    const { id } = entry.leased.delivery;
    if (waiting.delete(id)) {
      budget.entries--;
      budget.bytes -= entry.bytes;
    } else underWay.delete(id);
  }

  return {
    waiting,
    underWay,
    put(leased, scope) {
      const { id } = leased.delivery;
      const leaseEnds = clock.monotonic() + leased.lease.until - clock.now();
      const mine = waiting.get(id) ?? underWay.get(id);
      if (mine) {
        mine.lease = leased.lease;
        mine.leaseEnds = leaseEnds;
        return false;
      }
      const bytes = ENTRY_BYTES + 2 * leased.event.request.body.length;
      waiting.set(id, { leased, scope, bytes, lease: leased.lease, leaseEnds });
      budget.entries++;
      budget.bytes += bytes;
      return true;
    },
    take,
    begin(entry) {
      take(entry);
      underWay.set(entry.leased.delivery.id, entry);
    },
    isBudgetSpent: () => budget.entries >= MOST_HELD_BY_ALL.entries || budget.bytes >= MOST_HELD_BY_ALL.bytes,
  };
}

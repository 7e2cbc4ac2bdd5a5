/** The deliveries of one line that this relay has leased: those that wait their turn in memory, and those that are under way. */
import type { Clock } from '../kit/clock.ts';
import { Register } from '../kit/register.ts';
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
  startedAt: number;
}

/** What all lines together hold in memory. */
export interface Budget {
  entries: number;
  bytes: number;
}

export interface Shelf {
  /** In the order in which they are sent. */
  readonly waiting: Pick<Register<Held>, 'size' | 'first' | 'values'>;
  readonly underWay: Pick<Register<Held>, 'size'>;
  /** True where the delivery is here already: it stays one, under the newer lease, which it got because the wall clock has jumped. */
  renew(leased: LeasedDelivery): boolean;
  put(leased: LeasedDelivery, scope: EventScope | undefined): void;
  /** It is no longer here. */
  take(entry: Held): void;
  /** From waiting to under way. */
  begin(entry: Held): void;
  /** For how long the first of those under way has been so, in milliseconds; 0 where there is none. */
  oldestMs(): number;
  isBudgetSpent(): boolean;
}

const MOST_HELD_BY_ALL: Budget = { entries: 10_000, bytes: 48 * 2 ** 20 };

/** What an event takes in memory beside its body, about. */
const ENTRY_BYTES = 2048;

export function createShelf(clock: Clock, budget: Budget): Shelf {
  const waiting = new Register<Held>();
  const underWay = new Register<Held>();

  const leaseEnds = ({ lease }: LeasedDelivery): number => clock.monotonic() + lease.until - clock.now();

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
    renew(leased) {
      const { id } = leased.delivery;
      const mine = waiting.get(id) ?? underWay.get(id);
      if (!mine) return false;
      mine.lease = leased.lease;
      mine.leaseEnds = leaseEnds(leased);
      return true;
    },
    put(leased, scope) {
      const bytes = ENTRY_BYTES + 2 * leased.event.request.body.length;
      const entry = { leased, scope, bytes, lease: leased.lease, leaseEnds: leaseEnds(leased), startedAt: 0 };
      waiting.set(leased.delivery.id, entry);
      budget.entries++;
      budget.bytes += bytes;
    },
    take,
    begin(entry) {
      take(entry);
      entry.startedAt = clock.monotonic();
      underWay.set(entry.leased.delivery.id, entry);
    },
    oldestMs() {
      const oldest = underWay.first();
      return oldest ? clock.monotonic() - oldest.startedAt : 0;
    },
    isBudgetSpent: () => budget.entries >= MOST_HELD_BY_ALL.entries || budget.bytes >= MOST_HELD_BY_ALL.bytes,
  };
}

/** The deliveries of one line that this relay has leased: those that wait their turn in memory, and those that are under way. */
import { Chain, type Link } from '../kit/chain.ts';
import type { Clock } from '../kit/clock.ts';
import type { Lease, LeasedDelivery } from '../model/delivery.ts';
import type { EventScope } from '../model/event.ts';

export interface Held extends Link<Held> {
  readonly leased: LeasedDelivery;
  readonly scope: EventScope | undefined;
  readonly bytes: number;
  /** Replaced where the delivery is leased anew while it is held. */
  lease: Lease;
  /** Monotonic milliseconds. */
  leaseEnds: number;
  /** Monotonic milliseconds; 0 while it waits. */
  startedAt: number;
}

/** What all lines together hold in memory. */
export interface Budget {
  entries: number;
  bytes: number;
}

export interface Shelf {
  /** In the order in which they are sent. */
  readonly waiting: Pick<Chain<Held>, 'size' | 'first' | 'toArray'>;
  readonly underWay: Pick<Chain<Held>, 'size'>;
  /**
   * Those that are not here. One that is here stays one, under the newer lease: the store has leased it anew because the wall clock
   * has jumped.
   */
  renew(leased: readonly LeasedDelivery[]): readonly LeasedDelivery[];
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
  const waiting = new Chain<Held>();
  const underWay = new Chain<Held>();

  const leaseEnds = ({ lease }: LeasedDelivery): number => clock.monotonic() + lease.until - clock.now();

  function take(entry: Held): void {
    if (waiting.remove(entry)) {
      budget.entries--;
      budget.bytes -= entry.bytes;
    } else underWay.remove(entry);
  }

  return {
    waiting,
    underWay,
    renew(leased) {
      if (waiting.size + underWay.size === 0) return leased;
      const here = new Map<string, Held>();
      for (const chain of [waiting, underWay]) {
        for (const entry of chain.toArray()) here.set(entry.leased.delivery.id, entry);
      }
      return leased.filter((one) => {
        const mine = here.get(one.delivery.id);
        if (!mine) return true;
        mine.lease = one.lease;
        mine.leaseEnds = leaseEnds(one);
        return false;
      });
    },
    put(leased, scope) {
      const bytes = ENTRY_BYTES + 2 * leased.event.request.body.length;
      waiting.push({
        leased,
        scope,
        bytes,
        lease: leased.lease,
        leaseEnds: leaseEnds(leased),
        startedAt: 0,
        chain: undefined,
        before: undefined,
        after: undefined,
      });
      budget.entries++;
      budget.bytes += bytes;
    },
    take,
    begin(entry) {
      take(entry);
      entry.startedAt = clock.monotonic();
      underWay.push(entry);
    },
    oldestMs() {
      const oldest = underWay.first;
      return oldest ? clock.monotonic() - oldest.startedAt : 0;
    },
    isBudgetSpent: () => budget.entries >= MOST_HELD_BY_ALL.entries || budget.bytes >= MOST_HELD_BY_ALL.bytes,
  };
}

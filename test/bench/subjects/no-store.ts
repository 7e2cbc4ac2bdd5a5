/** A store that keeps nothing: it leases what comes in to who brought it, and believes every outcome. */
import type { LeasedDelivery } from '../../../src/model/delivery.ts';
import { waitingDelivery } from '../../../src/stores/new-delivery.ts';
import type { Arrival, Balance, Store } from '../../../src/stores/store.ts';

const ZERO = { waiting: 0, delivered: 0, dropped: 0, dead: 0, expired: 0 };
const NOTHING: Balance = { accepted: 0, unmatched: 0, ignored: 0, events: ZERO, deliveries: ZERO, pruned: 0 };
const NO_PAGE = { items: [], next: undefined };

export function openNoStore(): Store {
  let token = 0;
  /** What this relay would not hold is handed out by the next claim: nothing that was accepted is left out. */
  const unheld = new Map<string, LeasedDelivery[]>();

  function waitingFor(target: string): LeasedDelivery[] {
    const known = unheld.get(target);
    if (known) return known;
    const made: LeasedDelivery[] = [];
    unheld.set(target, made);
    return made;
  }

  function leasedOf({ event, holdUntil }: Arrival, parts: Arrival['deliveries'][number]): LeasedDelivery {
    return { delivery: waitingDelivery(parts, event), event, lease: { token: ++token, until: holdUntil } };
  }

  return {
    inbox: {
      async save(arrival) {
        const held: LeasedDelivery[] = [];
        for (const [position, parts] of arrival.deliveries.entries()) {
          const leased = leasedOf(arrival, parts);
          if (arrival.hold[position]) held.push(leased);
          else waitingFor(parts.target).push(leased);
        }
        return { kind: 'saved', held };
      },
    },
    queue: {
      async claim({ target, limit, leaseUntil }) {
        const all = unheld.get(target) ?? [];
        return all.splice(0, limit).map((one) => ({ ...one, lease: { ...one.lease, until: leaseUntil } }));
      },
      settle: async (settlements) => settlements.map(() => 'settled'),
      due: async () => new Map([...unheld].filter(([, all]) => all.length > 0).map(([target]) => [target, 0])),
      hasten: async () => ({ hastened: 0, more: false }),
      onHint: () => () => undefined,
    },
    ledger: {
      events: async () => NO_PAGE,
      event: async () => undefined,
      deliveries: async () => NO_PAGE,
      deliveriesOf: async () => [],
      delivery: async () => undefined,
      attempts: async () => [],
      ahead: async () => new Map(),
      replay: async () => ({ replayed: 0, hastened: 0 }),
      balance: async () => NOTHING,
      recount: async () => NOTHING,
      backlog: async () => new Map(),
      failing: async () => new Map(),
      prune: async () => ({ events: 0, more: false }),
      expire: async () => ({ expired: 0, more: false }),
    },
    shared: { get: async () => undefined, list: async () => [], put: async () => true },
    fleet: { size: () => 1, holdsLeases: () => true, onLost: () => () => undefined, offsetMs: () => 0 },
    check: async () => undefined,
    async [Symbol.asyncDispose]() {},
  };
}

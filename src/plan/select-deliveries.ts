/** The deliveries that a replay is about: by id, or every one that a filter finds, in steps that bound what is held in memory. */

import { eventIdOfDelivery } from '../kit/ids.ts';
import type { Delivery, DeliveryState } from '../model/delivery.ts';
import type { DeliveryQuery, Ledger } from '../stores/store.ts';

export interface ReplayFilter {
  readonly state?: DeliveryState;
  readonly target?: string;
  readonly rule?: string;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
}

const PAGE = 500;

/** Pages of finished deliveries that a filter finds, newest first; of waiting ones only where the filter asks for them. */
export async function* filteredDeliveries(ledger: Ledger, filter: ReplayFilter): AsyncGenerator<readonly Delivery[]> {
  let before: string | undefined;
  do {
    const query: DeliveryQuery = { ...filter, limit: PAGE, ...(before === undefined ? {} : { before }) };
    const page = await ledger.deliveries(query);
    const wanted = page.items.filter(({ state }) => state !== 'waiting' || filter.state === 'waiting');
    if (wanted.length > 0) yield wanted;
    before = page.next;
  } while (before !== undefined);
}

/** The deliveries of ids, each a delivery's or an event's (all of its deliveries); ids that are not there come back as `unknown`. */
export async function deliveriesById(
  ledger: Ledger,
  ids: readonly string[],
): Promise<{ readonly deliveries: readonly Delivery[]; readonly unknown: readonly string[] }> {
  const deliveries: Delivery[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    const found = eventIdOfDelivery(id) === undefined ? await ledger.deliveriesOf(id) : [await ledger.delivery(id)];
    const known = found.filter((delivery) => delivery !== undefined);
    if (known.length === 0) unknown.push(id);
    deliveries.push(...known);
  }
  return { deliveries, unknown };
}

/** What a delivery is at the moment at which its event is stored, in every store. */
import type { AcceptedEvent, Delivery, NewDelivery } from '../model/delivery.ts';

/** One that waits and has not been tried. */
export function waitingDelivery({ id, rule, target, mapping, orderKey }: NewDelivery, event: AcceptedEvent): Delivery {
  return {
    id,
    eventId: event.id,
    rule,
    target,
    mapping,
    orderKey,
    state: 'waiting',
    attempts: 0,
    round: 0,
    progress: 0,
    requests: null,
    createdAt: event.receivedAt,
    dueAt: event.receivedAt,
    finishedAt: null,
    reason: null,
    replays: 0,
  };
}

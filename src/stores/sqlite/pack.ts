/** Writes arrivals and settlements into parcels, on the main thread, where every microsecond counts. */
import { deliveryId } from '../../kit/ids.ts';
import type { LeasedDelivery, NewDelivery, Settlement } from '../../model/delivery.ts';
import { waitingDelivery } from '../new-delivery.ts';
import { requestsHead } from '../packed.ts';
import { eventStateCode } from '../states.ts';
import type { Arrival, Saved } from '../store.ts';
import { attemptHead } from './columns.ts';
import { tokenOf } from './desk.ts';
import type { SaveAnswer } from './save.ts';
import { SETTLEMENTS } from './settle.ts';
import { OPERATION, type ParcelWriter } from './wire.ts';

export function packArrival(parcel: ParcelWriter, { event, deliveries, hold, holdUntil }: Arrival): void {
  const { request } = event;
  const values = parcel.begin(OPERATION.save, true);
  values.push(event.id, event.source, event.key, event.format, event.type, event.time, event.receivedAt);
  values.push(
    eventStateCode(event.state),
    request.method,
    request.path,
    request.search,
    JSON.stringify(request.headers),
  );
  values.push(request.body.length, holdUntil, deliveries.length);
  parcel.add(request.body);
  for (let position = 0; position < deliveries.length; position++) {
    const { id, rule, target, mapping, orderKey, dead } = deliveries[position] as NewDelivery;
    values.push(id === deliveryId(event.id, position + 1) ? null : id, rule, target, mapping, orderKey);
    values.push(dead === null ? null : JSON.stringify(dead), hold[position] ? 1 : 0);
  }
}

/** What the writer's answer says of an arrival. */
export function savedOf({ event, deliveries, hold, holdUntil }: Arrival, answer: SaveAnswer): Saved {
  if (typeof answer === 'string') return { kind: 'duplicate', id: answer };
  const first = typeof answer === 'number' ? answer : answer.first;
  const isHeld = (position: number) => (typeof answer === 'number' ? hold[position] : answer.held.includes(position));
  const held: LeasedDelivery[] = [];
  for (let position = 0; position < deliveries.length; position++) {
    const made = deliveries[position] as NewDelivery;
    if (!isHeld(position)) continue;
    const lease = { token: tokenOf(first + position, 1), until: holdUntil };
    held.push({ event, lease, delivery: waitingDelivery(made, event) });
  }
  return { kind: 'saved', held };
}

/** `now` is when the delivery finishes, epoch milliseconds. */
export function packSettlement(parcel: ParcelWriter, settlement: Settlement, now: number): void {
  const { lease, result, attempts, progress, round, requests } = settlement;
  const values = parcel.begin(OPERATION.settle, false);
  const reason = 'reason' in result ? JSON.stringify(result.reason) : null;
  values.push(
    lease.token,
    SETTLEMENTS.indexOf(result.kind),
    result.kind === 'retry' ? result.at : now,
    reason,
    progress,
    round,
  );
  if (requests === null) {
    values.push(null, 0);
  } else {
    let length = 0;
    for (const { body } of requests) {
      if (!body) continue;
      parcel.add(body);
      length += body.length;
    }
    values.push(requestsHead(requests), length);
  }
  values.push(attempts.length);
  for (const attempt of attempts) {
    const body = attempt.response?.body;
    values.push(attempt.number, attemptHead(attempt), body?.length ?? 0);
    if (body) parcel.add(body);
  }
}

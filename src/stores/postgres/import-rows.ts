/** Whole events as rows: what a move inserts of an event, of its deliveries, and of what was tried. */
import type { Client } from 'pg';
import { deliveryId } from '../../kit/ids.ts';
import type { AcceptedEvent, Attempt, Delivery } from '../../model/delivery.ts';
import { packAttempts, packRequests, sizeOf } from '../packed.ts';
import { DELIVERY_STATES, deliveryStateCode, READY } from '../states.ts';
import { bigintArray, byteArray, intArray, textArray, unnested } from './array-column.ts';
import { weightiestOf } from './counters.ts';
import { EVENT_ARRAYS, eventColumns } from './event-columns.ts';
import { DELIVERY_BYTES, hashKey } from './save-rows.ts';

/** An event with all that became of it. */
export interface WholeEvent {
  readonly event: AcceptedEvent;
  readonly deliveries: readonly { readonly delivery: Delivery; readonly attempts: readonly Attempt[] }[];
}

export async function insertEvents(client: Client, whole: readonly WholeEvent[]): Promise<void> {
  const rows = whole.map(({ event, deliveries }) => ({
    event,
    family: weightiestOf(deliveries.map(({ delivery }) => delivery.state)),
    keyHash: hashKey(event.source, event.key),
  }));
  await client.query(`INSERT INTO dragoman.events SELECT ${unnested(EVENT_ARRAYS)}`, eventColumns(rows));
  const families = whole.filter(({ deliveries }) => deliveries.length > 1);
  const counts = DELIVERY_STATES.map((state) =>
    intArray(families.map(({ deliveries }) => deliveries.filter(({ delivery }) => delivery.state === state).length)),
  );
  await client.query(
    'INSERT INTO dragoman.siblings SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])',
    [textArray(families.map(({ event }) => event.id)), ...counts],
  );
}

export async function insertDeliveries(
  client: Client,
  {
    events,
    orders,
    offsetMs,
  }: { readonly events: readonly WholeEvent[]; readonly orders: number[][]; readonly offsetMs: number },
): Promise<void> {
  const rows = events.flatMap(({ event, deliveries }, index) =>
    deliveries.map(({ delivery, attempts }, position) => {
      const requests = delivery.requests === null ? null : packRequests(delivery.requests);
      const order = delivery.orderKey === null ? null : (orders[index]?.[position] ?? null);
      const id = delivery.id === deliveryId(event.id, position + 1) ? null : delivery.id;
      const size = DELIVERY_BYTES + sizeOf(requests) + sizeOf(packAttempts(attempts));
      return { delivery, position, siblings: deliveries.length, requests, order, id, size };
    }),
  );
  const of = <T>(pick: (delivery: Delivery) => T): T[] => rows.map(({ delivery }) => pick(delivery));
  await client.query(
    `INSERT INTO dragoman.deliveries (event, position, siblings, state, line, ready_at, due_at, lease, created_at, finished_at, attempts, round,
      progress, replays, size, target, rule, mapping, order_key, order_seq, own_id, reason, requests, request_bodies)
     SELECT event, position, siblings, state, ${READY}, due_at + $21::bigint, due_at, 0, created_at, finished_at, attempts, round,
      progress, replays, size, target, rule, mapping, order_key, order_seq, own_id, reason, requests, request_bodies
     FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[], $9::int[], $10::int[], $11::int[],
      $12::int[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[], $18::text[], $19::text[], $20::text[], $22::bytea[])
      i (event, position, siblings, state, due_at, created_at, finished_at, attempts, round, progress, replays, size, target, rule, mapping,
      order_key, order_seq, own_id, reason, requests, request_bodies)`,
    [
      textArray(of(({ eventId }) => eventId)),
      intArray(rows.map(({ position }) => position)),
      intArray(rows.map(({ siblings }) => siblings)),
      intArray(of(({ state }) => deliveryStateCode(state))),
      bigintArray(of(({ dueAt }) => dueAt)),
      bigintArray(of(({ createdAt }) => createdAt)),
      bigintArray(of(({ finishedAt }) => finishedAt)),
      intArray(of(({ attempts }) => attempts)),
      intArray(of(({ round }) => round)),
      intArray(of(({ progress }) => progress)),
      intArray(of(({ replays }) => replays)),
      intArray(rows.map(({ size }) => size)),
      textArray(of(({ target }) => target)),
      textArray(of(({ rule }) => rule)),
      textArray(of(({ mapping }) => mapping)),
      textArray(of(({ orderKey }) => orderKey)),
      bigintArray(rows.map(({ order }) => order)),
      textArray(rows.map(({ id }) => id)),
      textArray(of(({ reason }) => (reason === null ? null : JSON.stringify(reason)))),
      textArray(rows.map(({ requests }) => requests?.head ?? null)),
      offsetMs,
      byteArray(rows.map(({ requests }) => requests?.bodies ?? null)),
    ],
  );
}

/** A record for each attempt, and one under the negative number where it sent what the delivery no longer holds. */
export async function insertAttempts(client: Client, events: readonly WholeEvent[]): Promise<void> {
  const rows = events.flatMap(({ event, deliveries }) =>
    deliveries.flatMap(({ attempts }, position) =>
      attempts.flatMap((attempt) => {
        const where = { event: event.id, position };
        const made = { ...where, number: attempt.number, packed: packAttempts([attempt]) };
        const { sent } = attempt;
        if (!sent) return [made];
        const padded = Array.from({ length: attempt.request + 1 }, () => sent);
        return [made, { ...where, number: -attempt.number, packed: packRequests(padded) }];
      }),
    ),
  );
  await client.query(
    'INSERT INTO dragoman.attempts SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::bytea[])',
    [
      textArray(rows.map(({ event }) => event)),
      intArray(rows.map(({ position }) => position)),
      intArray(rows.map(({ number }) => number)),
      textArray(rows.map(({ packed }) => packed.head)),
      byteArray(rows.map(({ packed }) => packed.bodies)),
    ],
  );
}

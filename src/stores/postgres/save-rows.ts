/** A batch of arrivals as one statement with its rows: what is inserted, and how each event is looked up and counted. */
import { hash } from 'node:crypto';
import { deliveryId } from '../../kit/ids.ts';
import type { NewDelivery } from '../../model/delivery.ts';
import type { Arrival } from '../store.ts';
import { bigintArray, intArray, textArray } from './array-column.ts';
import { addToCounters, weightiestOf } from './counters.ts';
import type { Desk } from './desk.ts';
import { eventColumns } from './event-columns.ts';
import { deliveryStateCode, eventStateCode, LEASED, READY, WAITING } from './schema.ts';

/** What a row takes beside its texts and bodies, with its entries in the indexes: about. */
export const DELIVERY_BYTES = 500;

/** An arrival, with what it is looked up by. */
export interface Incoming {
  readonly arrival: Arrival;
  readonly keyHash: Buffer;
}

export function incomingOf(arrival: Arrival): Incoming {
  return { arrival, keyHash: hashKey(arrival.event.source, arrival.event.key) };
}

/** 128 bits that stand for a source's key: what is unique is 16 bytes, however long keys are. */
export function hashKey(source: string, key: string): Buffer {
  return hash('sha256', `${source}\0${key}`, 'buffer').subarray(0, 16);
}

export const SAVE = `
WITH new AS (
  INSERT INTO dragoman.events
  SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::int[],
    $10::int[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bytea[])
  ON CONFLICT (key_hash) DO NOTHING RETURNING id
), born AS (
  SELECT i.* FROM unnest($1::text[], $9::int[], $11::int[], $17::int[]) i (id, state, size, family) JOIN new USING (id)
), made AS (
  INSERT INTO dragoman.deliveries (event, position, siblings, state, line, ready_at, due_at, lease, holder, created_at, finished_at,
    attempts, round, progress, replays, size, target, rule, mapping, order_key, order_seq, own_id, reason)
  SELECT event, position, siblings, state, line, ready_at, created_at, line, CASE WHEN line = ${LEASED} THEN $32::int END, created_at, created_at,
    0, 0, 0, 0, ${DELIVERY_BYTES}, target, rule, mapping, order_key,
    CASE WHEN order_key IS NOT NULL THEN nextval('dragoman.delivery_order') END, own_id, reason
  FROM (
    SELECT i.* FROM unnest($18::text[], $19::int[], $20::int[], $21::int[], $22::int[], $23::bigint[], $24::bigint[], $25::text[],
      $26::text[], $27::text[], $28::text[], $29::text[], $30::text[]) WITH ORDINALITY
      i (event, position, siblings, state, line, ready_at, created_at, target, rule, mapping, order_key, own_id, reason, ord)
    JOIN new ON new.id = i.event ORDER BY ord OFFSET 0
  ) one RETURNING state
), family AS (
  INSERT INTO dragoman.siblings SELECT event, count(*) FILTER (WHERE state = ${WAITING}), 0, 0, count(*) FILTER (WHERE state <> ${WAITING}), 0
  FROM unnest($18::text[], $20::int[], $21::int[]) i (event, siblings, state)
  WHERE siblings > 1 AND event IN (SELECT id FROM new) GROUP BY event
), tally AS (
  ${addToCounters('$31::text', {
    accepted: '(SELECT count(*) FROM born)',
    unmatched: `(SELECT count(*) FROM born WHERE family = 0 AND state <> ${eventStateCode('ignored')})`,
    ignored: `(SELECT count(*) FROM born WHERE family = 0 AND state = ${eventStateCode('ignored')})`,
    events_waiting: `(SELECT count(*) FROM born WHERE family = ${WAITING})`,
    events_dead: `(SELECT count(*) FROM born WHERE family = ${deliveryStateCode('dead')})`,
    deliveries_waiting: `(SELECT count(*) FROM made WHERE state = ${WAITING})`,
    deliveries_dead: `(SELECT count(*) FROM made WHERE state <> ${WAITING})`,
    bytes: `coalesce((SELECT sum(size) FROM born), 0) + ${DELIVERY_BYTES} * (SELECT count(*) FROM made)`,
  })}
)
SELECT CASE WHEN count(*) < cardinality($1::text[]) THEN coalesce(array_agg(id), '{}') END AS ids FROM new`;

export type IsHeld = (arrival: Arrival, delivery: NewDelivery) => boolean;

/** Events go in by their keys' hashes, so that two relays that save the same ones do not wait for each other in a circle. */
export function parametersOf(batch: readonly Incoming[], desk: Desk, isHeld: IsHeld): unknown[] {
  const sorted = batch.length === 1 ? batch : batch.toSorted((a, b) => Buffer.compare(a.keyHash, b.keyHash));
  const events = sorted.map(({ arrival: { event, deliveries }, keyHash }) => ({ event, deliveries, keyHash }));
  const offset = desk.offsetMs();
  const rows = batch.flatMap(({ arrival }) =>
    arrival.deliveries.map((one, position) => ({ arrival, one, position, held: isHeld(arrival, one) })),
  );
  return [
    ...eventColumns(events),
    intArray(sorted.map(({ arrival }) => familyOf(arrival))),
    textArray(rows.map(({ arrival }) => arrival.event.id)),
    intArray(rows.map(({ position }) => position)),
    intArray(rows.map(({ arrival }) => arrival.deliveries.length)),
    intArray(rows.map(({ one }) => (one.dead === null ? WAITING : deliveryStateCode('dead')))),
    intArray(rows.map(({ held }) => (held ? LEASED : READY))),
    bigintArray(rows.map(({ arrival, held }) => (held ? arrival.holdUntil : arrival.event.receivedAt) + offset)),
    bigintArray(rows.map(({ arrival }) => arrival.event.receivedAt)),
    textArray(rows.map(({ one }) => one.target)),
    textArray(rows.map(({ one }) => one.rule)),
    textArray(rows.map(({ one }) => one.mapping)),
    textArray(rows.map(({ one }) => one.orderKey)),
    textArray(
      rows.map(({ arrival, one, position }) => (one.id === deliveryId(arrival.event.id, position + 1) ? null : one.id)),
    ),
    textArray(rows.map(({ one }) => (one.dead === null ? null : JSON.stringify(one.dead)))),
    desk.slot('save'),
    desk.holder(),
  ];
}

function familyOf({ deliveries }: Arrival): number {
  return weightiestOf(deliveries.map(({ dead }) => (dead === null ? 'waiting' : 'dead')));
}

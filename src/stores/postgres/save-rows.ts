/** A batch of arrivals as one statement with its rows: what is inserted, and how each event is looked up and counted. */
import { hash } from 'node:crypto';
import { deliveryId } from '../../kit/ids.ts';
import { deliveryStateCode, eventStateCode, LEASED, READY, WAITING } from '../states.ts';
import type { Arrival } from '../store.ts';
import { bigintArray, intArray, textArray, unnested } from './array-column.ts';
import { addToCounters, weightiestOf } from './counters.ts';
import type { Desk } from './desk.ts';
import { EVENT_ARRAYS, eventColumns } from './event-columns.ts';

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

const DELIVERY_ARRAYS =
  'event text, position int4, siblings int4, state int4, line int4, ready_at int8, created_at int8, target text, rule text, mapping text, ' +
  'order_key text, own_id text, reason text';

/** Deliveries go in as they stand where every event is new, which is nearly always. */
const SAVE_ALL = `
WITH new AS (
  INSERT INTO dragoman.events SELECT ${unnested(EVENT_ARRAYS)} ON CONFLICT (key_hash) DO NOTHING RETURNING id, state, family, size
), made AS (
  INSERT INTO dragoman.deliveries (event, position, siblings, state, line, ready_at, due_at, lease, holder, created_at, finished_at,
    attempts, round, progress, replays, size, target, rule, mapping, order_key, order_seq, own_id, reason)
  SELECT event, position, siblings, state, line, ready_at, created_at, line, CASE WHEN line = ${LEASED} THEN $31::int END, created_at, created_at,
    0, 0, 0, 0, ${DELIVERY_BYTES}, target, rule, mapping, order_key,
    CASE WHEN order_key IS NOT NULL THEN nextval('dragoman.delivery_order') END, own_id, reason
  FROM (SELECT ${unnested(DELIVERY_ARRAYS, 17)}) one
  WHERE (SELECT count(*) FROM new) = cardinality($1::text[]) OR event IN (SELECT id FROM new)
  RETURNING event, siblings, state
), tally AS (
  ${addToCounters(
    '$30::text',
    {
      accepted: 'e.accepted',
      unmatched: 'e.unmatched',
      ignored: 'e.ignored',
      events_waiting: 'e.waiting',
      events_dead: 'e.dead',
      deliveries_waiting: 'd.waiting',
      deliveries_dead: 'd.dead',
      bytes: `e.bytes + ${DELIVERY_BYTES} * (d.waiting + d.dead)`,
    },
    `FROM (
      SELECT count(*) AS accepted, count(*) FILTER (WHERE family = 0 AND state <> ${eventStateCode('ignored')}) AS unmatched,
        count(*) FILTER (WHERE family = 0 AND state = ${eventStateCode('ignored')}) AS ignored,
        count(*) FILTER (WHERE family = ${WAITING}) AS waiting, count(*) FILTER (WHERE family = ${deliveryStateCode('dead')}) AS dead,
        coalesce(sum(size), 0) AS bytes FROM new) e,
      (SELECT count(*) FILTER (WHERE state = ${WAITING}) AS waiting, count(*) FILTER (WHERE state <> ${WAITING}) AS dead FROM made) d WHERE true`,
  )}
)`;

const SIBLINGS = `, family AS (
  INSERT INTO dragoman.siblings SELECT event, count(*) FILTER (WHERE state = ${WAITING}), 0, 0, count(*) FILTER (WHERE state <> ${WAITING}), 0
  FROM made WHERE siblings > 1 GROUP BY event
)`;

/** Gives the ids of the events that are new, or null where all are. Without `siblings`, no event of the batch may have several deliveries. */
export const saveStatement = ({ siblings }: { readonly siblings: boolean }): string =>
  `${SAVE_ALL}${siblings ? SIBLINGS : ''}
SELECT CASE WHEN count(*) < cardinality($1::text[]) THEN coalesce(array_agg(id), '{}') END AS ids FROM new`;

export type IsHeld = (arrival: Arrival, position: number) => boolean;

/** Events go in by their keys' hashes, so that two relays that save the same ones do not wait for each other in a circle. */
export function parametersOf(batch: readonly Incoming[], desk: Desk, isHeld: IsHeld): unknown[] {
  const sorted = batch.length === 1 ? batch : batch.toSorted((a, b) => Buffer.compare(a.keyHash, b.keyHash));
  const events = sorted.map(({ arrival, keyHash }) => ({ event: arrival.event, family: familyOf(arrival), keyHash }));
  const offset = desk.offsetMs();
  const rows = batch.flatMap(({ arrival }) =>
    arrival.deliveries.map((one, position) => ({ arrival, one, position, held: isHeld(arrival, position) })),
  );
  return [
    ...eventColumns(events),
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

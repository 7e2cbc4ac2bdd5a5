/** A page of events, newest first. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../model/delivery.ts';
import {
  DELIVERY_STATES,
  deliveryStateCode,
  deliveryStateOf,
  EVENT_STATES,
  eventStateCode,
  eventStateOf,
} from '../states.ts';
import type { EventQuery, EventSummary, Page } from '../store.ts';
import { deliveryBounds, eventBounds, firstDelivery, indexOf, pageOf } from './pages.ts';

/** Rows looked at for one page: about a third of a second at worst. Less where bodies are searched. */
const MOST_ROWS = 1_000_000;
const MOST_BODIES = 100_000;

interface Found {
  /** One more than the page's limit, where there are as many. */
  readonly seqs: readonly number[];
  /** Where the search has stopped early. */
  readonly unseen: number | undefined;
}

export function listEvents(db: DatabaseSync, query: EventQuery): Page<EventSummary> {
  const state = DELIVERY_STATES.find((one) => one === query.state);
  const found = state === undefined || state === 'delivered' ? scanEvents(db, query) : viaDeliveries(db, query, state);
  return pageOf(found.seqs, { limit: query.limit, unseen: found.unseen, read: prepareSummary(db) });
}

/** Goes through the events themselves, newest first. */
function scanEvents(db: DatabaseSync, query: EventQuery): Found {
  const bounds = eventBounds(db, query);
  const from = Math.max(bounds.from, bounds.to - (query.text === undefined ? MOST_ROWS : MOST_BODIES));
  const { where, values } = conditions(query);
  if (query.state === 'delivered') {
    where.push(`EXISTS (SELECT 1 FROM deliveries d WHERE d.state = ${deliveryStateCode('delivered')}
      AND d.seq >= e.first_delivery AND d.seq < e.first_delivery + e.delivery_count)`);
  }
  const rows = db
    .prepare(
      `SELECT e.seq AS seq FROM events e NOT INDEXED WHERE e.seq >= ? AND e.seq < ? AND ${where.join(' AND ')}
       ORDER BY e.seq DESC LIMIT ?`,
    )
    .all(from, bounds.to, ...values, query.limit + 1);
  return { seqs: rows.map((row) => row.seq as number), unseen: from > bounds.from ? from : undefined };
}

/** Goes through the deliveries of a state that has an index of its own, newest first, to their events. */
function viaDeliveries(db: DatabaseSync, query: EventQuery, state: DeliveryState): Found {
  const bounds = deliveryBounds(db, { ...query, before: undefined });
  const last = eventBounds(db, query).to;
  const deliveries = db.prepare(
    `SELECT seq FROM deliveries ${indexOf(state)} AND seq >= ? AND seq < ? ORDER BY seq DESC`,
  );
  const { where, values } = conditions(query);
  const event = db.prepare(
    `SELECT e.seq AS seq, ${where.join(' AND ')} AS matches FROM deliveries d JOIN events e ON e.seq = d.event WHERE d.seq = ?`,
  );
  const seqs: number[] = [];
  let looked = 0;
  let previous = last;
  for (const row of deliveries.iterate(bounds.from, Math.min(bounds.to, firstDelivery(db, last)))) {
    const found = event.get(...values, row.seq as number);
    const seq = found?.seq as number;
    if (seq >= previous) continue;
    previous = seq;
    if (found?.matches === 1) seqs.push(seq);
    if (seqs.length > query.limit) break;
    looked += 1;
    if (looked === MOST_BODIES) return { seqs, unseen: seq };
  }
  return { seqs, unseen: undefined };
}

function conditions(query: EventQuery): {
  readonly where: string[];
  readonly values: (string | number | Uint8Array)[];
} {
  const where = ['1'];
  const values: (string | number | Uint8Array)[] = [];
  const add = (condition: string, ...given: (string | number | Uint8Array)[]): void => {
    where.push(condition);
    values.push(...given);
  };
  if (query.source !== undefined) add('e.source = ?', query.source);
  if (query.type !== undefined) add('e.type = ?', query.type);
  if (query.since !== undefined) add('e.received_at >= ?', query.since);
  if (query.until !== undefined) add('e.received_at < ?', query.until);
  const state = EVENT_STATES.find((one) => one === query.state);
  if (state !== undefined) add(`e.state = ${eventStateCode(state)}`);
  if (query.text !== undefined) {
    add('(instr(e.id, ?) OR instr(e.key, ?) OR instr(e.body, ?))', query.text, query.text, Buffer.from(query.text));
  }
  return { where, values };
}

function prepareSummary(db: DatabaseSync): (seq: number) => EventSummary {
  const event = db.prepare(
    `SELECT id, key, source, format, type, time, received_at AS receivedAt, state, first_delivery AS first,
     delivery_count AS count FROM events WHERE seq = ?`,
  );
  const states = db.prepare('SELECT state, count(*) AS n FROM deliveries WHERE seq >= ? AND seq < ? GROUP BY state');
  return (seq) => {
    const { first, count, state, ...rest } = event.get(seq) as unknown as Omit<EventSummary, 'state' | 'deliveries'> & {
      first: number;
      count: number;
      state: number;
    };
    const deliveries = states.all(first, first + count).map((row) => [deliveryStateOf(row.state as number), row.n]);
    return { ...rest, state: eventStateOf(state), deliveries: Object.fromEntries(deliveries) };
  };
}

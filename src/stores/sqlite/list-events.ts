/** A page of events, newest first. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../model/delivery.ts';
import type { EventQuery, EventSummary, Page } from '../store.ts';
import { eventBounds, pageOf } from './pages.ts';
import {
  DELIVERY_STATES,
  deliveryStateCode,
  deliveryStateOf,
  eventStateCode,
  eventStateOf,
  WAITING,
} from './schema.ts';

/** Rows looked at for one page where no index leads to the next match; less where bodies are searched. */
const MOST_ROWS = 500_000;
const MOST_BODIES = 20_000;

export function listEvents(db: DatabaseSync, query: EventQuery): Page<EventSummary> {
  const bounds = eventBounds(db, query);
  const ofDeliveries = DELIVERY_STATES.find((state) => state === query.state);
  const isIndexed = ofDeliveries !== undefined && ofDeliveries !== 'delivered';
  const most = query.text !== undefined ? MOST_BODIES : MOST_ROWS;
  const from = isIndexed && query.text === undefined ? bounds.from : Math.max(bounds.from, bounds.to - most);
  const where = ['e.seq >= ?', 'e.seq < ?'];
  const values: (string | number | Uint8Array)[] = [from, bounds.to];
  const add = (condition: string, ...given: (string | number | Uint8Array)[]): void => {
    where.push(condition);
    values.push(...given);
  };
  if (query.source !== undefined) add('e.source = ?', query.source);
  if (query.type !== undefined) add('e.type = ?', query.type);
  if (query.since !== undefined) add('e.received_at >= ?', query.since);
  if (query.until !== undefined) add('e.received_at < ?', query.until);
  if (query.state !== undefined && ofDeliveries === undefined) {
    add(`e.state = ${eventStateCode(query.state as EventSummary['state'])}`);
  }
  if (query.text !== undefined) {
    add('(instr(e.id, ?) OR instr(e.key, ?) OR instr(e.body, ?))', query.text, query.text, Buffer.from(query.text));
  }
  const found = db
    .prepare(
      `SELECT e.seq AS seq FROM ${source(ofDeliveries)} WHERE ${where.join(' AND ')} ORDER BY e.seq DESC LIMIT ?`,
    )
    .all(...values, query.limit + 1)
    .map((row) => row.seq as number);
  const read = prepareSummary(db);
  return pageOf(found, { limit: query.limit, unseen: from > bounds.from ? from : undefined, read });
}

/** Events, or those with a delivery in a state: by way of the partial index where the state has one. */
function source(state: DeliveryState | undefined): string {
  if (state === undefined) return 'events e NOT INDEXED';
  const code = deliveryStateCode(state);
  if (state === 'delivered') {
    return `(SELECT * FROM events f WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.state = ${code}
      AND d.seq >= f.first_delivery AND d.seq < f.first_delivery + f.delivery_count)) e`;
  }
  const index = code === WAITING ? 'deliveries_line' : 'deliveries_unhappy';
  const condition = code === WAITING ? `state = ${code}` : `state = ${code} AND state > 3`;
  return `(SELECT DISTINCT event FROM deliveries INDEXED BY ${index} WHERE ${condition}) d CROSS JOIN events e ON e.seq = d.event`;
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

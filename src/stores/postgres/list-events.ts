/** A page of events, newest first. */
import type { Client } from 'pg';
import type { DeliveryState } from '../../model/delivery.ts';
import { DELIVERY_STATES, deliveryStateCode, deliveryStateOf, eventStateCode, eventStateOf } from '../states.ts';
import type { EventQuery, EventSummary, Page } from '../store.ts';
import { Conditions, eventCursorOf, idBounds } from './pages.ts';

/** Events looked at for one page; less where bodies are searched. */
const MOST_ROWS = 100_000;
const MOST_BODIES = 10_000;

interface Row {
  readonly id: string;
  readonly key: string;
  readonly source: string;
  readonly format: string;
  readonly type: string;
  readonly time: string;
  readonly received_at: number;
  readonly state: number;
}

export async function listEvents(client: Client, query: EventQuery): Promise<Page<EventSummary>> {
  const ofDeliveries = DELIVERY_STATES.find((state) => state === query.state);
  const most = query.text === undefined ? MOST_ROWS : MOST_BODIES;
  const { from, to } = idBounds(query);
  const cursor = eventCursorOf(query.before);
  const before = [cursor, to].sort()[0] ?? to;
  const where = new Conditions();
  where.values.push(from, before);
  where.add('e.source = ?', query.source);
  where.add('e.type = ?', query.type);
  where.add('e.received_at >= ?', query.since);
  where.add('e.received_at < ?', query.until);
  if (ofDeliveries === undefined && query.state !== undefined) {
    where.add('e.state = ?', eventStateCode(query.state as EventSummary['state']));
  }
  if (ofDeliveries === 'delivered') {
    where.add(
      'EXISTS (SELECT 1 FROM dragoman.deliveries d WHERE d.event = e.id AND d.state = ?)',
      deliveryStateCode('delivered'),
    );
  }
  where.add(
    "(strpos(e.id, ?::text) > 0 OR strpos(e.key, ?::text) > 0 OR position(convert_to(?::text, 'UTF8') IN e.body) > 0)",
    query.text,
  );
  const ids = idsOf(ofDeliveries);
  const { rows } = await client.query<Row>(
    `SELECT e.id, e.key, e.source, e.format, e.type, e.time, e.received_at, e.state
     FROM (${ids} LIMIT ${most}) i CROSS JOIN LATERAL (SELECT * FROM dragoman.events WHERE id = i.id OFFSET 0) e
     WHERE ${where.sql} ORDER BY i.id DESC LIMIT ${query.limit + 1}`,
    where.values,
  );
  const shown = rows.slice(0, query.limit);
  return {
    items: await summariesOf(client, shown),
    next: rows.length > query.limit ? shown.at(-1)?.id : await lastLookedAt(client, { ids, from, before, most }),
  };
}

/** Ids in the order of the page: of all events, or of those with a delivery in a state that has an index. */
function idsOf(state: DeliveryState | undefined): string {
  if (state === undefined || state === 'delivered') {
    return 'SELECT id FROM dragoman.events WHERE id >= $1 AND id < $2 ORDER BY id DESC';
  }
  const partial = state === 'waiting' ? '' : 'AND state > 3';
  return `SELECT DISTINCT event AS id FROM dragoman.deliveries WHERE state = ${deliveryStateCode(state)} ${partial}
    AND event >= $1 AND event < $2 ORDER BY event DESC`;
}

/** Where the search has stopped early; undefined where it has seen everything. */
async function lastLookedAt(
  client: Client,
  {
    ids,
    from,
    before,
    most,
  }: { readonly ids: string; readonly from: string; readonly before: string; readonly most: number },
): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(`${ids} OFFSET ${most - 1} LIMIT 1`, [from, before]);
  return rows[0]?.id;
}

async function summariesOf(client: Client, rows: readonly Row[]): Promise<EventSummary[]> {
  const counts = new Map<string, Partial<Record<DeliveryState, number>>>();
  const found = await client.query<{ event: string; state: number; n: number }>(
    'SELECT event, state, count(*) AS n FROM dragoman.deliveries WHERE event = ANY($1::text[]) GROUP BY event, state ORDER BY state',
    [rows.map(({ id }) => id)],
  );
  for (const { event, state, n } of found.rows) {
    counts.set(event, { ...counts.get(event), [deliveryStateOf(state)]: n });
  }
  return rows.map(({ received_at: receivedAt, state, ...rest }) => ({
    ...rest,
    receivedAt,
    state: eventStateOf(state),
    deliveries: counts.get(rest.id) ?? {},
  }));
}

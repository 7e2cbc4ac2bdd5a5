/** A page of deliveries, newest first. */
import type { Client } from 'pg';
import type { Delivery } from '../../model/delivery.ts';
import { deliveryStateCode } from '../states.ts';
import type { DeliveryQuery, Page } from '../store.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryOf } from './columns.ts';
import { Conditions, type DeliveryCursor, deliveryCursorOf, idBounds, textOfCursor } from './pages.ts';

/** Deliveries looked at for one page. */
const MOST_ROWS = 100_000;

export async function listDeliveries(client: Client, query: DeliveryQuery): Promise<Page<Delivery>> {
  const { from, to } = idBounds(query);
  const cursor = deliveryCursorOf(query.before);
  const before = cursor.event > to ? { event: to, position: 0 } : cursor;
  const where = new Conditions();
  where.values.push(from, before.event, before.position);
  where.add('d.target = ?', query.target);
  where.add('d.rule = ?', query.rule);
  where.add('d.created_at >= ?', query.since);
  where.add('d.created_at < ?', query.until);
  const keys = keysOf(query.state);
  const { rows } = await client.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM (${keys} LIMIT ${MOST_ROWS}) i
     CROSS JOIN LATERAL (SELECT * FROM dragoman.deliveries WHERE event = i.event AND position = i.position OFFSET 0) d
     WHERE ${where.sql} ORDER BY i.event DESC, i.position DESC LIMIT ${query.limit + 1}`,
    where.values,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const next =
    rows.length > query.limit && last ? last : await lastLookedAt(client, keys, [from, before.event, before.position]);
  return { items: shown.map(deliveryOf), next: next && textOfCursor(next) };
}

function keysOf(state: DeliveryQuery['state']): string {
  const code = state === undefined ? undefined : deliveryStateCode(state);
  const wanted = code === undefined ? '' : `AND state = ${code}${code > 3 ? ' AND state > 3' : ''}`;
  return `SELECT event, position FROM dragoman.deliveries WHERE event >= $1 AND (event, position) < ($2, $3::int) ${wanted}
    ORDER BY event DESC, position DESC`;
}

async function lastLookedAt(client: Client, keys: string, values: unknown[]): Promise<DeliveryCursor | undefined> {
  const { rows } = await client.query<DeliveryCursor>(`${keys} OFFSET ${MOST_ROWS - 1} LIMIT 1`, values);
  return rows[0];
}

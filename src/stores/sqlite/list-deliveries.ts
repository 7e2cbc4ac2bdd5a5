/** A page of deliveries, newest first. */
import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../model/delivery.ts';
import type { DeliveryQuery, Page } from '../store.ts';
import { DELIVERY_COLUMNS, DELIVERY_TABLES, deliveryOf, type Row } from './columns.ts';
import { deliveryBounds, pageOf } from './pages.ts';
import { deliveryStateCode, WAITING } from './schema.ts';

/** Rows looked at for one page where no index leads to the next match: a third of a second at worst. */
const MOST_ROWS = 1_000_000;

export function listDeliveries(db: DatabaseSync, query: DeliveryQuery): Page<Delivery> {
  const bounds = deliveryBounds(db, query);
  const state = query.state === undefined ? undefined : deliveryStateCode(query.state);
  const isIndexed = state !== undefined && (state === WAITING || state > WAITING + 1);
  const from = isIndexed ? bounds.from : Math.max(bounds.from, bounds.to - MOST_ROWS);
  const where = ['seq >= ?', 'seq < ?'];
  const values: (string | number)[] = [from, bounds.to];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    where.push(condition);
    values.push(value);
  };
  // a partial index is only used where the query says its condition with a literal
  if (state !== undefined) where.push(`state = ${state}`, ...(state > WAITING + 1 ? ['state > 3'] : []));
  add('target = ?', query.target);
  add('rule = ?', query.rule);
  add('created_at >= ?', query.since);
  add('created_at < ?', query.until);
  const index =
    state === WAITING ? 'INDEXED BY deliveries_line' : isIndexed ? 'INDEXED BY deliveries_unhappy' : 'NOT INDEXED';
  const found = db
    .prepare(`SELECT seq FROM deliveries ${index} WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`)
    .all(...values, query.limit + 1)
    .map((row) => row.seq as number);
  const read = db.prepare(`SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERY_TABLES} WHERE d.seq = ?`, { returnArrays: true });
  return pageOf(found, {
    limit: query.limit,
    unseen: from > bounds.from ? from : undefined,
    read: (seq) => deliveryOf(read.get(seq) as unknown as Row),
  });
}

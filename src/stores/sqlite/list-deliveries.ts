/** A page of deliveries, newest first. */
import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../model/delivery.ts';
import type { DeliveryQuery, Page } from '../store.ts';
import { DELIVERY_COLUMNS, DELIVERY_TABLES, deliveryOf, type Row } from './columns.ts';
import { deliveryBounds, indexOf, pageOf } from './pages.ts';

/** Rows looked at for one page where no index leads to the next match: a third of a second at worst. */
const MOST_ROWS = 1_000_000;

export function listDeliveries(db: DatabaseSync, query: DeliveryQuery): Page<Delivery> {
  const bounds = deliveryBounds(db, query);
  const isIndexed = query.state !== undefined && query.state !== 'delivered';
  const from = isIndexed ? bounds.from : Math.max(bounds.from, bounds.to - MOST_ROWS);
  const where = [query.state === undefined ? 'NOT INDEXED WHERE 1' : indexOf(query.state), 'seq >= ?', 'seq < ?'];
  const values: (string | number)[] = [from, bounds.to];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    where.push(condition);
    values.push(value);
  };
  add('target = ?', query.target);
  add('rule = ?', query.rule);
  add('created_at >= ?', query.since);
  add('created_at < ?', query.until);
  const found = db
    .prepare(`SELECT seq FROM deliveries ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`)
    .all(...values, query.limit + 1)
    .map((row) => row.seq as number);
  const read = db.prepare(`SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERY_TABLES} WHERE d.seq = ?`, { returnArrays: true });
  return pageOf(found, {
    limit: query.limit,
    unseen: from > bounds.from ? from : undefined,
    read: (seq) => deliveryOf(read.get(seq) as unknown as Row),
  });
}

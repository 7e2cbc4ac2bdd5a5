/** Cursors and bounds of the ledger's pages. A cursor is the number of the last row that the page before has shown or passed. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../model/delivery.ts';
import { deliveryStateCode } from '../states.ts';
import type { Page } from '../store.ts';

interface Bounded {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly before?: string | undefined;
}

/** Numbers that a query can mean: `from` inclusive, `to` exclusive. */
export interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** The numbers of the events within the query's times, by the blocks of `keys`: some more at both ends. */
export function eventBounds(db: DatabaseSync, { since, until, before }: Bounded): Bounds {
  const newest = Number(db.prepare('SELECT max(seq) AS seq FROM events').get()?.seq ?? 0) + 1;
  const to = Math.min(newest, cursorOf(before));
  if (since === undefined && until === undefined) return { from: 0, to };
  const row = db
    .prepare('SELECT min(first) AS low, max(first + count) AS high FROM keys WHERE max_at >= ? AND min_at < ?')
    .get(since ?? 0, until ?? Number.MAX_SAFE_INTEGER);
  return { from: Number(row?.low ?? 0), to: Math.min(to, Number(row?.high ?? 0)) };
}

/** The same for deliveries. */
export function deliveryBounds(db: DatabaseSync, { before, ...times }: Bounded): Bounds {
  const events = eventBounds(db, times);
  return { from: firstDelivery(db, events.from), to: Math.min(firstDelivery(db, events.to), cursorOf(before)) };
}

/** The number of the first delivery of the first event that has this number or a higher one; past all deliveries where there is none. */
export function firstDelivery(db: DatabaseSync, event: number): number {
  const row = db.prepare('SELECT first_delivery FROM events WHERE seq >= ? ORDER BY seq LIMIT 1').get(event);
  if (row) return row.first_delivery as number;
  return Number(db.prepare('SELECT max(seq) AS last FROM deliveries').get()?.last ?? 0) + 1;
}

/** The index and the condition that find the deliveries of a state; SQLite uses a partial index only where its condition is said in literals. */
export function indexOf(state: DeliveryState): string {
  if (state === 'waiting') return 'INDEXED BY deliveries_line WHERE state = 2';
  if (state === 'delivered') return 'NOT INDEXED WHERE state = 3';
  return `INDEXED BY deliveries_unhappy WHERE state = ${deliveryStateCode(state)} AND state > 3`;
}

/** A page of the numbers found, of which there may be one more than `limit`; `unseen` is where the search has stopped early. */
export function pageOf<T>(
  found: readonly number[],
  {
    limit,
    unseen,
    read,
  }: { readonly limit: number; readonly unseen: number | undefined; readonly read: (seq: number) => T },
): Page<T> {
  const shown = found.slice(0, limit);
  const next = found.length > limit ? shown.at(-1) : unseen;
  return { items: shown.map(read), next: next === undefined ? undefined : String(next) };
}

function cursorOf(before: string | undefined): number {
  const cursor = Number(before ?? Number.MAX_SAFE_INTEGER);
  return Number.isSafeInteger(cursor) && cursor >= 0 ? cursor : 0;
}

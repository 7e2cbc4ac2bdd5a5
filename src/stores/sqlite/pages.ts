/** Cursors and bounds of the ledger's pages. A cursor is the number of the last row that the page before has shown or passed. */
import type { DatabaseSync } from 'node:sqlite';
import type { Page } from '../store.ts';

interface Bounded {
  readonly since?: number;
  readonly until?: number;
  readonly before?: string;
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
  const first = db.prepare('SELECT first_delivery AS seq FROM events WHERE seq >= ? ORDER BY seq LIMIT 1');
  const newest = Number(db.prepare('SELECT max(seq) AS seq FROM deliveries').get()?.seq ?? 0) + 1;
  return {
    from: Number(first.get(events.from)?.seq ?? 0),
    to: Math.min(Number(first.get(events.to)?.seq ?? newest), cursorOf(before)),
  };
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

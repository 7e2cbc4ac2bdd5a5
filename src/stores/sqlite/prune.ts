/** Retention: deletes finished events, oldest first, and gives their pages back to the file system. */
import type { DatabaseSync } from 'node:sqlite';
import { deliveryStateOf, eventStateOf } from '../states.ts';
import { count, eventCounter } from './counters.ts';
import type { Desk } from './desk.ts';
import { type KeyBlocks, oldestEvent } from './key-blocks.ts';
import { pragma } from './open-database.ts';

export interface PruneRequest {
  readonly before: number;
  readonly maxBytes: number;
  readonly limit: number;
}

/** How many events are read between two looks at the size. */
const STEP = 64;
/** Pages given back to the file system in one call. */
const PAGES = 2000;

export function preparePrune(
  db: DatabaseSync,
  keys: KeyBlocks,
): (desk: Desk, request: PruneRequest) => { readonly events: number; readonly more: boolean } {
  const next = db.prepare(
    `SELECT seq, received_at, state, first_delivery, delivery_count FROM events WHERE seq > ? ORDER BY seq LIMIT ${STEP}`,
  );
  const statesOf = db.prepare('SELECT state FROM deliveries WHERE seq >= ? AND seq < ?');
  const removeRecords = db.prepare('DELETE FROM records WHERE delivery >= ? AND delivery < ?');
  const removeDeliveries = db.prepare('DELETE FROM deliveries WHERE seq >= ? AND seq < ?');
  const removeEvent = db.prepare('DELETE FROM events WHERE seq = ?');
  const newest = db.prepare('SELECT received_at AS at FROM events ORDER BY seq DESC LIMIT 1');
  const lastOld = db.prepare(
    `SELECT seq FROM events WHERE seq < (SELECT max(first + count) FROM keys WHERE min_at < ?1) AND received_at < ?1
     ORDER BY seq DESC LIMIT 1`,
  );
  const pageBytes = pragma(db, 'page_size');
  /** Everything up to here was looked at by the calls before: what is left there was not finished. */
  let seen = 0;

  const remove = (desk: Desk, event: Record<string, unknown>): boolean => {
    const first = event.first_delivery as number;
    const end = first + (event.delivery_count as number);
    const states = statesOf.all(first, end).map((row) => deliveryStateOf(row.state as number));
    if (states.includes('waiting')) return false;
    removeRecords.run(first, end);
    removeDeliveries.run(first, end);
    removeEvent.run(event.seq as number);
    const { tally } = desk.group;
    count(tally, 'gone.accepted', 1);
    count(tally, `gone.${eventCounter(states, eventStateOf(event.state as number) === 'ignored')}`, 1);
    for (const state of states) count(tally, `gone.deliveries.${state}`, 1);
    return true;
  };

  /** The number of the last event before the time, where one that is not came while the clock was ahead, and stands in front of it; else 0. */
  const lastBehind = (before: number, young: number): number =>
    young > Number(newest.get()?.at) ? Number(lastOld.get(before)?.seq ?? 0) : 0;

  const usedBytes = () => (pragma(db, 'page_count') - pragma(db, 'freelist_count')) * pageBytes;

  return (desk, { before, maxBytes, limit }) => {
    let events = 0;
    let looked = 0;
    let isDone = false;
    let last: number | undefined;
    while (!isDone && looked < limit) {
      const isTooLarge = usedBytes() > maxBytes;
      const rows = next.all(seen);
      isDone = rows.length < STEP;
      for (const row of rows.slice(0, limit - looked)) {
        const receivedAt = row.received_at as number;
        const isYoung = !isTooLarge && receivedAt >= before;
        if (isYoung) {
          last ??= lastBehind(before, receivedAt);
          isDone = (row.seq as number) > last;
          if (isDone) break;
        }
        looked += 1;
        seen = row.seq as number;
        if (!isYoung && remove(desk, row)) events += 1;
      }
      if (looked >= limit && rows.length > 0) isDone = false;
    }
    if (isDone) seen = 0;
    if (events > 0) keys.prune(oldestEvent(db, desk));
    desk.group.writes += events;
    return { events, more: shrink(db, maxBytes / pageBytes) || !isDone };
  };
}

/** Gives free pages back, except for a few to be filled again. True where there are more of them. */
function shrink(db: DatabaseSync, maxPages: number): boolean {
  const pages = pragma(db, 'page_count');
  const free = pragma(db, 'freelist_count');
  const spare = Math.floor(pages / 10);
  const surplus = Math.max(free - spare, Math.min(free, Math.ceil(pages - maxPages)));
  if (surplus <= 0) return false;
  db.exec(`PRAGMA incremental_vacuum(${Math.min(surplus, PAGES)})`);
  return surplus > PAGES;
}

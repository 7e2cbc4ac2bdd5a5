/** Keeps the hashes of keys on disk in the order of arrival, so that the table of recent keys can be filled again at start. */
import type { DatabaseSync } from 'node:sqlite';
import type { Desk, Group } from './desk.ts';
import type { RecentKeys } from './recent-keys.ts';

/** So many rows of single commits are merged into one. */
const MERGE_AFTER = 256;
/** A row with this many hashes is left alone from then on. */
const FULL_BLOCK = 8192;

export interface KeyBlocks {
  /** The number of the last event that a block speaks of, 0 where there is none. */
  lastEvent(): number;
  /** Fills the table from the newest block to the oldest. */
  load(keys: RecentKeys): void;
  /** Writes the group's hashes as a block of its own, or merges it with the ones before. Called inside the group's transaction. */
  append(group: Group, lastEvent: number): void;
  /** Makes what was appended the state to go on from. Called after the commit. */
  committed(): void;
  /** Forgets the blocks of which no event is left. */
  prune(oldestEvent: number): void;
}

export function prepareKeyBlocks(db: DatabaseSync): KeyBlocks {
  const insert = db.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?)');
  const since = db.prepare('SELECT count(*) AS n, min(min_at) AS min, max(max_at) AS max FROM keys WHERE first >= ?');
  const hashesSince = db.prepare('SELECT hashes FROM keys WHERE first >= ? ORDER BY first');
  const removeSince = db.prepare('DELETE FROM keys WHERE first >= ?');
  const removeOld = db.prepare('DELETE FROM keys WHERE first + count <= ?');
  const last = db.prepare('SELECT first, count FROM keys ORDER BY first DESC LIMIT 1');
  const full = db.prepare('SELECT first, count FROM keys WHERE count >= ? ORDER BY first DESC LIMIT 1');

  const lastFull = full.get(FULL_BLOCK);
  /** The first event of the blocks that are still merged, and how many blocks these are. */
  let open = { since: lastFull ? Number(lastFull.first) + Number(lastFull.count) : 0, blocks: 0 };
  open.blocks = Number(since.get(open.since)?.n ?? 0);
  let afterCommit = open;

  const merge = (): void => {
    const bounds = since.get(open.since) as { min: number; max: number };
    const hashes = Buffer.concat(hashesSince.all(open.since).map((row) => row.hashes as Uint8Array));
    const end = last.get() as { first: number; count: number };
    const total = hashes.length / 4;
    const first = end.first + end.count - total;
    removeSince.run(open.since);
    insert.run(first, total, bounds.min, bounds.max, hashes);
    afterCommit = total >= FULL_BLOCK ? { since: first + total, blocks: 0 } : { since: first, blocks: 1 };
  };

  return {
    lastEvent() {
      const row = last.get();
      return row ? Number(row.first) + Number(row.count) - 1 : 0;
    },
    load(keys) {
      keys.reserve(Number(db.prepare('SELECT sum(count) AS n FROM keys').get()?.n ?? 0), () => 0);
      for (const row of db.prepare('SELECT first, count, hashes FROM keys ORDER BY first DESC').all()) {
        const bytes = row.hashes as Uint8Array;
        const hashes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        for (let i = (row.count as number) - 1; i >= 0; i--)
          keys.fill(hashes.getUint32(i * 4, true), Number(row.first) + i);
      }
    },
    append({ hashes, minAt, maxAt }, lastEvent) {
      if (hashes.length === 0) return;
      insert.run(
        lastEvent - hashes.length + 1,
        hashes.length,
        minAt,
        maxAt,
        Buffer.from(new Uint32Array(hashes).buffer),
      );
      afterCommit = { since: open.since, blocks: open.blocks + 1 };
      if (afterCommit.blocks >= MERGE_AFTER) merge();
    },
    committed() {
      open = afterCommit;
    },
    prune: (oldestEvent) => void removeOld.run(oldestEvent),
  };
}

/** The events that are still there start at this number; one past the last where there is none. */
export function oldestEvent(db: DatabaseSync, desk: Pick<Desk, 'last'>): number {
  return Number(db.prepare('SELECT min(seq) AS seq FROM events').get()?.seq ?? desk.last.event + 1);
}

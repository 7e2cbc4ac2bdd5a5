/** The one connection that writes: runs groups of operations, each group in one transaction, and comes back by itself after a failure. */
import type { DatabaseSync } from 'node:sqlite';
import { crashPoint } from '../../kit/crash-point.ts';
import { type Desk, emptyGroup } from './desk.ts';
import { oldestEvent, prepareKeyBlocks } from './key-blocks.ts';
import { openForWriting, sqliteCode } from './open-database.ts';
import { prepareOrder } from './order.ts';
import { movedAway, watchPlace } from './place.ts';
import { preparePlain } from './plain.ts';
import { createRecentKeys } from './recent-keys.ts';
import { prepareTally } from './replay.ts';
import { prepareSave } from './save.ts';
import { prepareSettle } from './settle.ts';
import { prepareMove } from './siblings.ts';
import { findStaleLeases } from './stale-leases.ts';
import { type Answer, type Failed, OPERATION, type ParcelReader } from './wire.ts';

export interface Writer {
  readonly isUsable: boolean;
  /** Runs all operations in one transaction. Returns their answers after the commit; throws where nothing was written. */
  run(parcels: readonly ParcelReader[]): { readonly answers: Answer[]; readonly writes: number };
  /** Does a bounded piece of what nobody waits for. True where there is more of it. */
  tidy(): boolean;
  close(): void;
}

/** A group is never larger. */
export const MOST_OPERATIONS = 4096;
/** After so many pages of write-ahead log they are moved into the database. */
const CHECKPOINT_PAGES = 4000;
/** How long that log is, is asked after so many commits, writes and pages of bodies: the question costs a tenth of a small commit. */
const LOOK_AFTER = 128;
const PAGE_BYTES = 4096;
const STALE_LEASES_AT_ONCE = 2000;
/** SQLite's code for a full disk: the transaction is rolled back, and everything else is as it was. */
const FULL = 13;
/** Codes that speak of the operation and not of the database: error, too big, constraint, mismatch, range. */
const OPERATIONS_FAULT = new Set([undefined, 1, 18, 19, 20, 25]);

/** Opens the file and prepares every statement. After a failure `isUsable` may be false: then it is to be closed and another one opened. */
export function openWriter(file: string): Writer {
  const db = openForWriting(file);
  const order = prepareOrder(db);
  const move = prepareMove(db);
  const blocks = prepareKeyBlocks(db);
  const save = prepareSave(db);
  const settle = prepareSettle(db, order, move);
  const plain = preparePlain(db, { order, move, blocks });
  const writeTally = prepareTally(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const walPages = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  const saveLog = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  const staleLeases = findStaleLeases(db);
  const desk: Desk = {
    keys: createRecentKeys(),
    last: {
      event: Math.max(blocks.lastEvent(), highest(db, 'events')),
      delivery: highest(db, 'deliveries'),
    },
    group: emptyGroup(),
  };
  const moved = watchPlace(file);
  let isMoved = false;
  let isLogSaved = false;
  let areKeysLoaded = false;
  let isSynced = true;
  let sinceLook = LOOK_AFTER;
  let isUsable = true;

  const perform = (parcel: ParcelReader): Answer => {
    const code = parcel.next();
    if (code === OPERATION.save) return save(desk, parcel);
    if (code === OPERATION.settle) return settle(desk, parcel);
    // whoever asks what is due must not be told of the end of a lease that nobody has
    if (staleLeases.left > 0) staleLeases.release(Number.POSITIVE_INFINITY);
    return plain(desk, parcel.plain());
  };

  /** Whether commits from now on end with an fsync, which is also one of every commit before. */
  const sync = (wanted: boolean): void => {
    if (wanted === isSynced) return;
    db.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`);
    isSynced = wanted;
  };

  /** Does `work` in a transaction; nothing of it is left, here or on the disk, where it throws. */
  const transact = <T>(mustLast: boolean, work: () => T): T => {
    const before = { ...desk.last };
    desk.group = emptyGroup();
    desk.keys.reserve(MOST_OPERATIONS, () => oldestEvent(db, desk));
    try {
      sync(mustLast);
      begin.run();
      const result = work();
      blocks.append(desk.group, desk.last.event);
      writeTally(desk.group.tally);
      crashPoint('before-commit');
      commit.run();
      crashPoint('after-commit', desk.group.hashes.length > 0); // of events, which have not been answered yet
      blocks.committed();
      staleLeases.end(true);
      return result;
    } catch (error) {
      staleLeases.end(false);
      desk.keys.undo(desk.group.hashes.length);
      Object.assign(desk.last, before);
      try {
        if (db.isTransaction) db.exec('ROLLBACK');
      } catch {
        isUsable = false;
      }
      const code = sqliteCode(error);
      if (code !== FULL && !OPERATIONS_FAULT.has(code)) isUsable = false;
      throw error;
    }
  };

  /** Throws where a file no longer stands under its name, once all that was committed is in the database and not in a log that may be gone. */
  const stayInPlace = (): void => {
    const name = moved();
    isMoved = name !== undefined;
    if (name === undefined) {
      isLogSaved = false;
      return;
    }
    if (!isLogSaved) isLogSaved = saveLog.get()?.busy === 0;
    throw movedAway(name);
  };

  return {
    get isUsable() {
      return isUsable;
    },
    run(parcels) {
      if (isMoved) stayInPlace();
      if (!areKeysLoaded) blocks.load(desk.keys);
      areKeysLoaded = true;
      /** Operations that cannot be done, by their place: the others are done without them. */
      const faulty = new Map<number, Failed>();
      const mustLast = parcels.some((parcel) => parcel.mustLast);
      for (;;) {
        let place = -1;
        try {
          const answers = transact(mustLast, () => {
            const done: Answer[] = [];
            for (const parcel of parcels) {
              parcel.rewind();
              for (let i = 0; i < parcel.operations; i++) {
                place += 1;
                const failed = faulty.get(place);
                if (failed) parcel.next();
                done.push(failed ?? perform(parcel));
              }
            }
            place = -1;
            return done;
          });
          if (mustLast) stayInPlace();
          const { writes } = desk.group;
          sinceLook += 1 + writes + parcels.reduce((sum, parcel) => sum + parcel.size, 0) / PAGE_BYTES;
          return { answers, writes };
        } catch (error) {
          if (place < 0 || !isUsable || !OPERATIONS_FAULT.has(sqliteCode(error))) throw error;
          faulty.set(place, { failed: (error as Error).message });
        }
      }
    },
    tidy() {
      if (staleLeases.left > 0) {
        transact(false, () => staleLeases.release(STALE_LEASES_AT_ONCE));
        sinceLook += STALE_LEASES_AT_ONCE;
      }
      if (sinceLook >= LOOK_AFTER) {
        sinceLook = 0;
        if (Number(walPages.get()?.log) >= CHECKPOINT_PAGES) checkpoint.get();
      }
      return staleLeases.left > 0;
    },
    close: () => db.close(),
  };
}

function highest(db: DatabaseSync, table: 'events' | 'deliveries'): number {
  return Number(db.prepare(`SELECT max(seq) AS seq FROM ${table}`).get()?.seq ?? 0);
}

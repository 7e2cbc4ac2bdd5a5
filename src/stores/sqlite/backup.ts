/** Copies a database as it is at one moment, beside a relay that goes on writing, and looks whether the copy is whole. */
import { chmodSync, closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { type Balance, StoreRefused } from '../store.ts';
import { readBalance } from './counters.ts';
import { corrupt, flush, openBeside, pragma } from './open-database.ts';

export interface BackupOptions {
  readonly file: string;
  /** Must not exist yet. While it is being written it has `.partial` behind its name. */
  readonly to: string;
  /** After each step, in bytes. */
  readonly progress?: (copied: number, all: number) => void;
}

export interface Backup {
  readonly bytes: number;
  /** The ledger's sums in the copy. */
  readonly balance: Balance;
}

const PAGES_IN_A_STEP = 2048;

/**
 * Resolves once the copy is on the disk under its name: one file that needs no other. Rejects with a StoreRefused (BACKUP_EXISTS, BACKUP_FAILED, or
 * what opening the store refuses), and leaves nothing behind then.
 */
export async function backUp({ file, to, progress = () => undefined }: BackupOptions): Promise<Backup> {
  if (existsSync(to)) throw new StoreRefused('BACKUP_EXISTS', `${to} is there already`, 'another name');
  const partial = `${to}.partial`;
  try {
    await copy(file, partial, progress);
    const balance = checkCopy(file, partial);
    chmodSync(partial, statSync(file).mode);
    flush(partial);
    renameSync(partial, to);
    flush(dirname(to));
    return { bytes: statSync(to).size, balance };
  } catch (error) {
    for (const left of ['', '-journal', '-wal', '-shm']) rmSync(`${partial}${left}`, { force: true });
    if (error instanceof StoreRefused) throw error;
    throw new StoreRefused(
      'BACKUP_FAILED',
      `${to} cannot be written: ${(error as Error).message}`,
      'see that the folder exists, may be written by this user and has room',
    );
  }
}

async function copy(file: string, partial: string, progress: (copied: number, all: number) => void): Promise<void> {
  rmSync(partial, { force: true });
  closeSync(openSync(partial, 'wx', 0o600)); // nobody reads along while it grows
  const db = openBeside(file, 'read');
  try {
    // outside a transaction each write of the relay would make the copy begin anew
    db.exec('BEGIN');
    const pageBytes = pragma(db, 'page_size');
    readBalance(db);
    await backup(db, partial, {
      rate: PAGES_IN_A_STEP,
      progress: ({ totalPages, remainingPages }) =>
        progress((totalPages - remainingPages) * pageBytes, totalPages * pageBytes),
    });
  } finally {
    db.close();
  }
}

function checkCopy(file: string, partial: string): Balance {
  const db = new DatabaseSync(partial);
  try {
    db.exec('PRAGMA journal_mode = DELETE'); // nothing of it stands in another file
    const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (found !== 'ok') throw corrupt(file, String(found));
    return readBalance(db);
  } finally {
    db.close();
  }
}

/** Opens the database file, or says why it must not be opened: the first thing that happens to a SQLite store. */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreRefused } from '../store.ts';
import { COUNTERS } from './counters.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

/** Waits this long for a command that writes beside the relay. */
const BUSY_TIMEOUT_MS = 5000;
/** A write-ahead log that one large transaction has made larger is cut to this when it starts anew. */
const LARGEST_LOG_BYTES = 64 * 2 ** 20;

/** Opens the file for writing; makes it and its folder where they are missing, and brings an older schema up to date. */
export function openForWriting(file: string): DatabaseSync {
  prepareFile(file);
  return guarded(file, () => {
    const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      checkSchema(db, file);
      // Only a database without tables takes these two; both hold for good.
      db.exec('PRAGMA auto_vacuum = INCREMENTAL');
      db.exec('PRAGMA journal_mode = WAL');
      db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY');
      db.exec(`PRAGMA journal_size_limit = ${LARGEST_LOG_BYTES}`);
      migrate(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Makes the folder and the file where they are missing. Payloads and what was sent may hold
 * secrets, so a new file is for its own user; SQLite gives its log the same rights.
 */
export function prepareFile(file: string): void {
  makeFolder(file);
  if (!checkFile(file, true)) guarded(file, () => closeSync(openSync(file, 'a', 0o600)));
}

/** Opens the file beside a relay that may be running: it must be there, and of this program's schema. */
export function openBeside(file: string, access: 'read' | 'write'): DatabaseSync {
  if (!checkFile(file, false)) {
    throw new StoreRefused(
      'STORE_MISSING',
      `there is no database at ${file}`,
      'start the relay once: it makes the file',
    );
  }
  return guarded(file, () => {
    const db = new DatabaseSync(file, { readOnly: access === 'read', timeout: BUSY_TIMEOUT_MS });
    try {
      checkSchema(db, file);
      db.exec('PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Takes the lock of a relay on the file. It is a lock of the operating system, on a file of its own: it ends with the process,
 * however that ends, and readers of the database never meet it.
 */
export function lockForRelay(file: string): DatabaseSync {
  const lock = guarded(file, () => new DatabaseSync(`${file}-lock`));
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (sqliteCode(error) !== BUSY) throw refusal(file, error);
    throw new StoreRefused(
      'STORE_IN_USE',
      `another process has ${file} open`,
      'stop the other relay first, or give this one a file of its own under "store:"',
    );
  }
}

const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code of an error, undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function makeFolder(file: string): void {
  try {
    const first = mkdirSync(dirname(file), { recursive: true });
    if (first === undefined) return;
    // the entries of new folders must outlive a power failure too; SQLite does this for the last one only
    for (let folder = dirname(dirname(file)); folder.length >= dirname(first).length; folder = dirname(folder)) {
      flush(folder);
      if (folder === dirname(folder)) return;
    }
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** Waits until a file, or the entries of a folder, are on the disk. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * True where there is a file; an empty one is a new database. What is in it only SQLite may look at: to close a second handle on the file
 * ends the locks of this process, and a command that then leaves takes the log of the running relay for one that nobody needs.
 */
function checkFile(file: string, mayCreate: boolean): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return false;
  if (!found.isFile()) {
    throw new StoreRefused(
      'STORE_NOT_A_FILE',
      `${file} is not a file`,
      'name a file under "store:", such as sqlite:data/dragoman.db',
    );
  }
  return found.size > 0 || mayCreate;
}

/** Reads the schema, which touches the header and the first pages, and compares it with what this program knows. */
function checkSchema(db: DatabaseSync, file: string): void {
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n as number;
  const owner = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  if (tables > 0 && owner !== APPLICATION_ID) {
    throw new StoreRefused(
      'STORE_FOREIGN',
      `${file} is a database of another program`,
      'name another file under "store:"',
    );
  }
  if (version > MIGRATIONS.length) {
    throw new StoreRefused(
      'STORE_NEWER',
      `${file} was written by a newer Dragoman (schema ${version}, this one knows ${MIGRATIONS.length})`,
      'run the newer version, or restore the backup from before the upgrade',
    );
  }
  if (version > 0) {
    for (const table of ['events', 'deliveries', 'records', 'keys']) db.prepare(`SELECT * FROM ${table} LIMIT 1`).get();
    const counters = db.prepare('SELECT count(*) AS n FROM counters').get()?.n as number;
    if (counters === 0) throw corrupt(file, 'its counters are gone');
  }
}

function migrate(db: DatabaseSync): void {
  const version = pragma(db, 'user_version');
  if (version === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  for (const step of MIGRATIONS.slice(version)) db.exec(step);
  const counter = db.prepare('INSERT OR IGNORE INTO counters (name, value) VALUES (?, 0)');
  for (const name of COUNTERS) counter.run(name);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
  db.exec('COMMIT');
}

export function pragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}

function guarded<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw refusal(file, error);
  }
}

function refusal(file: string, error: unknown): unknown {
  if (error instanceof StoreRefused) return error;
  return damage(file, error) ?? notWritable(file, error);
}

/** What is wrong with the file, where an error of SQLite speaks of that. */
export function damage(file: string, error: unknown): StoreRefused | undefined {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE ? corrupt(file, (error as Error).message) : undefined;
}

export function corrupt(file: string, why: string): StoreRefused {
  return new StoreRefused(
    'STORE_CORRUPT',
    `${file} is damaged: ${why}`,
    'restore it from a backup, or move it (with its -wal file) aside to start an empty one; nothing has been changed',
  );
}

function notWritable(file: string, error: unknown): StoreRefused {
  return new StoreRefused(
    'STORE_NOT_WRITABLE',
    `${file} cannot be opened: ${(error as Error).message}`,
    'see that the folder exists, may be written by this user and has room',
  );
}

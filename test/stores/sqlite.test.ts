/** The embedded store passes the suite that every store passes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { type OpenedStore, storeConformance } from './conformance.ts';

storeConformance('SQLite', { leasesEndWithProcess: true, open: openInFolder });

async function openInFolder(): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-store-'));
  const clock = new ManualClock();
  const open = () => openSqliteStore({ file: join(folder, 'relay.db'), clock });
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
      await rm(folder, { recursive: true });
    },
  };
}

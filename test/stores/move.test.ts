/** Moving from one file to a database: nothing is missing there, and nobody uses either meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { moveStore } from '../../src/stores/move.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import type { Store } from '../../src/stores/store.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { arrival, attempt, claimOf, DEAD, DELIVERED, DROPPED, REQUESTS, retryAt, settlement } from './arrivals.ts';
import { expectAgreement } from './ledger-model.ts';
import { type Server, startPostgres } from './start-postgres.ts';

const T = Date.UTC(2026, 0, 1);
let server: Server;
let folder: string;
let file: string;
let url: string;
const clock = new ManualClock();

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-move-'));
  file = join(folder, 'relay.db');
  url = await server.createDatabase();
});
afterEach(() => rm(folder, { recursive: true }));

const openFile = () => openSqliteStore({ file, clock });
const openDatabase = () => openPostgresStore({ url, pool: 4, clock });

/** Deliveries in every state, several to an event, in order, replayed, translated anew; events gone; shared state. */
async function fill(): Promise<void> {
  await using store = await openFile();
  const { inbox, queue, ledger, shared } = store;
  for (let i = 0; i < 5; i++) await inbox.save(arrival({ state: 'unmatched', receivedAt: T - 1000 }));
  await ledger.prune({ before: T, maxBytes: Number.MAX_SAFE_INTEGER, limit: 3 });
  await inbox.save(arrival({ state: 'ignored', type: 'odd', body: new Uint8Array([0, 255, 13, 10]) }));
  for (let i = 0; i < 6; i++) await inbox.save(arrival({ key: `key ${i}`, to: [{}, { target: 'office' }] }));
  for (let i = 0; i < 300; i++) await inbox.save(arrival({ to: [{ target: 'line', orderKey: `room ${i % 3}` }] }));
  await inbox.save(arrival({ to: [{ dead: DEAD.reason }] }));
  const leased = await queue.claim(claimOf('shop', T));
  const results = [DELIVERED, DEAD, DROPPED, retryAt(T + 600_000), DEAD];
  const attempts = [attempt(1, { response: null, error: { code: 'TIMEOUT', message: 'no answer' } }), attempt(2)];
  await queue.settle(
    results.map((result, i) => settlement(leased[i] as (typeof leased)[0], result, { attempts, requests: REQUESTS })),
  );
  await ledger.replay({ ids: [leased[4]?.delivery.id ?? ''], retranslate: true, now: T + 60_000 });
  await shared.put('target/shop', 'paused', 0);
  await shared.put('target/shop', 'going', 1);
  await shared.put('subscriber/é', '{"url":"https://x.example.com"}', 0);
}

async function everything({ ledger, shared }: Store) {
  const events: unknown[] = [];
  for (let before: string | undefined; ; ) {
    const page = await ledger.events({ limit: 100, ...(before === undefined ? {} : { before }) });
    for (const summary of page.items) {
      const deliveries = await ledger.deliveriesOf(summary.id);
      const attempts = await Promise.all(deliveries.map(({ id }) => ledger.attempts(id)));
      events.push({ summary, event: await ledger.event(summary.id), deliveries, attempts });
    }
    if (page.next === undefined) break;
    before = page.next;
  }
  return { events, shared: await shared.list(''), balance: await ledger.balance(), backlog: await ledger.backlog() };
}

describe('moving to PostgreSQL', () => {
  it('carries every event, delivery, attempt, key, sum and shared value', async () => {
    await fill();
    await moveStore({ file, url, clock });
    const before = await (async () => {
      await using store = await openFile();
      return await everything(store);
    })();
    await using store = await openDatabase();
    expect(await everything(store)).toEqual(before);
    expect(before.events).toHaveLength(310);
    expect((await expectAgreement(store)).pruned).toBe(3);
    expect(await store.inbox.save(arrival({ key: 'key 3' }))).toMatchObject({ kind: 'duplicate' });
  });

  it('goes on with what waits, in the order of arrival, before what comes after the move', async () => {
    await fill();
    await moveStore({ file, url, clock });
    await using store = await openDatabase();
    await store.inbox.save(arrival({ to: [{ target: 'line', orderKey: 'room 0' }] }));
    const order: string[] = [];
    for (let round = 0; round < 101; round++) {
      const leased = await store.queue.claim(claimOf('line', T, { ordered: true }));
      order.push(...leased.filter(({ delivery }) => delivery.orderKey === 'room 0').map(({ event }) => event.id));
      await store.queue.settle(leased.map((one) => settlement(one, DELIVERED)));
    }
    expect(order).toHaveLength(101);
    expect(order).toEqual(order.toSorted());
    expect(await store.queue.claim(claimOf('shop', T + 30_000, { leaseUntil: T + 700_000 }))).toHaveLength(1);
    expect(await store.queue.claim(claimOf('shop', T + 600_000))).toHaveLength(2);
    await expectAgreement(store);
  });

  it('goes on where it was interrupted, and lets no relay in before it is through', async () => {
    await fill();
    const steps: number[] = [];
    const interrupt = (moved: number): void => {
      steps.push(moved);
      throw new Error('the machine went away');
    };
    await expect(moveStore({ file, url, clock, progress: interrupt })).rejects.toThrow('the machine went away');
    await expect(openDatabase()).rejects.toMatchObject({ code: 'STORE_MOVING' });
    await moveStore({ file, url, clock, progress: (moved) => steps.push(moved) });
    expect(steps).toEqual([250, 310]);
    await using store = await openDatabase();
    await expectAgreement(store);
  });

  it('does not go on with a file that has changed since', async () => {
    await fill();
    const interrupt = (): void => {
      throw new Error('the machine went away');
    };
    await expect(moveStore({ file, url, clock, progress: interrupt })).rejects.toThrow();
    const relay = await openFile();
    await relay.inbox.save(arrival());
    await relay[Symbol.asyncDispose]();
    await expect(moveStore({ file, url, clock })).rejects.toMatchObject({ code: 'STORE_SOURCE_CHANGED' });
  });

  it('refuses a file that a relay has open, and a database that is not empty', async () => {
    await fill();
    const relay = await openFile();
    await expect(moveStore({ file, url, clock })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    await relay[Symbol.asyncDispose]();
    const other = await openDatabase();
    await other.inbox.save(arrival());
    await other[Symbol.asyncDispose]();
    await expect(moveStore({ file, url, clock })).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
  });
});

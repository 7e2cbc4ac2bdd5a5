/** Clocks that are wrong, of a relay or of a command beside it: what is old and what is due, PostgreSQL's own clock says. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTargetStates } from '../../src/deliver/target-state.ts';
import { type Clock, systemClock } from '../../src/kit/clock.ts';
import { createEventIds } from '../../src/kit/ids.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import type { Store } from '../../src/stores/store.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { arrival, claimOf, DELIVERED, retryAt, settlement, type Wish } from './arrivals.ts';
import { expectAgreement } from './ledger-model.ts';
import { type Server, startPostgres } from './start-postgres.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const REASON = { code: 'TARGET_GONE', message: 'the target is not configured any more' };
let server: Server;
const stores: Store[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]();
});
afterAll(() => server.stop());

async function open(url: string, more: { readonly aheadMs?: number; readonly readonly?: true } = {}): Promise<Store> {
  const { aheadMs, ...options } = more;
  const clock = aheadMs === undefined ? systemClock : new ManualClock(Date.now() + aheadMs);
  const store = await openPostgresStore({ url, pool: 5, clock, ...options });
  stores.push(store);
  return store;
}

async function pruneAll({ ledger }: Store, before: number): Promise<number> {
  for (let events = 0; ; ) {
    const done = await ledger.prune({ before, maxBytes: NO_LIMIT, limit: 50 });
    events += done.events;
    if (!done.more) return events;
  }
}

describe('retention', () => {
  it('deletes what is old also where its relay had been ahead, and gave it an id of then', async () => {
    const store = await open(await server.createDatabase());
    const save = (wish: Wish) => store.inbox.save(arrival({ state: 'unmatched', ...wish }));
    const now = Date.now();
    const old = now - 40 * DAY;
    let at = old;
    const [jumping, steady] = [createEventIds(() => at), createEventIds(() => at)];
    const steadily = (): Promise<unknown> => save({ id: steady(), receivedAt: at });
    await steadily();
    at = old + 3650 * DAY;
    for (let i = 0; i < 100; i++) await save({ id: jumping(), receivedAt: at });
    at = old + HOUR;
    for (let i = 0; i < 200; i++) await save({ id: jumping(), receivedAt: at });
    await steadily();
    at = now - DAY;
    await steadily();
    await save({ id: jumping(), receivedAt: at });
    expect(await pruneAll(store, now - 30 * DAY)).toBe(202);
    expect(await pruneAll(store, now - 30 * DAY)).toBe(0);
    expect(await pruneAll(store, now)).toBe(2);
    expect(await expectAgreement(store)).toMatchObject({ accepted: 304, pruned: 204 });
  });

  it('deletes and ends nothing that is young where the relay that looks is ahead', async () => {
    const store = await open(await server.createDatabase(), { aheadMs: 40 * DAY });
    const receivedAt = Date.now();
    await store.inbox.save(arrival({ state: 'unmatched', receivedAt }));
    await store.inbox.save(arrival({ receivedAt, to: [{ target: 'gone' }] }));
    const now = receivedAt + 40 * DAY;
    const before = now - 30 * DAY;
    expect(await pruneAll(store, before)).toBe(0);
    const request = { target: 'gone', before, now, reason: REASON, limit: 10 };
    expect(await store.ledger.expire(request)).toEqual({ expired: 0, more: false });
    expect(await expectAgreement(store)).toMatchObject({ pruned: 0, events: { waiting: 1 } });
  });
});

describe('a pause that a target asked for', () => {
  it('ends when it is over also on a relay that is an hour behind', async () => {
    const url = await server.createDatabase();
    const statesOf = ({ shared, fleet }: Store, clock: Clock) =>
      createTargetStates({ shared, clock, offsetMs: fleet.offsetMs });
    const behind = new ManualClock(Date.now() - HOUR);
    const right = statesOf(await open(url), systemClock);
    const wrong = statesOf(await open(url, { aheadMs: -HOUR }), behind);
    await right.change('t', (state) => ({ ...state, pausedUntil: Date.now() + 60_000 }));
    await wrong.refresh();
    const leftMs = wrong.of('t').pauseEnds - behind.monotonic();
    expect(leftMs).toBeGreaterThan(50_000);
    expect(leftMs).toBeLessThan(70_000);
  });
});

describe('a command on a machine whose clock is ahead', () => {
  it('makes due at once what it replays and hastens', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    const now = Date.now();
    const save = () => store.inbox.save(arrival({ receivedAt: now - HOUR }));
    const claimed = () => store.queue.claim(claimOf('shop', Date.now()));
    await save();
    await save();
    const [first, second] = await claimed();
    if (!first || !second) throw new Error('not claimed');
    await store.queue.settle([settlement(first, DELIVERED), settlement(second, retryAt(now + DAY))]);
    expect(await claimed()).toEqual([]);

    const beside = await open(url, { aheadMs: HOUR, readonly: true });
    const itsNow = now + HOUR;
    await beside.ledger.replay({ ids: [first.delivery.id], retranslate: false, now: itsNow });
    expect((await claimed()).map(({ delivery }) => delivery.id)).toEqual([first.delivery.id]);
    await beside.queue.hasten({ target: 'shop', now: itsNow, limit: 10 });
    expect((await claimed()).map(({ delivery }) => delivery.id)).toEqual([second.delivery.id]);
  });
});

/** What retention promises. */
import { describe, expect, it } from 'vitest';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import { arrival, attempt, claimOf, DEAD, DELIVERED, REQUESTS, settlement, type Wish } from './arrivals.ts';
import type { Bench } from './conformance.ts';
import { expectAgreement } from './ledger-model.ts';

const T = Date.UTC(2026, 0, 1);
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const REASON = { code: 'TARGET_GONE', message: 'the target is not configured any more' };

export function retentionConformance(bench: Bench): void {
  const save = async (wish?: Wish) => {
    const one = arrival(wish);
    await bench.store.inbox.save(one);
    return one;
  };
  const deliver = async (now = T): Promise<LeasedDelivery[]> => {
    const leased = await bench.store.queue.claim(claimOf('shop', now, { limit: 5000, concurrency: 1e6 }));
    const with1 = { attempts: [attempt(1)], requests: REQUESTS };
    await bench.store.queue.settle(leased.map((one) => settlement(one, DELIVERED, with1)));
    return [...leased];
  };
  const pruneAll = async (before: number, maxBytes = NO_LIMIT): Promise<number> => {
    let events = 0;
    for (let round = 0; round < 1000; round++) {
      const done = await bench.store.ledger.prune({ before, maxBytes, limit: 100 });
      events += done.events;
      if (!done.more) return events;
    }
    throw new Error('prune never ends');
  };

  describe('pruning', () => {
    it('deletes finished events before the time, with all that is theirs, and keeps the sums', async () => {
      const old = await save({ receivedAt: T, key: 'old' });
      await save({ state: 'unmatched', receivedAt: T });
      await save({ state: 'ignored', receivedAt: T });
      await save({ receivedAt: T, to: [{ dead: DEAD.reason }] });
      const kept = await save({ receivedAt: T + 100 });
      const [gone] = await deliver(T + 100);
      const before = await expectAgreement(bench.store);
      expect(await pruneAll(T + 100)).toBe(4);
      expect(await expectAgreement(bench.store)).toEqual({ ...before, pruned: 4 });
      const { ledger, inbox } = bench.store;
      expect(await ledger.event(old.event.id)).toBeUndefined();
      expect(await ledger.delivery(gone?.delivery.id ?? '')).toBeUndefined();
      expect(await ledger.attempts(gone?.delivery.id ?? '')).toEqual([]);
      expect(await ledger.event(kept.event.id)).toBeDefined();
      expect((await ledger.events({ limit: 10 })).items).toHaveLength(1);
      expect((await inbox.save(arrival({ key: 'old' }))).kind).toBe('saved');
    });

    it('never touches an event that is not finished', async () => {
      const waiting = await save({ to: [{}, { target: 'office' }] });
      await save({ hold: [1] });
      await deliver(T);
      expect(await pruneAll(T + 1e9, 1)).toBe(0);
      expect(await bench.store.ledger.deliveriesOf(waiting.event.id)).toHaveLength(2);
      expect(await bench.store.inbox.save(arrival({ key: waiting.event.key }))).toMatchObject({ kind: 'duplicate' });
      await expectAgreement(bench.store);
    });

    it('goes past unfinished events to the finished ones behind them', async () => {
      for (let i = 0; i < 150; i++) await save({ to: [{ target: 'office' }] });
      for (let i = 0; i < 30; i++) await save();
      await deliver();
      expect(await pruneAll(T + 1)).toBe(30);
      expect(await pruneAll(T + 1)).toBe(0);
    });

    it('deletes at most as many as it is allowed to, oldest first', async () => {
      const saved = [];
      for (let i = 0; i < 5; i++) saved.push(await save({ state: 'unmatched' }));
      expect(await bench.store.ledger.prune({ before: T + 1, maxBytes: NO_LIMIT, limit: 2 })).toEqual({
        ...{ events: 2, more: true },
      });
      const left = (await bench.store.ledger.events({ limit: 10 })).items.map((one) => one.id);
      expect(left).toEqual(
        saved
          .slice(2)
          .reverse()
          .map((one) => one.event.id),
      );
    });

    it('deletes the oldest finished events past the size', async () => {
      const body = new Uint8Array(20_000).map((_, index) => (index * 7919) % 251);
      const saved = await Promise.all(Array.from({ length: 300 }, () => save({ body })));
      await deliver();
      const pruned = await pruneAll(0, 3_000_000);
      expect(pruned).toBeGreaterThan(100);
      expect(pruned).toBeLessThan(300);
      expect(await bench.store.ledger.event(saved[0]?.event.id ?? '')).toBeUndefined();
      expect(await bench.store.ledger.event(saved[299]?.event.id ?? '')).toBeDefined();
      await expectAgreement(bench.store);
    });

    it('goes on saving and telling repeats after everything was deleted and the store was opened anew', async () => {
      for (let i = 0; i < 10; i++) await save({ state: 'unmatched' });
      expect(await pruneAll(T + 1)).toBe(10);
      const store = await bench.opened.reopen();
      const one = arrival({ key: 'again' });
      expect((await store.inbox.save(one)).kind).toBe('saved');
      const last = await bench.opened.reopen();
      expect(await last.inbox.save(arrival({ key: 'again' }))).toEqual({ kind: 'duplicate', id: one.event.id });
      expect(await expectAgreement(last)).toMatchObject({ accepted: 11, pruned: 10 });
    });
  });

  describe('expiring', () => {
    it('ends what waits for one target since before a time, and nothing that is leased', async () => {
      const gone = await save({ to: [{ target: 'gone' }] });
      const young = await save({ to: [{ target: 'gone' }], receivedAt: T + 50 });
      const held = await save({ to: [{ target: 'gone' }], hold: [1] });
      const other = await save();
      const request = { target: 'gone', before: T + 50, now: T + 60, reason: REASON, limit: 10 };
      expect(await bench.store.ledger.expire(request)).toEqual({ expired: 1, more: false });
      const stateOf = async (one: typeof gone) => (await bench.store.ledger.deliveriesOf(one.event.id))[0];
      expect(await stateOf(gone)).toMatchObject({ state: 'expired', reason: REASON, finishedAt: T + 60 });
      for (const one of [young, held, other]) expect(await stateOf(one)).toMatchObject({ state: 'waiting' });
      expect(await expectAgreement(bench.store)).toMatchObject({ events: { expired: 1, waiting: 3 } });
      expect(await pruneAll(T + 50)).toBe(1);
      expect(await expectAgreement(bench.store)).toMatchObject({ events: { expired: 1, waiting: 3 }, pruned: 1 });
    });

    it('works in steps, and lets a delivery be replayed afterwards', async () => {
      for (let i = 0; i < 5; i++) await save({ to: [{ target: 'gone', orderKey: 'a' }] });
      const request = { target: 'gone', before: T + 1, now: T + 60, reason: REASON, limit: 2 };
      expect(await bench.store.ledger.expire(request)).toEqual({ expired: 2, more: true });
      expect((await bench.store.queue.claim(claimOf('gone', T, { ordered: true }))).length).toBe(1);
      const page = await bench.store.ledger.deliveries({ state: 'expired', limit: 10 });
      const ids = page.items.map((one) => one.id);
      expect(await bench.store.ledger.replay({ ids, retranslate: false, now: T })).toEqual({
        replayed: 2,
        hastened: 0,
      });
      await expectAgreement(bench.store);
    });
  });
}

/** What claiming and settling promise. */
import { describe, expect, it } from 'vitest';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import {
  arrival,
  attempt,
  CONTINUED,
  claimOf,
  DEAD,
  DELIVERED,
  DROPPED,
  RELEASED,
  REQUESTS,
  retryAt,
  settlement,
  type Wish,
} from './arrivals.ts';
import type { Bench } from './conformance.ts';
import { expectAgreement } from './ledger-model.ts';

const T = Date.UTC(2026, 0, 1);

export function queueConformance(bench: Bench, leasesEndWithProcess: boolean): void {
  const save = (wish?: Wish) => bench.store.inbox.save(arrival(wish));
  const claimOne = async (now = T): Promise<LeasedDelivery> => {
    const [leased] = await bench.store.queue.claim(claimOf('shop', now, { limit: 1 }));
    if (!leased) throw new Error('nothing to claim');
    return leased;
  };
  const read = async ({ delivery }: LeasedDelivery) => bench.store.ledger.delivery(delivery.id);

  describe('hastening', () => {
    it('makes what waits for a later try due now, and leaves other targets, leases and what is finished alone', async () => {
      for (let i = 0; i < 5; i++) await save();
      await save({ to: [{ target: 'office' }] });
      const leased = await bench.store.queue.claim(claimOf('shop', T, { limit: 5 }));
      const [office] = await bench.store.queue.claim(claimOf('office', T));
      const [one, two, three, dead] = leased as [LeasedDelivery, LeasedDelivery, LeasedDelivery, LeasedDelivery];
      await bench.store.queue.settle([
        settlement(one, retryAt(T + 9_000_000)),
        settlement(two, retryAt(T + 5_000_000), { round: 4 }),
        settlement(three, retryAt(T + 7_000_000)),
        settlement(dead, DEAD),
        settlement(office as LeasedDelivery, retryAt(T + 1000)),
      ]);
      const hasten = (limit: number) => bench.store.queue.hasten({ target: 'shop', now: T + 10, limit });
      expect(await hasten(2)).toEqual({ hastened: 2, more: true });
      expect(await read(one)).toMatchObject({ dueAt: T + 9_000_000 });
      expect(await read(two)).toMatchObject({ dueAt: T + 10, round: 4, reason: { code: 'TIMEOUT' } });
      expect(await hasten(2)).toEqual({ hastened: 1, more: false });
      expect(await hasten(2)).toEqual({ hastened: 0, more: false });
      expect(await bench.store.queue.claim(claimOf('shop', T + 9))).toEqual([]);
      expect(await bench.store.queue.claim(claimOf('shop', T + 10))).toHaveLength(3);
      expect(await bench.store.queue.claim(claimOf('office', T + 10))).toEqual([]);
      await expectAgreement(bench.store);
    });

    it('does not let a delivery pass the one before it', async () => {
      const arrivals = [1, 2].map(() => arrival({ to: [{ orderKey: 'a' }] }));
      for (const each of arrivals) await bench.store.inbox.save(each);
      const [first] = await bench.store.queue.claim(claimOf('shop', T, { ordered: true }));
      await bench.store.queue.settle([settlement(first as LeasedDelivery, retryAt(T + 5_000_000))]);
      await bench.store.queue.hasten({ target: 'shop', now: T + 1, limit: 10 });
      const claimed = await bench.store.queue.claim(claimOf('shop', T + 1, { ordered: true }));
      expect(claimed.map((each) => each.delivery.id)).toEqual([first?.delivery.id]);
    });
  });

  describe('claiming', () => {
    it('gives out what is due with its event, oldest first, up to the limit', async () => {
      const arrivals = [30, 10, 20].map((late) => arrival({ receivedAt: T + late }));
      for (const one of arrivals) await bench.store.inbox.save(one);
      const claimed = await bench.store.queue.claim(claimOf('shop', T + 50, { limit: 2 }));
      expect(claimed.map((one) => one.delivery.createdAt - T)).toEqual([10, 20]);
      expect(claimed[0]?.event).toEqual({
        ...arrivals[1]?.event,
        request: { ...arrivals[1]?.event.request, body: claimed[0]?.event.request.body },
      });
      expect(Buffer.from(claimed[0]?.event.request.body ?? '').toString()).toBe('{"n":1}');
      expect(claimed[0]?.lease.until).toBe(T + 50 + 30_000);
      expect(claimed[0]?.delivery).toEqual(await bench.store.ledger.delivery(claimed[0]?.delivery.id ?? ''));
    });

    it('gives out nothing twice, nothing of another target, and nothing before its time', async () => {
      await save();
      await save({ to: [{ target: 'office' }] });
      await save({ receivedAt: T + 1000 });
      expect(await bench.store.queue.claim(claimOf('shop', T))).toHaveLength(1);
      expect(await bench.store.queue.claim(claimOf('shop', T + 999))).toEqual([]);
      expect(await bench.store.queue.claim(claimOf('shop', T + 1000))).toHaveLength(1);
    });

    it('gives a delivery to one of many that ask at once', async () => {
      for (let i = 0; i < 10; i++) await save();
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => bench.store.queue.claim(claimOf('shop', T, { limit: 3 }))),
      );
      const ids = claims.flat().map((one) => one.delivery.id);
      expect(ids).toHaveLength(10);
      expect(new Set(ids).size).toBe(10);
    });

    it('keeps to the concurrency of a target over all leases that run', async () => {
      for (let i = 0; i < 6; i++) await save();
      const first = await bench.store.queue.claim(claimOf('shop', T, { concurrency: 4, limit: 3 }));
      expect(first).toHaveLength(3);
      expect(await bench.store.queue.claim(claimOf('shop', T, { concurrency: 4 }))).toHaveLength(1);
      expect(await bench.store.queue.claim(claimOf('shop', T, { concurrency: 4 }))).toEqual([]);
      await bench.store.queue.settle([settlement(first[0] as LeasedDelivery, DELIVERED)]);
      expect(await bench.store.queue.claim(claimOf('shop', T, { concurrency: 4 }))).toHaveLength(1);
    });

    it('gives out again what a lease has run out on, with a higher token', async () => {
      await save();
      const first = await claimOne();
      expect(await bench.store.queue.claim(claimOf('shop', first.lease.until - 1))).toEqual([]);
      const second = await claimOne(first.lease.until);
      expect(second.delivery.id).toBe(first.delivery.id);
      expect(second.lease.token).toBeGreaterThan(first.lease.token);
    });

    it('gives out a held delivery when its hold has run out', async () => {
      await save({ hold: [1], holdUntil: T + 500 });
      expect(await bench.store.queue.claim(claimOf('shop', T + 499))).toEqual([]);
      expect(await bench.store.queue.claim(claimOf('shop', T + 500))).toHaveLength(1);
    });

    it('counts a lease that ended without a word as an attempt, so that the next one has a higher number', async () => {
      await save();
      const first = await claimOne();
      expect(first.delivery.attempts).toBe(0);
      const second = await claimOne(first.lease.until);
      expect(second.delivery.attempts).toBe(1);
      await bench.store.queue.settle([settlement(second, RELEASED, { attempts: [attempt(2)] })]);
      const third = await claimOne();
      expect(third.delivery.attempts).toBe(2);
      const store = await bench.opened.reopen();
      const [fourth] = await store.queue.claim(claimOf('shop', third.lease.until));
      expect(fourth?.delivery.attempts).toBe(3);
    });

    it('takes an outcome after a restart only where leases outlive their process', async () => {
      await save();
      const leased = await claimOne();
      const store = await bench.opened.reopen();
      await store.queue.due();
      const expected = leasesEndWithProcess ? 'lost' : 'settled';
      expect(await store.queue.settle([settlement(leased, DELIVERED)])).toEqual([expected]);
    });

    it('leaves leases as they should be after a restart', async () => {
      await save();
      await save({ hold: [1] });
      await claimOne();
      const store = await bench.opened.reopen();
      const expected = leasesEndWithProcess ? 2 : 0;
      expect(await store.queue.claim(claimOf('shop', T))).toHaveLength(expected);
      expect(await store.queue.claim(claimOf('shop', T + 60_000))).toHaveLength(2);
    });
  });

  describe('settling', () => {
    it('keeps what was sent and what was answered', async () => {
      await save();
      const leased = await claimOne();
      const attempts = [
        attempt(1, { response: null, error: { code: 'TIMEOUT', message: 'no answer in 15s' } }),
        attempt(2, { request: 1 }),
      ];
      const result = settlement(leased, DELIVERED, { attempts, requests: REQUESTS, progress: 3 });
      bench.opened.clock.jump(1234);
      expect(await bench.store.queue.settle([result])).toEqual(['settled']);
      expect(await bench.store.ledger.attempts(leased.delivery.id)).toEqual(attempts);
      expect(await read(leased)).toEqual({
        ...leased.delivery,
        ...{ state: 'delivered', attempts: 2, progress: 3, requests: REQUESTS, reason: null },
        finishedAt: bench.opened.clock.now(),
      });
      await expectAgreement(bench.store);
    });

    it('keeps the first translation when a later settlement brings none', async () => {
      await save();
      const first = await claimOne();
      await bench.store.queue.settle([settlement(first, retryAt(T + 10), { requests: REQUESTS, round: 1 })]);
      const second = await claimOne(T + 10);
      expect(second.delivery.requests).toEqual(REQUESTS);
      await bench.store.queue.settle([settlement(second, DELIVERED)]);
      expect((await read(second))?.requests).toEqual(REQUESTS);
    });

    it('makes a delivery due again at the time of the next try', async () => {
      await save();
      const first = await claimOne();
      const again = settlement(first, retryAt(T + 5000), { attempts: [attempt(1)], round: 1, progress: 1 });
      await bench.store.queue.settle([again]);
      expect(await bench.store.queue.claim(claimOf('shop', T + 4999))).toEqual([]);
      const second = await claimOne(T + 5000);
      expect(second.delivery).toMatchObject({ state: 'waiting', attempts: 1, round: 1, progress: 1, dueAt: T + 5000 });
      expect(second.delivery).toMatchObject({ finishedAt: null, reason: { code: 'TIMEOUT' } });
      await bench.store.queue.settle([settlement(second, DEAD, { attempts: [attempt(2)] })]);
      expect(await read(second)).toMatchObject({ state: 'dead', attempts: 2, reason: DEAD.reason });
      expect((await bench.store.ledger.attempts(second.delivery.id)).map((one) => one.number)).toEqual([1, 2]);
    });

    it('gives a released delivery back as it was', async () => {
      await save();
      const first = await claimOne();
      await bench.store.queue.settle([settlement(first, RELEASED)]);
      const second = await claimOne();
      expect(second.delivery).toEqual(first.delivery);
      expect(second.lease.token).toBeGreaterThan(first.lease.token);
    });

    it('keeps why nothing was sent', async () => {
      await save();
      const leased = await claimOne();
      await bench.store.queue.settle([settlement(leased, DROPPED)]);
      expect(await read(leased)).toMatchObject({ state: 'dropped', reason: DROPPED.reason });
    });

    it('writes down what was tried while the lease goes on', async () => {
      await save();
      const leased = await claimOne();
      const first = settlement(leased, CONTINUED, {
        attempts: [attempt(1)],
        requests: REQUESTS,
        progress: 1,
        round: 2,
      });
      expect(await bench.store.queue.settle([first])).toEqual(['settled']);
      expect(await read(leased)).toMatchObject({ state: 'waiting', attempts: 1, progress: 1, round: 2 });
      expect((await read(leased))?.requests).toEqual(REQUESTS);
      expect(await bench.store.queue.claim(claimOf('shop', leased.lease.until - 1))).toEqual([]);
      const last = settlement(leased, DELIVERED, { attempts: [attempt(2, { request: 1 })], progress: 2 });
      expect(await bench.store.queue.settle([last])).toEqual(['settled']);
      expect(await read(leased)).toMatchObject({ state: 'delivered', attempts: 2, requests: REQUESTS });
      expect(await bench.store.ledger.attempts(leased.delivery.id)).toEqual([attempt(1), attempt(2, { request: 1 })]);
      expect(await bench.store.queue.settle([first])).toEqual(['lost']);
      await expectAgreement(bench.store);
    });

    it('takes what a worker brings after its lease has run out, if nobody else has it', async () => {
      await save();
      const leased = await claimOne();
      bench.opened.clock.jump(leased.lease.until - T + 1000);
      expect(await bench.store.queue.settle([settlement(leased, DELIVERED)])).toEqual(['settled']);
    });

    it('refuses a worker whose lease was taken over, and writes nothing of it', async () => {
      await save();
      const late = await claimOne();
      const current = await claimOne(late.lease.until);
      const attempts = [attempt(1)];
      expect(await bench.store.queue.settle([settlement(late, DEAD, { attempts, requests: REQUESTS })])).toEqual([
        'lost',
      ]);
      expect(await read(late)).toEqual(current.delivery);
      expect(await bench.store.ledger.attempts(late.delivery.id)).toEqual([]);
      expect(await bench.store.queue.settle([settlement(current, DELIVERED)])).toEqual(['settled']);
      expect(await bench.store.queue.settle([settlement(late, DEAD)])).toEqual(['lost']);
      expect((await read(late))?.state).toBe('delivered');
      await expectAgreement(bench.store);
    });

    it('refuses a second settlement under one lease', async () => {
      await save();
      const leased = await claimOne();
      await bench.store.queue.settle([settlement(leased, RELEASED)]);
      expect(await bench.store.queue.settle([settlement(leased, DELIVERED)])).toEqual(['lost']);
      expect((await read(leased))?.state).toBe('waiting');
    });

    it('answers in the order of the settlements', async () => {
      for (let i = 0; i < 3; i++) await save();
      const leased = await bench.store.queue.claim(claimOf('shop', T));
      const [a, b, c] = leased as [LeasedDelivery, LeasedDelivery, LeasedDelivery];
      await bench.store.queue.settle([settlement(b, DELIVERED)]);
      const all = [settlement(a, DELIVERED), settlement(b, DELIVERED), settlement(c, DEAD)];
      expect(await bench.store.queue.settle(all)).toEqual(['settled', 'lost', 'settled']);
      expect(await bench.store.queue.settle([])).toEqual([]);
    });

    it('settles a delivery that was held', async () => {
      const saved = await save({ hold: [1] });
      const held = saved.kind === 'saved' ? saved.held : [];
      expect(await bench.store.queue.settle([settlement(held[0] as LeasedDelivery, DELIVERED)])).toEqual(['settled']);
      expect(await expectAgreement(bench.store)).toMatchObject({
        events: { delivered: 1 },
        deliveries: { waiting: 0 },
      });
    });
  });

  describe('telling what is due', () => {
    it('names the earliest time of each target that has anything waiting', async () => {
      expect(await bench.store.queue.due()).toEqual(new Map());
      await save({ receivedAt: T + 20 });
      await save({ receivedAt: T + 10 });
      await save({
        to: [{ target: 'office' }, { target: 'archive', dead: DEAD.reason }],
        hold: [1],
        holdUntil: T + 700,
      });
      expect(await bench.store.queue.due()).toEqual(
        new Map([
          ['shop', T + 10],
          ['office', T + 700],
        ]),
      );
      const [first, second] = await bench.store.queue.claim(claimOf('shop', T + 20));
      expect((await bench.store.queue.due()).get('shop')).toBe(T + 20 + 30_000);
      await bench.store.queue.settle([settlement(first as LeasedDelivery, retryAt(T + 900))]);
      expect((await bench.store.queue.due()).get('shop')).toBe(T + 900);
      await bench.store.queue.settle([settlement(second as LeasedDelivery, DELIVERED)]);
      const last = await claimOne(T + 900);
      await bench.store.queue.settle([settlement(last, DELIVERED)]);
      expect([...(await bench.store.queue.due()).keys()]).toEqual(['office']);
    });
  });
}

/** What saving promises. */
import { describe, expect, it } from 'vitest';
import { arrival, claimOf, DEAD } from './arrivals.ts';
import type { Bench } from './conformance.ts';
import { expectAgreement } from './ledger-model.ts';

export function inboxConformance(bench: Bench): void {
  describe('saving', () => {
    it('gives an event back byte for byte', async () => {
      const body = new Uint8Array(256).map((_, index) => index);
      const one = arrival({ body });
      expect(await bench.store.inbox.save(one)).toEqual({ kind: 'saved', held: [] });
      expect(await bench.store.ledger.event(one.event.id)).toEqual({
        ...one.event,
        request: { ...one.event.request, body },
      });
    });

    it('keeps events and deliveries over a restart', async () => {
      const arrivals = Array.from({ length: 20 }, () => arrival({ to: [{}, { target: 'office' }] }));
      await Promise.all(arrivals.map((one) => bench.store.inbox.save(one)));
      const store = await bench.opened.reopen();
      for (const one of arrivals) {
        expect((await store.ledger.event(one.event.id))?.key).toBe(one.event.key);
        expect(await store.ledger.deliveriesOf(one.event.id)).toHaveLength(2);
      }
      await expectAgreement(store);
    });

    it('keeps the first event when a sender repeats itself', async () => {
      const first = arrival({ key: 'same' });
      await bench.store.inbox.save(first);
      const again = await bench.store.inbox.save(arrival({ key: 'same', type: 'live.started' }));
      expect(again).toEqual({ kind: 'duplicate', id: first.event.id });
      expect((await bench.store.ledger.events({ limit: 10 })).items).toHaveLength(1);
      expect((await bench.store.ledger.balance()).accepted).toBe(1);
    });

    it('keeps one of many that arrive with one key at once', async () => {
      const all = await Promise.all(Array.from({ length: 50 }, () => bench.store.inbox.save(arrival({ key: 'same' }))));
      expect(all.filter((one) => one.kind === 'saved')).toHaveLength(1);
      expect(new Set(all.filter((one) => one.kind === 'duplicate').map((one) => one.id)).size).toBe(1);
    });

    it('recognises a repeat after a restart', async () => {
      const first = arrival({ key: 'same' });
      await bench.store.inbox.save(first);
      const store = await bench.opened.reopen();
      expect(await store.inbox.save(arrival({ key: 'same' }))).toEqual({ kind: 'duplicate', id: first.event.id });
    });

    it('takes the same key from two sources as two events', async () => {
      await bench.store.inbox.save(arrival({ key: 'same' }));
      expect((await bench.store.inbox.save(arrival({ key: 'same', source: 'sigma' }))).kind).toBe('saved');
      expect((await bench.store.inbox.save(arrival({ key: 'ame', source: 'bsrs' }))).kind).toBe('saved');
    });

    it('tells keys apart that differ only in case, white space or length', async () => {
      for (const key of ['a', 'A', 'a ', ' a', 'aa', '', 'é', 'e\u0301', 'x'.repeat(5000), `${'x'.repeat(5000)}y`]) {
        expect((await bench.store.inbox.save(arrival({ key }))).kind).toBe('saved');
      }
    });

    it('leases held deliveries to the caller and leaves the others due', async () => {
      const one = arrival({ to: [{}, { target: 'office' }, { target: 'archive' }], hold: [1, 3] });
      const saved = await bench.store.inbox.save(one);
      if (saved.kind !== 'saved') throw new Error('not saved');
      expect(saved.held.map((held) => held.delivery.target)).toEqual(['shop', 'archive']);
      for (const held of saved.held) {
        expect(held.delivery).toEqual(await bench.store.ledger.delivery(held.delivery.id));
        expect(held.event.id).toBe(one.event.id);
        expect(held.lease.until).toBe(one.holdUntil);
      }
      const now = one.event.receivedAt;
      expect(await bench.store.queue.claim(claimOf('shop', now))).toEqual([]);
      expect(await bench.store.queue.claim(claimOf('office', now))).toHaveLength(1);
    });

    it('makes a dead letter at once of a delivery whose filter failed, and does not hold it', async () => {
      const one = arrival({ to: [{ dead: DEAD.reason }, {}], hold: [1, 2] });
      const saved = await bench.store.inbox.save(one);
      expect(saved.kind === 'saved' && saved.held.map((held) => held.delivery.id)).toEqual([one.deliveries[1]?.id]);
      const dead = await bench.store.ledger.delivery(one.deliveries[0]?.id ?? '');
      expect(dead).toMatchObject({ state: 'dead', reason: DEAD.reason, finishedAt: one.event.receivedAt });
      await expectAgreement(bench.store);
    });

    it('counts unmatched and ignored events', async () => {
      await bench.store.inbox.save(arrival({ state: 'unmatched' }));
      await bench.store.inbox.save(arrival({ state: 'ignored', type: 'something.new' }));
      await bench.store.inbox.save(arrival());
      expect(await expectAgreement(bench.store)).toMatchObject({ accepted: 3, unmatched: 1, ignored: 1 });
    });

    it('saves thousands that arrive at once', async () => {
      const arrivals = Array.from({ length: 3000 }, () => arrival());
      const saved = await Promise.all(arrivals.map((one) => bench.store.inbox.save(one)));
      expect(saved.every((one) => one.kind === 'saved')).toBe(true);
      expect(await expectAgreement(bench.store)).toMatchObject({ accepted: 3000 });
    });

    it('says that it can write, and refuses once it is closed', async () => {
      await bench.store.check();
      await bench.store[Symbol.asyncDispose]();
      await bench.store[Symbol.asyncDispose]();
      await expect(bench.store.check()).rejects.toMatchObject({ name: 'StoreUnavailable' });
      await expect(bench.store.inbox.save(arrival())).rejects.toMatchObject({ name: 'StoreUnavailable' });
    });

    it('writes what waits to be written before it closes', async () => {
      const arrivals = Array.from({ length: 100 }, () => arrival());
      const saves = Promise.all(arrivals.map((one) => bench.store.inbox.save(one)));
      const store = await bench.opened.reopen();
      expect((await saves).every((one) => one.kind === 'saved')).toBe(true);
      expect((await store.ledger.balance()).accepted).toBe(100);
    });
  });
}

/** What small shared state promises, and what two relays on one store do. */
import { describe, expect, it } from 'vitest';
import { arrival, claimOf, DELIVERED, settlement } from './arrivals.ts';
import type { Bench, StoreKind } from './conformance.ts';
import { expectAgreement } from './ledger-model.ts';

export function sharedConformance(bench: Bench, another: StoreKind['another']): void {
  describe('shared state', () => {
    it('keeps values over a restart', async () => {
      expect(await bench.store.shared.get('breaker/shop')).toBeUndefined();
      expect(await bench.store.shared.put('breaker/shop', 'open', 0)).toBe(true);
      const store = await bench.opened.reopen();
      expect(await store.shared.get('breaker/shop')).toEqual({ key: 'breaker/shop', value: 'open', version: 1 });
    });

    it('lets one of two writers win', async () => {
      const { shared } = bench.store;
      const first = await Promise.all(['a', 'b', 'c'].map((value) => shared.put('key', value, 0)));
      expect(first.filter(Boolean)).toHaveLength(1);
      const version = (await shared.get('key'))?.version ?? 0;
      expect(version).toBeGreaterThan(0);
      expect(await shared.put('key', 'next', version)).toBe(true);
      expect(await shared.put('key', 'late', version)).toBe(false);
      expect(await shared.put('key', 'late', 0)).toBe(false);
      expect(await shared.get('key')).toMatchObject({ value: 'next' });
    });

    it('deletes at the right version only', async () => {
      const { shared } = bench.store;
      await shared.put('key', 'value', 0);
      const version = (await shared.get('key'))?.version ?? 0;
      expect(await shared.put('key', null, version + 1)).toBe(false);
      expect(await shared.put('key', null, version)).toBe(true);
      expect(await shared.get('key')).toBeUndefined();
      expect(await shared.put('key', null, version)).toBe(false);
      expect(await shared.put('key', 'again', 0)).toBe(true);
    });

    it('lists what stands under a prefix, by key', async () => {
      const { shared } = bench.store;
      for (const key of ['b/2', 'a/1', 'b/1', 'b', 'c', 'b/%', 'B/1']) await shared.put(key, `value of ${key}`, 0);
      expect((await shared.list('b/')).map((one) => one.key)).toEqual(['b/%', 'b/1', 'b/2']);
      expect((await shared.list('b/'))[1]).toEqual({ key: 'b/1', value: 'value of b/1', version: expect.any(Number) });
      expect(await shared.list('z')).toEqual([]);
      expect(await shared.list('')).toHaveLength(7);
    });
  });

  if (!another) return;
  describe('two relays on one store', () => {
    it('share events, repeats, leases and sums', async () => {
      await using other = await another(bench.opened);
      const one = arrival({ key: 'same' });
      await bench.store.inbox.save(one);
      expect(await other.inbox.save(arrival({ key: 'same' }))).toEqual({ kind: 'duplicate', id: one.event.id });
      const wanted = claimOf('shop', one.event.receivedAt);
      const claims = await Promise.all([bench.store.queue.claim(wanted), other.queue.claim(wanted)]);
      const [leased] = claims.flat();
      expect(claims.flat()).toHaveLength(1);
      if (leased) expect(await other.queue.settle([settlement(leased, DELIVERED)])).toEqual(['settled']);
      expect(await other.ledger.balance()).toEqual(await expectAgreement(bench.store));
    });
  });
}

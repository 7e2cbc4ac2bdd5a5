/** What a target that keeps an order by key is promised. */
import { describe, expect, it } from 'vitest';
import type { LeasedDelivery, Settlement } from '../../src/model/delivery.ts';
import { arrival, claimOf, DEAD, DELIVERED, RELEASED, retryAt, settlement } from './arrivals.ts';
import type { Bench } from './conformance.ts';
import { expectAgreement } from './ledger-model.ts';

const T = Date.UTC(2026, 0, 1);

export function orderConformance(bench: Bench): void {
  /** Saves a delivery with an order key and returns its id. */
  const save = async (orderKey: string | null, hold = false): Promise<string> => {
    const one = arrival({ to: [{ orderKey }], hold: hold ? [1] : [] });
    await bench.store.inbox.save(one);
    return one.deliveries[0]?.id ?? '';
  };
  const claim = (now = T, ordered = true) => bench.store.queue.claim(claimOf('shop', now, { ordered }));
  const ids = (leased: readonly LeasedDelivery[]) => leased.map((one) => one.delivery.id);
  const settle = (leased: LeasedDelivery | undefined, result: Settlement['result']) =>
    bench.store.queue.settle([settlement(leased as LeasedDelivery, result)]);

  describe('order by key', () => {
    it('gives out the first unfinished delivery of each key, in the order of arrival', async () => {
      const a1 = await save('a');
      const a2 = await save('a');
      const b1 = await save('b');
      const free = await save(null);
      const first = await claim();
      expect(ids(first)).toEqual([a1, b1, free]);
      expect(await claim()).toEqual([]);
      await settle(first[0], DELIVERED);
      expect(ids(await claim())).toEqual([a2]);
    });

    it('lets the others of a key wait while the first waits to be tried again, and goes on after a dead letter', async () => {
      const [a1, a2] = [await save('a'), await save('a')];
      const [leased] = await claim();
      await settle(leased, retryAt(T + 1000));
      expect(await claim(T + 999)).toEqual([]);
      const [again] = await claim(T + 1000);
      expect(again?.delivery.id).toBe(a1);
      await settle(again, DEAD);
      expect(ids(await claim(T + 1000))).toEqual([a2]);
    });

    it('keeps the place of a delivery that is released', async () => {
      const [a1, a2] = [await save('a'), await save('a')];
      const [leased] = await claim();
      await settle(leased, RELEASED);
      const [again] = await claim();
      expect(again?.delivery.id).toBe(a1);
      await settle(again, DELIVERED);
      expect(ids(await claim())).toEqual([a2]);
    });

    it('keeps the lines of two targets apart', async () => {
      const one = arrival({ to: [{ orderKey: 'a' }, { orderKey: 'a', target: 'office' }] });
      await bench.store.inbox.save(one);
      expect(await claim()).toHaveLength(1);
      expect(await bench.store.queue.claim(claimOf('office', T, { ordered: true }))).toHaveLength(1);
    });

    it('holds only the first of a key, and leaves those behind it to a claim', async () => {
      const first = arrival({ to: [{ orderKey: 'a' }, { orderKey: 'a' }, { orderKey: 'b' }], hold: [1, 2, 3] });
      const saved = await bench.store.inbox.save(first);
      const held = saved.kind === 'saved' ? saved.held : [];
      expect(ids(held)).toEqual([first.deliveries[0]?.id, first.deliveries[2]?.id]);
      const a3 = await save('a', true);
      expect(await claim()).toEqual([]);
      await settle(held[0], DELIVERED);
      const [second] = await claim();
      expect(second?.delivery.id).toBe(first.deliveries[1]?.id);
      await settle(second, DELIVERED);
      expect(ids(await claim())).toEqual([a3]);
      await expectAgreement(bench.store);
    });

    it('holds the next of a key at once when none of the key is unfinished', async () => {
      await save('a', true);
      const [leased] = await claim(T + 60_000);
      await settle(leased, DELIVERED);
      const next = await bench.store.inbox.save(arrival({ to: [{ orderKey: 'a' }], hold: [1] }));
      expect(next.kind === 'saved' && next.held).toHaveLength(1);
    });

    it('holds only the first of each key of what is saved at once, repeats left out', async () => {
      const known = arrival({ to: [{ orderKey: 'b' }], hold: [1] });
      await bench.store.inbox.save(known);
      const [leased] = await claim(T + 60_000);
      await settle(leased, DELIVERED);
      const wishes = [{ orderKey: 'a' }, { orderKey: 'a' }, { orderKey: 'b', key: known.event.key }, { orderKey: 'b' }];
      const saved = await Promise.all(
        [...wishes, { orderKey: 'b' }].map(({ key, orderKey }: { readonly key?: string; readonly orderKey: string }) =>
          bench.store.inbox.save(arrival({ ...(key ? { key } : {}), to: [{ orderKey }], hold: [1] })),
        ),
      );
      expect(saved.map((one) => (one.kind === 'saved' ? one.held.length : one.id))).toEqual([
        ...[1, 0],
        ...[known.event.id, 1, 0],
      ]);
      await expectAgreement(bench.store);
    });

    it('gives everything out where the target no longer keeps an order', async () => {
      const saved = [await save('a'), await save('a'), await save('a')];
      expect(ids(await claim(T, false))).toEqual(saved);
    });

    it('knows when each is due again where the target no longer keeps an order', async () => {
      await Promise.all([save('a'), save('a')]);
      const [first, second] = await claim(T, false);
      await settle(first, retryAt(T + 3_600_000));
      await settle(second, retryAt(T + 5000));
      expect(await bench.store.queue.due()).toEqual(new Map([['shop', T + 5000]]));
      // kept again, the order holds
      expect(await claim(T + 5000)).toEqual([]);
      expect(ids(await claim(T + 3_600_000))).toEqual([first?.delivery.id]);
    });

    it('knows when a replayed one is due where the target no longer keeps an order', async () => {
      await Promise.all([save('a'), save('a')]);
      const [first, second] = await claim(T, false);
      await settle(first, retryAt(T + 3_600_000));
      await settle(second, DEAD);
      await bench.store.ledger.replay({ ids: [second?.delivery.id ?? ''], retranslate: false, now: T + 5 });
      expect(await bench.store.queue.due()).toEqual(new Map([['shop', T + 5]]));
      expect(await claim(T + 5)).toEqual([]);
    });

    it('puts a replayed delivery back before the later ones of its key', async () => {
      const [a1, a2] = [await save('a'), await save('a')];
      const [leased] = await claim();
      await settle(leased, DEAD);
      await bench.store.ledger.replay({ ids: [a1], retranslate: false, now: T + 5 });
      const [again] = await claim(T + 5);
      expect(again?.delivery.id).toBe(a1);
      expect(await claim(T + 5)).toEqual([]);
      await settle(again, DELIVERED);
      expect(ids(await claim(T + 5))).toEqual([a2]);
    });

    it('lets no delivery that is to be sent before its time pass the one before it', async () => {
      const [a1, a2] = [await save('a'), await save('a')];
      const [leased] = await claim();
      await settle(leased, retryAt(T + 9_000_000));
      await bench.store.ledger.replay({ ids: [a2], retranslate: false, now: T + 5 });
      expect(await claim(T + 5)).toEqual([]);
      await bench.store.ledger.replay({ ids: [a1], retranslate: false, now: T + 6 });
      expect(ids(await claim(T + 6))).toEqual([a1]);
      expect(await claim(T + 6)).toEqual([]);
    });

    it('tells which delivery is first of the key of those that wait behind it', async () => {
      const [a1, b1, a2, a3] = [await save('a'), await save('b'), await save('a'), await save('a')];
      const wanted = [a1, b1, a2, a3, 'nonsense'];
      expect(await bench.store.ledger.ahead(wanted)).toEqual(
        new Map([
          [a2, a1],
          [a3, a1],
        ]),
      );
      await settle((await claim())[0], DEAD);
      expect(await bench.store.ledger.ahead(wanted)).toEqual(new Map([[a3, a2]]));
    });

    it('keeps the order over a restart', async () => {
      const [a1, a2] = [await save('a', true), await save('a', true)];
      const store = await bench.opened.reopen();
      const [first] = await store.queue.claim(claimOf('shop', T + 60_000, { ordered: true }));
      expect(first?.delivery.id).toBe(a1);
      await store.queue.settle([settlement(first as LeasedDelivery, DELIVERED)]);
      expect(ids(await store.queue.claim(claimOf('shop', T + 60_000, { ordered: true })))).toEqual([a2]);
    });
  });
}

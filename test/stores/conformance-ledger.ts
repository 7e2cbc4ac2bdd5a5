/** What reading and replaying promise. */
import { describe, expect, it } from 'vitest';
import type { Attempt, LeasedDelivery } from '../../src/model/delivery.ts';
import type { WrittenRequest } from '../../src/model/event.ts';
import type { DeliveryQuery, EventQuery } from '../../src/stores/store.ts';
import {
  arrival,
  attempt,
  claimOf,
  DEAD,
  DELIVERED,
  DROPPED,
  REQUESTS,
  retryAt,
  settlement,
  type Wish,
} from './arrivals.ts';
import type { Bench } from './conformance.ts';
import { expectAgreement } from './ledger-model.ts';

const T = Date.UTC(2026, 0, 1);
const [FIRST, SECOND] = REQUESTS as [WrittenRequest, WrittenRequest];

export function ledgerConformance(bench: Bench): void {
  const save = async (wish?: Wish): Promise<string> => {
    const one = arrival(wish);
    await bench.store.inbox.save(one);
    return one.event.id;
  };
  const claim = (target = 'shop', now = T) =>
    bench.store.queue.claim(claimOf(target, now, { limit: 100, concurrency: 1000 }));
  const settle = async (leased: LeasedDelivery | undefined, result: Parameters<typeof settlement>[1]) => {
    await bench.store.queue.settle([settlement(leased as LeasedDelivery, result)]);
  };
  const allEvents = async (query: Omit<EventQuery, 'limit'>, limit = 3): Promise<string[]> => {
    const found: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await bench.store.ledger.events({ ...query, limit, ...(before === undefined ? {} : { before }) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map((one) => one.id));
      if (page.next === undefined) return found;
      before = page.next;
    }
  };
  const allDeliveries = async (query: Omit<DeliveryQuery, 'limit'>, limit = 3): Promise<string[]> => {
    const found: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await bench.store.ledger.deliveries({
        ...query,
        limit,
        ...(before === undefined ? {} : { before }),
      });
      found.push(...page.items.map((one) => one.id));
      if (page.next === undefined) return found;
      before = page.next;
    }
  };

  describe('reading', () => {
    it('finds nothing where there is nothing', async () => {
      const { ledger } = bench.store;
      expect(await ledger.event('evt_00000000000000000000000000')).toBeUndefined();
      expect(await ledger.delivery('dlv_00000000000000000000000000_1')).toBeUndefined();
      expect(await ledger.delivery('no id at all')).toBeUndefined();
      expect(await ledger.deliveriesOf('evt_x')).toEqual([]);
      expect(await ledger.attempts('dlv_x')).toEqual([]);
      expect(await ledger.events({ limit: 5 })).toEqual({ items: [], next: undefined });
      expect(await ledger.deliveries({ limit: 5 })).toEqual({ items: [], next: undefined });
      for (const text of ['\0', 'a\0b']) {
        expect(await ledger.event(`evt_${text}`)).toBeUndefined();
        expect(await ledger.delivery(`dlv_${text}`)).toBeUndefined();
        expect(await ledger.deliveriesOf(text)).toEqual([]);
        expect(await ledger.attempts(text)).toEqual([]);
        for (const field of ['source', 'type', 'text', 'before'])
          expect(await ledger.events({ limit: 5, [field]: text })).toEqual({ items: [], next: undefined });
        for (const field of ['target', 'rule', 'before'])
          expect(await ledger.deliveries({ limit: 5, [field]: text })).toEqual({ items: [], next: undefined });
      }
      expect(await ledger.backlog()).toEqual(new Map());
      expect(await expectAgreement(bench.store)).toMatchObject({ accepted: 0, pruned: 0 });
    });

    it('pages events from new to old, each once, while new ones arrive', async () => {
      const saved: string[] = [];
      for (let i = 0; i < 8; i++) saved.unshift(await save());
      const first = await bench.store.ledger.events({ limit: 3 });
      await save();
      const second = await bench.store.ledger.events({ limit: 3, before: first.next ?? '' });
      await save();
      const third = await bench.store.ledger.events({ limit: 3, before: second.next ?? '' });
      expect([...first.items, ...second.items, ...third.items].map((one) => one.id)).toEqual(saved);
      expect(third.next).toBeUndefined();
    });

    it('ends without an empty page where the last page is full', async () => {
      for (let i = 0; i < 4; i++) await save();
      const first = await bench.store.ledger.events({ limit: 2 });
      expect((await bench.store.ledger.events({ limit: 2, before: first.next ?? '' })).next).toBeUndefined();
    });

    it('finds events by source, type, time and what became of them', async () => {
      const clip = await save({ receivedAt: T + 10 });
      const live = await save({
        type: 'live.started',
        source: 'sigma',
        receivedAt: T + 20,
        to: [{}, { target: 'office' }],
      });
      const none = await save({ state: 'unmatched', receivedAt: T + 30 });
      const odd = await save({ state: 'ignored', type: 'odd', receivedAt: T + 40 });
      const [first] = await claim('shop', T + 10);
      await settle(first, DEAD);
      const office = await claim('office', T + 20);
      await settle(office[0], DELIVERED);

      expect(await allEvents({ source: 'sigma' })).toEqual([live]);
      expect(await allEvents({ type: 'clip.generated' })).toEqual([none, clip]);
      expect(await allEvents({ since: T + 20, until: T + 40 })).toEqual([none, live]);
      expect(await allEvents({ state: 'unmatched' })).toEqual([none]);
      expect(await allEvents({ state: 'ignored' })).toEqual([odd]);
      expect(await allEvents({ state: 'accepted' })).toEqual([live, clip]);
      expect(await allEvents({ state: 'dead' })).toEqual([clip]);
      expect(await allEvents({ state: 'waiting' })).toEqual([live]);
      expect(await allEvents({ state: 'delivered' })).toEqual([live]);
      expect(await allEvents({ state: 'dropped' })).toEqual([]);
      expect(await allEvents({ state: 'waiting', source: 'bsr' })).toEqual([]);
      expect(await allEvents({ source: 'nobody' })).toEqual([]);
    });

    it('shows an event once, with its deliveries counted by state', async () => {
      const id = await save({ to: [{ dead: DEAD.reason }, { dead: DEAD.reason }, {}] });
      const page = await bench.store.ledger.events({ limit: 10, state: 'dead' });
      expect(page.items.map((one) => [one.id, one.deliveries])).toEqual([[id, { dead: 2, waiting: 1 }]]);
    });

    it('finds events by text in the id, the key or the body, as it is written there', async () => {
      const one = await save({ key: 'order-4711', body: new TextEncoder().encode('{"title":"Grüße 100%_"}') });
      const other = await save({ key: 'order-4712', body: new Uint8Array([0xff, 0xfe, 0x00, 0x41]) });
      expect(await allEvents({ text: '4711' })).toEqual([one]);
      expect(await allEvents({ text: 'order-' })).toEqual([other, one]);
      expect(await allEvents({ text: 'Grüße' })).toEqual([one]);
      expect(await allEvents({ text: '%_' })).toEqual([one]);
      expect(await allEvents({ text: other })).toEqual([other]);
      expect(await allEvents({ text: "'; DROP TABLE events" })).toEqual([]);
    });

    it('finds deliveries by state, target, rule and time', async () => {
      for (let i = 0; i < 4; i++) await save({ receivedAt: T + i, to: [{}, { target: 'office', rule: 'all' }] });
      const shop = await claim('shop', T + 10);
      await settle(shop[0], DELIVERED);
      await settle(shop[1], DEAD);
      await settle(shop[2], DROPPED);
      const at = (index: number) => shop[index]?.delivery.id;
      expect(await allDeliveries({ state: 'delivered' })).toEqual([at(0)]);
      expect(await allDeliveries({ state: 'dead' })).toEqual([at(1)]);
      expect(await allDeliveries({ state: 'dropped', target: 'shop' })).toEqual([at(2)]);
      expect(await allDeliveries({ state: 'dropped', target: 'office' })).toEqual([]);
      expect(await allDeliveries({ state: 'waiting', target: 'shop' })).toEqual([at(3)]);
      expect(await allDeliveries({ state: 'waiting' })).toHaveLength(5);
      expect(await allDeliveries({ rule: 'all', since: T + 1, until: T + 3 })).toHaveLength(2);
      const all = await allDeliveries({});
      expect(all).toHaveLength(8);
      expect(all).toEqual(await allDeliveries({}, 100));
    });

    it('takes a cursor that was never given for the end', async () => {
      await save();
      expect((await bench.store.ledger.events({ limit: 5, before: 'nonsense' })).items).toEqual([]);
      expect((await bench.store.ledger.deliveries({ limit: 5, before: '-1' })).items).toEqual([]);
    });

    it('tells how much waits for each target, and since when', async () => {
      await save({ receivedAt: T + 5 });
      await save({ receivedAt: T + 9, to: [{}, { target: 'office' }], hold: [1] });
      await save({ to: [{ target: 'archive', dead: DEAD.reason }] });
      expect(await bench.store.ledger.backlog()).toEqual(
        new Map([
          ['shop', { waiting: 2, oldestAt: T + 5 }],
          ['office', { waiting: 1, oldestAt: T + 9 }],
        ]),
      );
    });

    it('tells how many dead letters each target has, and which delivery failed last', async () => {
      await save({ to: [{}, { target: 'office', dead: DEAD.reason }] });
      await save({ to: [{}, { target: 'office', dead: DEAD.reason }, { target: 'archive' }] });
      await save();
      const [first, second, third] = await claim();
      await bench.store.queue.settle([settlement(first as LeasedDelivery, DEAD)]);
      await bench.store.queue.settle([settlement(second as LeasedDelivery, retryAt(T + 9000))]);
      await bench.store.queue.settle([settlement(third as LeasedDelivery, DELIVERED)]);
      const dead = await allDeliveries({ target: 'office' });
      expect(await bench.store.ledger.failing()).toEqual(
        new Map([
          ['shop', { dead: 1, newest: second?.delivery.id }],
          ['office', { dead: 2, newest: dead[0] }],
        ]),
      );
    });

    it('counts an event under the weightiest state of its deliveries', async () => {
      await save({ to: [{}, { target: 'office' }, { target: 'archive' }] });
      const counts = async () => {
        const { events } = await expectAgreement(bench.store);
        return Object.entries(events).filter(([, count]) => count > 0);
      };
      const [[shop], [office], [archive]] = [await claim('shop'), await claim('office'), await claim('archive')];
      await settle(shop, DROPPED);
      expect(await counts()).toEqual([['waiting', 1]]);
      await settle(office, DELIVERED);
      await settle(archive, DEAD);
      expect(await counts()).toEqual([['dead', 1]]);
      await bench.store.ledger.replay({ ids: [archive?.delivery.id ?? ''], retranslate: false, now: T });
      expect(await counts()).toEqual([['waiting', 1]]);
      await settle((await claim('archive'))[0], DELIVERED);
      expect(await counts()).toEqual([['delivered', 1]]);
    });
  });

  describe('replaying', () => {
    /** Saves a delivery and finishes it with a settlement. */
    const finished = async (result: Parameters<typeof settlement>[1], more?: Parameters<typeof settlement>[2]) => {
      await save();
      const [leased] = (await claim()) as [LeasedDelivery];
      await bench.store.queue.settle([settlement(leased, result, more)]);
      return leased;
    };

    it('makes a dead letter due again with the same bytes, where it stopped', async () => {
      const dead = await finished(DEAD, { requests: REQUESTS, attempts: [attempt(1)], progress: 1, round: 4 });
      const done = await bench.store.ledger.replay({ ids: [dead.delivery.id], retranslate: false, now: T + 77 });
      expect(done).toEqual({ replayed: 1, hastened: 0 });
      const [again] = (await claim('shop', T + 77)) as [LeasedDelivery];
      expect(again.delivery).toMatchObject({
        id: dead.delivery.id,
        requests: REQUESTS,
        progress: 1,
        round: 0,
        replays: 1,
      });
      expect(again.delivery).toMatchObject({ state: 'waiting', attempts: 1, dueAt: T + 77, finishedAt: null });
      expect(again.lease.token).toBeGreaterThan(dead.lease.token);
    });

    it('forgets the bytes where it is to be translated anew, and keeps the attempts', async () => {
      const dead = await finished(DEAD, { requests: REQUESTS, attempts: [attempt(1)], progress: 1 });
      await bench.store.ledger.replay({ ids: [dead.delivery.id], retranslate: true, now: T });
      expect(await bench.store.ledger.delivery(dead.delivery.id)).toMatchObject({ requests: null, progress: 0 });
      expect(await bench.store.ledger.attempts(dead.delivery.id)).toEqual([attempt(1, { sent: FIRST })]);
    });

    it('keeps with each attempt what it sent, however often it is translated anew', async () => {
      const dead = await finished(DEAD, { requests: REQUESTS, attempts: [attempt(1), attempt(2, { request: 1 })] });
      const { id } = dead.delivery;
      const again = async (requests: readonly WrittenRequest[], attempts: readonly Attempt[]) => {
        await bench.store.ledger.replay({ ids: [id], retranslate: true, now: T });
        const [leased] = (await claim()) as [LeasedDelivery];
        await bench.store.queue.settle([settlement(leased, DEAD, { requests, attempts })]);
      };
      await again([SECOND], []);
      await again([SECOND], [attempt(3)]);
      await again([FIRST], [attempt(4)]);
      expect(await bench.store.ledger.attempts(id)).toEqual([
        attempt(1, { sent: FIRST }),
        attempt(2, { request: 1, sent: SECOND }),
        attempt(3, { sent: SECOND }),
        attempt(4),
      ]);
      expect((await bench.store.ledger.delivery(id))?.requests).toEqual([FIRST]);
    });

    it('goes on sending the same bytes where it is not translated anew', async () => {
      const dead = await finished(DEAD, { requests: REQUESTS, attempts: [attempt(1)] });
      await bench.store.ledger.replay({ ids: [dead.delivery.id], retranslate: false, now: T });
      expect(await bench.store.ledger.attempts(dead.delivery.id)).toEqual([attempt(1)]);
    });

    it('starts a delivered one anew', async () => {
      const one = await finished(DELIVERED, { requests: REQUESTS, progress: 3 });
      await bench.store.ledger.replay({ ids: [one.delivery.id], retranslate: false, now: T });
      expect(await bench.store.ledger.delivery(one.delivery.id)).toMatchObject({ requests: REQUESTS, progress: 0 });
    });

    it('leaves out what is unknown, and repeats of an id', async () => {
      const dead = await finished(DEAD);
      const ids = ['dlv_00000000000000000000000000_1', 'nonsense', dead.delivery.id, dead.delivery.id];
      expect(await bench.store.ledger.replay({ ids, retranslate: false, now: T })).toEqual({
        replayed: 1,
        hastened: 0,
      });
      await expectAgreement(bench.store);
    });

    it('makes one that waits for a later try due now, and it goes on as it was', async () => {
      const more = { requests: REQUESTS, attempts: [attempt(1)], progress: 1, round: 4 };
      const waits = await finished(retryAt(T + 9_000_000), more);
      const { id } = waits.delivery;
      expect(await bench.store.ledger.replay({ ids: [id, id], retranslate: false, now: T + 77 })).toEqual({
        replayed: 0,
        hastened: 1,
      });
      expect(await claim('shop', T + 76)).toEqual([]);
      const [again] = (await claim('shop', T + 77)) as [LeasedDelivery];
      expect(again.delivery).toMatchObject({ id, requests: REQUESTS, progress: 1, round: 4, replays: 0, attempts: 1 });
      expect(again.delivery).toMatchObject({ dueAt: T + 77, reason: { code: 'TIMEOUT' } });
      await expectAgreement(bench.store);
    });

    it('makes what is due already no later, and has what waits translated anew where that is asked for', async () => {
      const waits = await finished(retryAt(T + 1), { requests: REQUESTS, attempts: [attempt(1)], progress: 1 });
      const { id } = waits.delivery;
      const { ledger } = bench.store;
      expect(await ledger.replay({ ids: [id], retranslate: true, now: T + 500 })).toEqual({ replayed: 0, hastened: 1 });
      expect(await ledger.delivery(id)).toMatchObject({ requests: null, progress: 0, dueAt: T + 1 });
      expect(await ledger.attempts(id)).toEqual([attempt(1, { sent: FIRST })]);
      await expectAgreement(bench.store);
    });

    it('leaves alone what somebody has leased', async () => {
      await save();
      const [leased] = (await claim()) as [LeasedDelivery];
      const ids = [leased.delivery.id];
      expect(await bench.store.ledger.replay({ ids, retranslate: true, now: T })).toEqual({ replayed: 0, hastened: 0 });
      expect(await bench.store.queue.settle([settlement(leased, DELIVERED)])).toEqual(['settled']);
    });

    it('takes the lease from a worker that is late', async () => {
      const dead = await finished(DEAD);
      await bench.store.ledger.replay({ ids: [dead.delivery.id], retranslate: false, now: T });
      expect(await bench.store.queue.settle([settlement(dead, DELIVERED)])).toEqual(['lost']);
      expect((await bench.store.ledger.delivery(dead.delivery.id))?.state).toBe('waiting');
    });

    it('gives a hint with each target that has become due', async () => {
      const dead = await finished(DEAD);
      const hint = new Promise<string>((resolve) => {
        const stop = bench.store.queue.onHint((target) => {
          stop();
          resolve(target);
        });
      });
      await bench.store.ledger.replay({ ids: [dead.delivery.id], retranslate: false, now: T });
      expect(await hint).toBe('shop');
    });

    it('replays thousands in one go', async () => {
      const arrivals = Array.from({ length: 2000 }, () => arrival({ to: [{ dead: DEAD.reason }] }));
      await Promise.all(arrivals.map((one) => bench.store.inbox.save(one)));
      const ids = arrivals.map((one) => one.deliveries[0]?.id ?? '');
      expect(await bench.store.ledger.replay({ ids, retranslate: true, now: T })).toEqual({
        replayed: 2000,
        hastened: 0,
      });
      expect(await expectAgreement(bench.store)).toMatchObject({ deliveries: { waiting: 2000, dead: 0 } });
    });
  });
}

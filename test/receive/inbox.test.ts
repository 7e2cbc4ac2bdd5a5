import { describe, expect, it } from 'vitest';
import type { LeasedDelivery, NewDelivery } from '../../src/model/delivery.ts';
import type { EventScope, RawRequest, Reading } from '../../src/model/event.ts';
import { type Arrival, createInbox, type InboxPorts } from '../../src/receive/inbox.ts';
import { queryOf, scopeOfStored } from '../../src/receive/scope.ts';
import { makeSource } from './run-door.ts';

const recognised = { type: 'clip', key: 'k1', time: '2026-01-01T00:00:00.000Z', data: { n: 1 }, raw: { wire: 1 } };

function makeInbox(change: Partial<InboxPorts> & { reading?: Reading; deliveries?: readonly NewDelivery[] } = {}) {
  const arrivals: Arrival[] = [];
  const dispatched: { held: readonly LeasedDelivery[]; scope: EventScope }[] = [];
  const scopes: EventScope[] = [];
  const reported: unknown[] = [];
  const stored: { id: string; isRouted: boolean }[] = [];
  const { reading = { kind: 'event', event: recognised }, deliveries = [], ...ports } = change;
  const receive = createInbox({
    format: () => ({ read: () => reading }),
    route: (scope) => {
      scopes.push(scope);
      return deliveries;
    },
    hasRoom: (target) => target === 'near',
    save: async (arrival) => {
      arrivals.push(arrival);
      const held = arrival.deliveries.filter((_, position) => arrival.hold[position]);
      return { kind: 'saved', held: held.map((delivery) => ({ delivery }) as unknown as LeasedDelivery) };
    },
    stored: (arrival, scope) => void stored.push({ id: arrival.event.id, isRouted: scope !== undefined }),
    dispatch: (held, scope) => dispatched.push({ held, scope }),
    params: () => ({ base: 'b' }),
    newEventId: () => 'evt_1',
    clock: { now: () => 5000 },
    leaseMs: () => 1000,
    report: {
      eventAccepted: (event, count) => reported.push(['accepted', event, count]),
      eventUnmatched: (event) => reported.push(['unmatched', event]),
      eventIgnored: (event) => reported.push(['ignored', event]),
      eventDuplicate: (event) => reported.push(['duplicate', event]),
      storeFailed: (error) => reported.push(['storeFailed', error]),
    },
    ...ports,
  });
  return { receive, arrivals, dispatched, scopes, reported, stored };
}

const request: RawRequest = {
  method: 'POST',
  path: '/in/test',
  search: 'a=1&a=2&b=x%20y',
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode('{}'),
  receivedAt: 4000,
};
const source = makeSource();
const delivery = (id: string, target: string, change: Partial<NewDelivery> = {}): NewDelivery => ({
  id,
  rule: 'r',
  target,
  mapping: 'm',
  orderKey: null,
  dead: null,
  ...change,
});
const facts = { id: 'evt_1', source: 'test', type: 'clip' };

describe('the inbox', () => {
  it('saves the event with its deliveries and holds those that can be sent at once', async () => {
    const dead = { code: 'FILTER_FAILED', message: 'x' };
    const deliveries = [delivery('d1', 'near'), delivery('d2', 'far'), delivery('d3', 'near', { dead })];
    const inbox = makeInbox({ deliveries });
    expect(await inbox.receive(source, request)).toEqual({ kind: 'accepted', id: 'evt_1' });
    expect(inbox.arrivals).toEqual([
      {
        event: {
          id: 'evt_1',
          key: 'k1',
          source: 'test',
          format: 'json',
          type: 'clip',
          time: recognised.time,
          receivedAt: 4000,
          state: 'accepted',
          request,
        },
        deliveries,
        hold: [true, false, false],
        holdUntil: 6000,
      },
    ]);
    expect(inbox.dispatched.map(({ held }) => held.map((one) => one.delivery.id))).toEqual([['d1']]);
    expect(inbox.dispatched[0]?.scope).toBe(inbox.scopes[0]);
    expect(inbox.reported).toEqual([['accepted', facts, 3]]);
  });

  it('shows rules the same scope that a restart makes of the stored event', async () => {
    const inbox = makeInbox();
    await inbox.receive(source, request);
    expect(inbox.scopes[0]).toEqual({
      event: { ...facts, key: 'k1', format: 'json', time: recognised.time, received_at: '1970-01-01T00:00:04.000Z' },
      data: { n: 1 },
      raw: { wire: 1 },
      request: { method: 'POST', query: { a: '1', b: 'x y' }, headers: request.headers },
      params: { base: 'b' },
    });
    const stored = structuredClone(inbox.arrivals[0]?.event) as Arrival['event'];
    expect(scopeOfStored(stored, recognised, { base: 'b' })).toEqual(inbox.scopes[0]);
  });

  it('keeps an event that no rule matched', async () => {
    const inbox = makeInbox();
    expect(await inbox.receive(source, request)).toEqual({ kind: 'accepted', id: 'evt_1' });
    expect(inbox.arrivals[0]?.event.state).toBe('unmatched');
    expect(inbox.reported).toEqual([['unmatched', facts]]);
  });

  it('keeps an event of an unknown type without asking the rules', async () => {
    const inbox = makeInbox({ reading: { kind: 'ignored', type: 'new\0type' } });
    expect(await inbox.receive(source, request)).toEqual({ kind: 'ignored', id: 'evt_1', type: 'new\uFFFDtype' });
    expect(inbox.arrivals[0]?.event).toMatchObject({ state: 'ignored', time: '1970-01-01T00:00:04.000Z' });
    expect(inbox.scopes).toEqual([]);
    expect(inbox.stored).toEqual([{ id: 'evt_1', isRouted: false }]);
    const other = makeInbox({ reading: { kind: 'ignored', type: 'new' } });
    await other.receive(source, { ...request, search: '' });
    expect(other.arrivals[0]?.event.key).not.toBe(inbox.arrivals[0]?.event.key);
  });

  it('sends nothing again for a repeat', async () => {
    const inbox = makeInbox({
      deliveries: [delivery('d1', 'near')],
      save: async () => ({ kind: 'duplicate', id: 'evt_0' }),
    });
    expect(await inbox.receive(source, request)).toEqual({ kind: 'duplicate', id: 'evt_0' });
    expect(inbox.dispatched).toEqual([]);
    expect(inbox.stored).toEqual([]);
    expect(inbox.reported).toEqual([['duplicate', { ...facts, id: 'evt_0' }]]);
  });

  it('asks the sender to come again when the store fails', async () => {
    const inbox = makeInbox({ save: () => Promise.reject(new Error('read-only')) });
    expect(await inbox.receive(source, request)).toEqual({ kind: 'unavailable', retryAfterS: 5 });
    expect(inbox.stored).toEqual([]);
    expect(inbox.reported).toEqual([['storeFailed', 'read-only']]);
  });

  it.each<Reading>([
    { kind: 'malformed', code: 'JSON_MALFORMED', message: 'x' },
    { kind: 'invalid', problems: [{ path: 'a', message: 'is missing' }] },
  ])('passes on what is wrong and saves nothing: $kind', async (reading) => {
    const inbox = makeInbox({ reading });
    expect(await inbox.receive(source, request)).toEqual(reading);
    expect(inbox.arrivals).toEqual([]);
  });

  it('gives stores only texts that every one of them takes', async () => {
    const orderKey = 'room\0';
    for (const key of ['x'.repeat(300), 'nul\0', 'half \ud800']) {
      const inbox = makeInbox({
        reading: { kind: 'event', event: { ...recognised, key } },
        deliveries: [delivery('d1', 'far', { orderKey }), delivery('d2', 'far')],
      });
      await inbox.receive(source, request);
      expect(inbox.arrivals[0]?.event.key).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(inbox.scopes[0]?.event.key).toBe(inbox.arrivals[0]?.event.key);
      expect(inbox.arrivals[0]?.deliveries[0]?.orderKey).toMatch(/^sha256:/);
      expect(inbox.arrivals[0]?.deliveries[1]?.orderKey).toBeNull();
    }
  });
});

describe('the query of a scope', () => {
  it('takes the first of a repeated name, and no name as a way to a prototype', () => {
    const query = queryOf('a=1&a=2&__proto__=x&constructor=y&%zz=%');
    expect(query).toMatchObject({ a: '1', constructor: 'y', '%zz': '%' });
    expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
  });
});

/** Events, deliveries and settlements for the tests of stores, each with nothing unusual unless it is asked for. */
import { createEventIds, deliveryId } from '../../src/kit/ids.ts';
import type { Attempt, EventState, LeasedDelivery, NewDelivery, Settlement } from '../../src/model/delivery.ts';
import type { WrittenRequest } from '../../src/model/event.ts';
import type { Arrival, ClaimRequest } from '../../src/stores/store.ts';

const START = Date.UTC(2026, 0, 1);
const nextId = createEventIds(() => START);
let keys = 0;

export interface Wish {
  readonly id?: string;
  readonly key?: string;
  readonly source?: string;
  readonly type?: string;
  readonly state?: EventState;
  readonly receivedAt?: number;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** One delivery for each; the default is one to the target `shop`. */
  readonly to?: readonly Partial<NewDelivery>[];
  /** Ordinals, from 1, of the deliveries that are held. */
  readonly hold?: readonly number[];
  readonly holdUntil?: number;
}

export function arrival(wish: Wish = {}): Arrival {
  const id = wish.id ?? nextId();
  const receivedAt = wish.receivedAt ?? START;
  const to = wish.to ?? (wish.state === undefined || wish.state === 'accepted' ? [{}] : []);
  keys += 1;
  return {
    event: {
      ...{
        id,
        key: wish.key ?? `key-${keys}`,
        source: wish.source ?? 'bsr',
        format: 'bsr',
        type: wish.type ?? 'clip.generated',
      },
      ...{
        time: '2026-01-01T00:00:00.000Z',
        receivedAt,
        state: wish.state ?? (to.length > 0 ? 'accepted' : 'unmatched'),
      },
      request: {
        ...{ method: 'POST', path: '/in/bsr', search: 'a=1&b=%20', receivedAt },
        headers: wish.headers ?? { 'content-type': 'application/json', 'x-odd': 'é "quoted" \\ and a\ttab' },
        body: wish.body ?? new TextEncoder().encode('{"n":1}'),
      },
    },
    deliveries: to.map((one, index) => ({
      ...{ id: deliveryId(id, index + 1), rule: 'finished clips', target: 'shop', mapping: 'bsr-to-json' },
      ...{ orderKey: null, dead: null },
      ...one,
    })),
    hold: to.map((_, index) => wish.hold?.includes(index + 1) ?? false),
    holdUntil: wish.holdUntil ?? receivedAt + 60_000,
  };
}

export function claimOf(target: string, now: number, more: Partial<ClaimRequest> = {}): ClaimRequest {
  return { target, now, limit: 10, leaseUntil: now + 30_000, ordered: false, concurrency: 100, ...more };
}

export function settlement(
  { delivery, lease }: LeasedDelivery,
  result: Settlement['result'],
  more: Partial<Settlement> = {},
): Settlement {
  const { progress, round } = delivery;
  return { deliveryId: delivery.id, lease, result, attempts: [], progress, round, requests: null, ...more };
}

export const DELIVERED = { kind: 'delivered' } as const;
export const DEAD = { kind: 'dead', reason: { code: 'HTTP_410', message: 'the target answered 410 Gone' } } as const;
export const DROPPED = { kind: 'dropped', reason: { code: 'MAPPING_DROP', message: 'rooms are not sent' } } as const;
export const RELEASED = { kind: 'released' } as const;
export const CONTINUED = { kind: 'continued' } as const;
export const retryAt = (at: number) =>
  ({ kind: 'retry', at, reason: { code: 'TIMEOUT', message: 'no answer in 15s' } }) as const;

export const REQUESTS: readonly WrittenRequest[] = [
  {
    ...{ event: 'record.done', method: 'POST', urlSuffix: '/a%20b' },
    ...{ query: [['q', 'é&='] as const], headers: { 'content-type': 'application/octet-stream' } },
    body: new Uint8Array([0, 255, 10, 13]),
  },
  { event: 'channel.create', method: 'GET', headers: {}, body: null },
  { event: 'record.done', method: 'POST', headers: {}, body: new Uint8Array(0) },
];

export function attempt(number: number, more: Partial<Attempt> = {}): Attempt {
  return {
    ...{ number, request: 0, url: 'https://shop.example.com/a%20b?q=1', method: 'POST' },
    ...{ headers: { 'webhook-id': 'dlv_x', authorization: '***' }, startedAt: START + number, durationMs: 12.5 },
    response: { status: 200, headers: { 'x-a': 'b' }, body: new Uint8Array([111, 107, 0, 200]), truncated: false },
    error: null,
    ...more,
  };
}

/** Turns rows into what the model calls them; the columns stand in the order in which the functions here read them. */

import { deliveryId } from '../../kit/ids.ts';
import type { AcceptedEvent, Attempt, AttemptResponse, Delivery, LeasedDelivery } from '../../model/delivery.ts';
import type { WrittenRequest } from '../../model/event.ts';
import type { Reason } from '../../model/outcome.ts';
import { unpackRequests } from '../packed.ts';
import { deliveryStateOf, eventStateOf, WAITING } from '../states.ts';
import { tokenOf } from './desk.ts';

export const EVENT_COLUMNS = `e.id, e.key, e.source, e.format, e.type, e.time, e.received_at, e.state,
  e.method, e.path, e.search, e.headers, e.body`;
const EVENT_WIDTH = 13;

export const DELIVERY_COLUMNS = `e.id, d.position, d.own_id, d.rule, d.target, d.mapping, d.order_key, d.state, d.attempts, d.round,
  d.progress, r.head, r.body, d.created_at, d.due_at, d.finished_at, d.reason, d.replays`;
const DELIVERY_WIDTH = 18;

/** A delivery with its event and the record of what it was translated to. */
export const DELIVERY_TABLES = `deliveries d JOIN events e ON e.seq = d.event
  LEFT JOIN records r ON r.delivery = d.seq AND r.number = 0`;

export const LEASED_COLUMNS = `${EVENT_COLUMNS}, ${DELIVERY_COLUMNS}, d.seq, d.lease, d.ready_at`;
export const LEASED_TABLES = DELIVERY_TABLES;

export type Row = readonly unknown[];

export function eventOf(row: Row): AcceptedEvent {
  const [id, key, source, format, type, time, receivedAt, state, method, path, search, headers, body] = row as [
    ...[string, string, string, string, string, string, number, number],
    ...[string, string, string, string, Uint8Array],
  ];
  return {
    ...{ id, key, source, format, type, time, receivedAt, state: eventStateOf(state) },
    request: { method, path, search, headers: JSON.parse(headers), body, receivedAt },
  };
}

export function deliveryOf(row: Row, at = 0): Delivery {
  const eventId = row[at] as string;
  const state = row[at + 7] as number;
  return {
    id: (row[at + 2] as string | null) ?? deliveryId(eventId, (row[at + 1] as number) + 1),
    eventId,
    rule: row[at + 3] as string,
    target: row[at + 4] as string,
    mapping: row[at + 5] as string | null,
    orderKey: row[at + 6] as string | null,
    state: deliveryStateOf(state),
    attempts: row[at + 8] as number,
    round: row[at + 9] as number,
    progress: row[at + 10] as number,
    requests: requestsOf(row[at + 11] as string | null, row[at + 12] as Uint8Array | null),
    createdAt: row[at + 13] as number,
    dueAt: row[at + 14] as number,
    finishedAt: state === WAITING ? null : (row[at + 15] as number),
    reason: JSON.parse((row[at + 16] as string | null) ?? 'null') as Reason | null,
    replays: row[at + 17] as number,
  };
}

export function leasedOf(row: Row): LeasedDelivery {
  const [seq, lease, until] = row.slice(EVENT_WIDTH + DELIVERY_WIDTH) as [number, number, number];
  return { event: eventOf(row), delivery: deliveryOf(row, EVENT_WIDTH), lease: { token: tokenOf(seq, lease), until } };
}

function requestsOf(head: string | null, bodies: Uint8Array | null): WrittenRequest[] | null {
  return head === null ? null : unpackRequests({ head, bodies: bodies ?? new Uint8Array() });
}

/** An attempt without the answer's body, as text; its members named one by one, as those of a request. */
export function attemptHead({
  request,
  url,
  method,
  headers,
  startedAt,
  durationMs,
  response,
  error,
}: Attempt): string {
  const answer = response && answerHead(response);
  const members = { request, url, method, headers, startedAt, durationMs, error, response: answer };
  return JSON.stringify(members satisfies Record<Exclude<keyof Attempt, 'number' | 'sent'>, unknown>);
}

function answerHead({ status, headers, truncated }: AttemptResponse): object {
  return { status, headers, truncated };
}

export type RecordRow = readonly [number: number, head: string, body: Uint8Array | null];

/**
 * The attempts of a delivery in their order, from its records in the opposite one. A record under a negative number is what the delivery was translated
 * to before it was translated anew: the attempts up to that number sent it, but for those that an earlier one speaks of.
 */
export function attemptsOf(records: readonly RecordRow[]): Attempt[] {
  const earlier = records.filter(([number]) => number < 0);
  const attempts: Attempt[] = [];
  for (const [number, head, body] of records.filter(([number]) => number > 0).reverse()) {
    const made = attemptOf(number, head, body);
    const [, sentHead, sentBodies] = earlier.find(([last]) => -last >= number) ?? [];
    const sent = requestsOf(sentHead ?? null, sentBodies ?? null)?.[made.request];
    attempts.push(sent ? { ...made, sent } : made);
  }
  return attempts;
}

function attemptOf(number: number, head: string, body: Uint8Array | null): Attempt {
  const { response, ...rest } = JSON.parse(head) as Omit<Attempt, 'number'>;
  const answer: AttemptResponse | null = response ? { ...response, body: body ?? new Uint8Array() } : null;
  return { number, ...rest, response: answer };
}

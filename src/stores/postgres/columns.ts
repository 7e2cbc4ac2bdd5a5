/** Turns rows into what the model calls them; bytes and whole numbers come as such, see parsers.ts. */
import { deliveryId } from '../../kit/ids.ts';
import type { AcceptedEvent, Delivery, LeasedDelivery } from '../../model/delivery.ts';
import type { Reason } from '../../model/outcome.ts';
import { unpackRequests } from '../packed.ts';
import { deliveryStateOf, eventStateOf, WAITING } from '../states.ts';
import { tokenOf } from './desk.ts';

export const EVENT_COLUMNS = `e.id, e.key, e.source, e.format, e.type, e.time, e.received_at, e.state AS event_state,
  e.method, e.path, e.search, e.headers, e.body`;

export const DELIVERY_COLUMNS = `d.event, d.position, d.siblings, d.own_id, d.rule, d.target, d.mapping, d.order_key, d.state, d.attempts, d.round,
  d.progress, d.requests, d.request_bodies, d.created_at, d.due_at, d.finished_at, d.reason, d.replays`;

export interface EventRow {
  readonly id: string;
  readonly key: string;
  readonly source: string;
  readonly format: string;
  readonly type: string;
  readonly time: string;
  readonly received_at: number;
  readonly event_state: number;
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly headers: string;
  readonly body: Uint8Array;
}

export interface DeliveryRow {
  readonly event: string;
  readonly position: number;
  readonly siblings: number;
  readonly own_id: string | null;
  readonly rule: string;
  readonly target: string;
  readonly mapping: string | null;
  readonly order_key: string | null;
  readonly state: number;
  readonly attempts: number;
  readonly round: number;
  readonly progress: number;
  readonly requests: string | null;
  readonly request_bodies: Uint8Array | null;
  readonly created_at: number;
  readonly due_at: number;
  readonly finished_at: number | null;
  readonly reason: string | null;
  readonly replays: number;
}

export function eventOf(row: EventRow): AcceptedEvent {
  const { id, key, source, format, type, time, received_at: receivedAt, method, path, search, body } = row;
  return {
    ...{ id, key, source, format, type, time, receivedAt, state: eventStateOf(row.event_state) },
    request: { method, path, search, headers: JSON.parse(row.headers), body, receivedAt },
  };
}

export function idOfRow({ event, position, own_id }: Pick<DeliveryRow, 'event' | 'position' | 'own_id'>): string {
  return own_id ?? deliveryId(event, position + 1);
}

export function deliveryOf(row: DeliveryRow): Delivery {
  const { event: eventId, rule, target, mapping, attempts, round, progress, replays } = row;
  return {
    ...{ id: idOfRow(row), eventId, rule, target, mapping, orderKey: row.order_key },
    ...{ state: deliveryStateOf(row.state), attempts, round, progress },
    requests:
      row.requests === null
        ? null
        : unpackRequests({ head: row.requests, bodies: row.request_bodies ?? new Uint8Array() }),
    createdAt: row.created_at,
    dueAt: row.due_at,
    finishedAt: row.state === WAITING ? null : row.finished_at,
    reason: row.reason === null ? null : (JSON.parse(row.reason) as Reason),
    replays,
  };
}

export function leasedOf(row: EventRow & DeliveryRow & { readonly lease: number }, until: number): LeasedDelivery {
  const { position, siblings, order_key: orderKey, lease } = row;
  const token = tokenOf({ position, isOrdered: orderKey !== null, hasSiblings: siblings > 1, lease });
  return { event: eventOf(row), delivery: deliveryOf(row), lease: { token, until } };
}

/** Events, deliveries and attempts as the admin API shows them: times as ISO 8601, bytes as text, credentials masked. */
import { decodeUtf8 } from '../kit/json.ts';
import type { AcceptedEvent, Attempt, Delivery } from '../model/delivery.ts';
import type { RawRequest, WrittenRequest } from '../model/event.ts';
import { type Mask, maskHeaders } from './mask.ts';
import type * as api from './schema/events.ts';
import type { Body } from './schema/parts.ts';

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function presentBody(bytes: Uint8Array, { truncated = false, mask }: { truncated?: boolean; mask: Mask }): Body {
  const text = decodeUtf8(bytes);
  const isText = text !== undefined;
  return {
    text: isText ? text : null,
    base64: isText ? null : maskedBase64(bytes, mask),
    bytes: bytes.length,
    truncated,
  };
}

/** A secret among bytes that are no text is found in them as Latin-1. */
function maskedBase64(bytes: Uint8Array, mask: Mask): string {
  return Buffer.from(mask(Buffer.from(bytes).toString('latin1')), 'latin1').toString('base64');
}

export function presentRaw({ method, path, search, headers, body }: RawRequest, mask: Mask): api.RawRequest {
  return { method, path, search, headers: maskHeaders(headers), body: presentBody(body, { mask }) };
}

export function presentEnvelope(event: Omit<AcceptedEvent, 'request'>): api.EventDetail['event'] {
  const { id, key, source, format, type, time, receivedAt, state } = event;
  return { id, key, source, format, type, time, received_at: iso(receivedAt), state };
}

export function presentSent(request: WrittenRequest, mask: Mask): api.SentRequest {
  const { event, method, urlSuffix = '', query = [], headers, body } = request;
  return {
    event,
    method,
    url_suffix: urlSuffix,
    query: query.map(([name, value]) => ({ name, value })),
    headers: maskHeaders(headers),
    body: body && presentBody(body, { mask }),
  };
}

export function presentDelivery(delivery: Delivery, held: api.Held | undefined): api.Delivery {
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    rule: delivery.rule,
    target: delivery.target,
    mapping: delivery.mapping,
    order_key: delivery.orderKey,
    state: delivery.state,
    attempts: delivery.attempts,
    round: delivery.round,
    progress: delivery.progress,
    replays: delivery.replays,
    created_at: iso(delivery.createdAt),
    due_at: iso(delivery.dueAt),
    held: held ?? null,
    finished_at: delivery.finishedAt === null ? null : iso(delivery.finishedAt),
    reason: delivery.reason,
  };
}

export interface DetailFacts {
  readonly tries: readonly Attempt[];
  readonly held: api.Held | undefined;
  readonly mask: Mask;
}

export function presentDetail(delivery: Delivery, { tries, held, mask }: DetailFacts): api.DeliveryDetail {
  return {
    ...presentDelivery(delivery, held),
    requests: delivery.requests?.map((request) => presentSent(request, mask)) ?? null,
    tries: tries.map((attempt) => presentAttempt(attempt, mask)),
  };
}

function presentAttempt(attempt: Attempt, mask: Mask): api.Attempt {
  const { number, request, method, url, headers, startedAt, durationMs, response, error, sent } = attempt;
  return {
    number,
    request,
    method,
    url,
    headers: maskHeaders(headers),
    started_at: iso(startedAt),
    duration_ms: durationMs,
    response: response && {
      status: response.status,
      headers: maskHeaders(response.headers),
      body: presentBody(response.body, { truncated: response.truncated, mask }),
    },
    error,
    sent: sent ? presentSent(sent, mask) : null,
  };
}

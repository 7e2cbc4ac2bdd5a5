/** What happened to an event as spans of one trace: receive → store → attempt. Ids follow from the event's, so a restart breaks no trace. */
import { idOf, type TraceContext } from './trace-context.ts';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace; of `receive` the sender's. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'server' | 'internal' | 'client';
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** What went wrong: a stable code; null where nothing did. */
  readonly failed: string | null;
}

export interface ReceivedFacts {
  readonly context: Pick<TraceContext, 'traceId' | 'parentSpanId'>;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Epoch milliseconds: when it came, when it was given to the store, and when it was safe there. */
  readonly receivedMs: number;
  readonly savingMs: number;
  readonly savedMs: number;
  readonly deliveries: number;
}

export function receiveSpans(facts: ReceivedFacts): readonly [receive: Span, store: Span] {
  const { id, source, type, receivedMs, savingMs, savedMs, deliveries } = facts;
  const { traceId, parentSpanId } = facts.context;
  const receive = {
    traceId,
    spanId: rootOf(id),
    parentSpanId,
    name: `receive ${type}`,
    kind: 'server',
    startMs: receivedMs,
    endMs: savedMs,
    attributes: {
      'dragoman.event': id,
      'dragoman.source': source,
      'dragoman.type': type,
      'dragoman.deliveries': deliveries,
    },
    failed: null,
  } as const;
  const store = {
    traceId,
    spanId: idOf(`store ${id}`, 16),
    parentSpanId: receive.spanId,
    name: 'store',
    kind: 'internal',
    startMs: savingMs,
    endMs: savedMs,
    attributes: { 'dragoman.event': id },
    failed: null,
  } as const;
  return [receive, store];
}

export interface AttemptedFacts {
  readonly traceId: string;
  readonly event: string;
  readonly delivery: string;
  readonly rule: string;
  readonly target: string;
  readonly attempt: number;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly outcome: string;
  readonly code: string;
  readonly endMs: number;
  readonly durationMs: number;
}

export function attemptSpan(facts: AttemptedFacts): Span {
  const { traceId, event, delivery, rule, target, attempt, status, outcome, code, endMs, durationMs } = facts;
  return {
    traceId,
    spanId: attemptSpanId(delivery, attempt),
    parentSpanId: rootOf(event),
    name: `attempt ${target}`,
    kind: 'client',
    startMs: endMs - durationMs,
    endMs,
    attributes: {
      'dragoman.event': event,
      'dragoman.delivery': delivery,
      'dragoman.rule': rule,
      'dragoman.target': target,
      'dragoman.attempt': attempt,
      'dragoman.outcome': outcome,
      ...(status > 0 && { 'http.response.status_code': status }),
      ...(code !== '' && { 'error.type': code }),
    },
    failed: outcome === 'delivered' ? null : code || outcome,
  };
}

export function attemptSpanId(delivery: string, attempt: number): string {
  return idOf(`attempt ${delivery} ${attempt}`, 16);
}

function rootOf(event: string): string {
  return idOf(`receive ${event}`, 16);
}

/** What happened to an event as spans of one trace: receive → store → attempt. Ids follow from the event's, so a restart breaks no trace. */
import { createHash } from 'node:crypto';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
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
  const traceId = hex(`trace ${id}`, 32);
  const receive = {
    traceId,
    spanId: rootOf(id),
    parentSpanId: '',
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
    spanId: hex(`store ${id}`, 16),
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
  const { event, delivery, rule, target, attempt, status, outcome, code, endMs, durationMs } = facts;
  return {
    traceId: hex(`trace ${event}`, 32),
    spanId: hex(`attempt ${delivery} ${attempt}`, 16),
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

function rootOf(event: string): string {
  return hex(`receive ${event}`, 16);
}

/** So many hex digits that follow from the text; never all zeros, which OpenTelemetry forbids. */
function hex(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits).replace(/^0+$/, '1'.padStart(digits, '0'));
}

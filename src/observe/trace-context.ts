/** Whose trace an event belongs to: its sender's, as `traceparent` says, else one of its own. Source: W3C Trace Context, https://www.w3.org/TR/trace-context-2/ */
import { createHash } from 'node:crypto';

export interface TraceContext {
  readonly traceId: string;
  /** The sender's span; empty where the event begins a trace. */
  readonly parentSpanId: string;
  /** Whether the sender keeps the trace; null where there is no sender's. */
  readonly isSampled: boolean | null;
  /** Whether the sender made its trace's id of random digits. */
  readonly isRandom: boolean;
  /** What other tracing systems have to tell each other; empty where there is nothing. */
  readonly state: string;
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** As many characters as everyone has to pass on. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;
const SAMPLED = 1;
const RANDOM = 2;

/** The headers are those that the event came with; a `traceparent` that cannot be read is none. */
export function contextOf(event: string, headers: Readonly<Record<string, string>>): TraceContext {
  const [, version, traceId, parentSpanId, digits = '', more] = TRACEPARENT.exec(headers.traceparent ?? '') ?? [];
  if (traceId === undefined || parentSpanId === undefined || (version === '00' && more !== undefined)) {
    return { traceId: idOf(`trace ${event}`, 32), parentSpanId: '', isSampled: null, isRandom: false, state: '' };
  }
  const flags = Number.parseInt(digits, 16);
  const { tracestate = '' } = headers;
  return {
    traceId,
    parentSpanId,
    isSampled: (flags & SAMPLED) !== 0,
    isRandom: (flags & RANDOM) !== 0,
    state: TRACESTATE.test(tracestate) ? tracestate : '',
  };
}

/** What a request carries that is made under a span of the trace. */
export function contextHeaders(
  { traceId, isRandom, state }: TraceContext,
  { spanId, isKept }: { readonly spanId: string; readonly isKept: boolean },
): { readonly traceparent: string; readonly tracestate?: string } {
  const flags = (isKept ? SAMPLED : 0) + (isRandom ? RANDOM : 0);
  const traceparent = `00-${traceId}-${spanId}-0${flags}`;
  return state === '' ? { traceparent } : { traceparent, tracestate: state };
}

/** The trace of a `traceparent` of ours; undefined where it is not kept. */
export function keptTrace(traceparent: string | undefined): string | undefined {
  const isKept = (Number(traceparent?.at(-1)) & SAMPLED) !== 0;
  return isKept ? traceparent?.slice(3, 35) : undefined;
}

/** So many hex digits that follow from the text; never all zeros, which OpenTelemetry forbids. */
export function idOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits).replace(/^0+$/, '1'.padStart(digits, '0'));
}

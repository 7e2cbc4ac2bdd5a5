/** Sends spans to an OpenTelemetry collector in batches, OTLP over HTTP as JSON. It never holds up what it tells of. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../kit/clock.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import type { Span } from './spans.ts';
import type { TraceContext } from './trace-context.ts';
import type { TraceSettings } from './trace-settings.ts';

export interface TraceExport {
  /** True for the traces that the sampling keeps, by what the sender does with it where there is one: the others need not even be made. */
  keeps(trace: Pick<TraceContext, 'traceId' | 'isSampled'>): boolean;
  add(span: Span): void;
  /** Sends what waits and stops, within seconds; may be called twice. Never rejects. */
  stop(): Promise<void>;
}

export interface TraceExportPorts {
  readonly settings: TraceSettings;
  readonly clock: Clock;
  readonly version: string;
  /** Spans do not leave, or are lost; each reason is said once until the collector keeps up again. Without addresses and headers. */
  failed(reason: string): void;
}

/** A batch leaves once it is full, and what there is after so long. */
const LARGEST_BATCH = 512;
const SEND_EVERY_MS = 5000;
/** What waits while the collector does not answer; more is lost. */
const MOST_WAITING = 4096;
/** For one batch, and for all that is still sent at a stop. */
const TIMEOUT_MS = 5000;
/** The answers after which OTLP lets a batch be sent again; after any other it is lost, or it would hold up all that follow. */
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const KINDS = { internal: 1, server: 2, client: 3 } as const;

type Posted =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string; readonly waitMs: number };

export function createTraceExport({ settings, clock, version, failed }: TraceExportPorts): TraceExport {
  const most = Math.round(settings.ratio * 0xffffffff);
  let waiting: Span[] = [];
  /** How many of those that wait are to leave even where they fill no batch. */
  let due = 0;
  let timer: Timer | undefined;
  let sending: Promise<void> | undefined;
  let isFailing = false;
  /** Until when, by the monotonic clock, the collector has asked to be left alone. */
  let restsUntil = 0;
  let cut: (() => void) | undefined;
  const said = new Set<string>();

  /** Ends with what is due and with full batches, or with the first that does not get through. */
  async function send(): Promise<void> {
    await nextTurn(); // a batch is not written on the way of the event that filled it
    let posted: Posted = { kind: 'taken' };
    while (posted.kind === 'taken' && (due > 0 || waiting.length >= LARGEST_BATCH)) {
      const batch = waiting.slice(0, LARGEST_BATCH);
      posted = await post(batch);
      if (posted.kind !== 'later') waiting = waiting.slice(batch.length);
      due = posted.kind === 'taken' ? Math.max(0, due - batch.length) : 0;
    }
    isFailing = posted.kind !== 'taken';
    if (posted.kind === 'taken') said.clear();
    else complain(posted.kind === 'refused' ? `${posted.reason}, so spans are lost` : posted.reason);
    if (posted.kind === 'later') restsUntil = clock.monotonic() + posted.waitMs;
    sending = undefined;
  }

  function complain(reason: string): void {
    if (!said.has(reason)) failed(reason);
    said.add(reason);
  }

  async function post(spans: readonly Span[]): Promise<Posted> {
    const limit = new AbortController();
    cut = () => limit.abort();
    const deadline = clock.after(TIMEOUT_MS, cut);
    try {
      const response = await fetch(settings.url, {
        method: 'POST',
        headers: { ...settings.headers, 'content-type': 'application/json' },
        body: JSON.stringify(payload(spans, { resource: settings.resource, version })),
        redirect: 'manual',
        signal: limit.signal,
      });
      await response.arrayBuffer();
      if (response.ok) return { kind: 'taken' };
      const reason = `it answered ${response.status}`;
      if (!TRY_AGAIN.has(response.status)) return { kind: 'refused', reason };
      const waitMs = retryAfterMs(response.headers.get('retry-after') ?? undefined, clock.now());
      return { kind: 'later', reason, waitMs };
    } catch {
      const reason = limit.signal.aborted ? 'it did not answer in time' : 'it cannot be reached';
      return { kind: 'later', reason, waitMs: 0 };
    } finally {
      deadline.cancel();
    }
  }

  async function flush(): Promise<void> {
    if (clock.monotonic() < restsUntil) return;
    sending ??= send();
    await sending;
  }

  function flushAll(): Promise<void> {
    due = waiting.length;
    return flush();
  }

  function sendSoon(): void {
    timer ??= clock.after(SEND_EVERY_MS, () => {
      timer = undefined;
      void flushAll().then(() => {
        if (waiting.length > 0) sendSoon();
      });
    });
  }

  return {
    keeps: ({ traceId, isSampled }) =>
      settings.isParentBased && isSampled !== null
        ? isSampled
        : most > 0 && Number.parseInt(traceId.slice(-8), 16) <= most,
    add(span) {
      if (waiting.length >= MOST_WAITING) return complain('more spans wait than are kept, so some are lost');
      waiting.push(span);
      // A collector that fails is asked again in its time only.
      if (waiting.length >= LARGEST_BATCH && !isFailing) void flush();
      sendSoon();
    },
    async stop() {
      timer?.cancel();
      timer = undefined;
      const deadline = clock.after(TIMEOUT_MS, () => cut?.());
      await flushAll();
      deadline.cancel();
    },
  };
}

/** An ExportTraceServiceRequest as OTLP's JSON mapping writes it: ids in hex, times in nanoseconds as text. */
function payload(
  spans: readonly Span[],
  { resource, version }: Pick<TraceSettings, 'resource'> & Pick<TraceExportPorts, 'version'>,
) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.version': version, ...resource }) },
        scopeSpans: [{ scope: { name: 'dragoman', version }, spans: spans.map(written) }],
      },
    ],
  };
}

function written(span: Span) {
  const { traceId, spanId, parentSpanId, name, kind, startMs, endMs, failed } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId !== '' && { parentSpanId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(Math.max(startMs, endMs)),
    attributes: attributes(span.attributes),
    status: failed === null ? {} : { code: 2, message: failed },
  };
}

function attributes(values: Span['attributes']) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}

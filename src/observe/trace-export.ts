/** Sends spans to an OpenTelemetry collector in batches, OTLP over HTTP as JSON. It never holds up what it tells of. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Span } from './spans.ts';
import type { TraceSettings } from './trace-settings.ts';

export interface TraceExport {
  /** True for the traces that the sampling keeps: the others need not even be made. */
  keeps(traceId: string): boolean;
  add(span: Span): void;
  /** Sends what waits and stops; may be called twice. Never rejects. */
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
const TIMEOUT_MS = 5000;

const KINDS = { internal: 1, server: 2, client: 3 } as const;

export function createTraceExport({ settings, clock, version, failed }: TraceExportPorts): TraceExport {
  const most = Math.round(settings.ratio * 0xffffffff);
  let waiting: Span[] = [];
  /** How many of those that wait are to leave even where they fill no batch. */
  let due = 0;
  let timer: Timer | undefined;
  let sending: Promise<void> | undefined;
  let isFailing = false;
  const said = new Set<string>();

  /** Ends with what is due and with full batches, or with the first that does not get through. */
  async function send(): Promise<void> {
    await nextTurn(); // a batch is not written on the way of the event that filled it
    let problem: string | undefined;
    while (problem === undefined && (due > 0 || waiting.length >= LARGEST_BATCH)) {
      const batch = waiting.slice(0, LARGEST_BATCH);
      problem = await post(batch);
      if (problem === undefined) waiting = waiting.slice(batch.length);
      due = problem === undefined ? Math.max(0, due - batch.length) : 0;
    }
    isFailing = problem !== undefined;
    if (problem === undefined) said.clear();
    else complain(problem);
    sending = undefined;
  }

  function complain(reason: string): void {
    if (!said.has(reason)) failed(reason);
    said.add(reason);
  }

  async function post(spans: readonly Span[]): Promise<string | undefined> {
    try {
      const response = await fetch(settings.url, {
        method: 'POST',
        headers: { ...settings.headers, 'content-type': 'application/json' },
        body: JSON.stringify(payload(spans, { service: settings.service, version })),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.arrayBuffer();
      return response.ok ? undefined : `it answered ${response.status}`;
    } catch (error) {
      return (error as Error).name === 'TimeoutError' ? 'it did not answer in time' : 'it cannot be reached';
    }
  }

  function flush(): Promise<void> {
    sending ??= send();
    return sending;
  }

  function flushAll(): Promise<void> {
    due = waiting.length;
    return flush();
  }

  return {
    keeps: (traceId) => Number.parseInt(traceId.slice(-8), 16) <= most && most > 0,
    add(span) {
      if (waiting.length >= MOST_WAITING) return complain('more spans wait than are kept, so some are lost');
      waiting.push(span);
      // A collector that fails is asked again in its time only.
      if (waiting.length >= LARGEST_BATCH && !isFailing) void flush();
      timer ??= clock.after(SEND_EVERY_MS, () => {
        timer = undefined;
        void flushAll();
      });
    },
    async stop() {
      timer?.cancel();
      await flushAll();
    },
  };
}

/** An ExportTraceServiceRequest as OTLP's JSON mapping writes it: ids in hex, times in nanoseconds as text. */
function payload(spans: readonly Span[], { service, version }: { readonly service: string; readonly version: string }) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': service, 'service.version': version }) },
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

import { describe, expect, it } from 'vitest';
import { attemptSpan, receiveSpans } from '../../src/observe/spans.ts';
import { createTraceExport } from '../../src/observe/trace-export.ts';
import { readTraceSettings, type TraceSettings } from '../../src/observe/trace-settings.ts';
import { type Consumer, startConsumer } from '../flow/consumer.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const RECEIVED = {
  id: 'evt_1',
  source: 'bsr',
  type: 'clip.generated',
  receivedMs: 1000.5,
  savingMs: 1001,
  savedMs: 1003,
  deliveries: 2,
};
const ATTEMPTED = {
  event: 'evt_1',
  delivery: 'dlv_1_1',
  rule: 'r',
  target: 'vod',
  attempt: 1,
  status: 500,
  outcome: 'retry',
  code: 'HTTP_500',
  endMs: 2000,
  durationMs: 30,
};
const settingsFor = (url: string, more: Partial<TraceSettings> = {}): TraceSettings => ({
  url,
  headers: {},
  service: 'dragoman',
  ratio: 1,
  ...more,
});

describe('the environment', () => {
  it.each([
    [{}, undefined],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' },
      { url: 'http://c:4318/v1/traces', ratio: 1, service: 'dragoman', headers: {} },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, { url: 'http://c:4318/v1/traces' }],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/x', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://d' },
      { url: 'http://c/x' },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b,y=c=d' },
      { headers: { 'x-key': 'a b', y: 'c=d' } },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SERVICE_NAME: 'relay-2' }, { service: 'relay-2' }],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
      },
      { ratio: 0.25 },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_SAMPLER: 'always_off' }, { ratio: 0 }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'no url' }, undefined],
  ])('%j', (env, expected) => {
    const settings = readTraceSettings(env);
    if (expected === undefined) expect(settings).toBeUndefined();
    else expect(settings).toMatchObject(expected);
  });
});

describe('the spans of an event', () => {
  it('are one trace, whichever relay makes them: receive, and under it store and every attempt', () => {
    const [receive, store] = receiveSpans(RECEIVED);
    const first = attemptSpan(ATTEMPTED);
    const second = attemptSpan({ ...ATTEMPTED, attempt: 2 });
    expect(new Set([receive, store, first, second].map(({ traceId }) => traceId)).size).toBe(1);
    expect([store, first, second].map(({ parentSpanId }) => parentSpanId)).toEqual(Array(3).fill(receive.spanId));
    expect(new Set([receive, store, first, second].map(({ spanId }) => spanId)).size).toBe(4);
    expect(receiveSpans(RECEIVED)[0].spanId).toBe(receive.spanId);
    expect(receive.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect([first.startMs, first.endMs, first.failed]).toEqual([1970, 2000, 'HTTP_500']);
    expect(attemptSpan({ ...ATTEMPTED, outcome: 'delivered', code: '', status: 204 }).failed).toBeNull();
  });
});

/** How many spans each request brought. */
function spansOf({ received }: Consumer): number[] {
  return received.map(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans.length);
}

describe('the export', () => {
  it('posts what has gathered as OTLP, with the headers that were asked for', async () => {
    await using collector = await startConsumer();
    const clock = new ManualClock();
    const settings = settingsFor(`${collector.url}/v1/traces`, { headers: { 'x-key': 'k' }, service: 'relay' });
    const traces = createTraceExport({ settings, clock, version: '1.2.3', failed: () => undefined });
    for (const span of [...receiveSpans(RECEIVED), attemptSpan(ATTEMPTED)]) traces.add(span);
    await clock.advance(5000);
    const [request] = await collector.count(1);
    expect(request).toMatchObject({
      method: 'POST',
      url: '/v1/traces',
      headers: { 'x-key': 'k', 'content-type': 'application/json' },
    });
    const [resource] = JSON.parse(request?.body ?? '').resourceSpans;
    expect(resource.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'relay' } });
    const [receive, , attempt] = resource.scopeSpans[0].spans;
    expect(receive).toMatchObject({
      name: 'receive clip.generated',
      kind: 2,
      startTimeUnixNano: '1000500000',
      endTimeUnixNano: '1003000000',
      status: {},
    });
    expect(receive).not.toHaveProperty('parentSpanId');
    expect(attempt).toMatchObject({ kind: 3, parentSpanId: receive.spanId, status: { code: 2, message: 'HTTP_500' } });
    expect(attempt.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '500' } });
    await traces.stop();
  });

  it('posts a batch as soon as it is full, so that nothing is lost that a healthy collector takes', async () => {
    await using collector = await startConsumer();
    const failures: string[] = [];
    const traces = createTraceExport({
      settings: settingsFor(collector.url),
      clock: new ManualClock(),
      version: '1',
      failed: (reason) => failures.push(reason),
    });
    for (let batch = 1; batch <= 10; batch++) {
      for (let n = 0; n < 512; n++) traces.add(attemptSpan({ ...ATTEMPTED, attempt: batch * 512 + n }));
      await collector.count(batch);
    }
    traces.add(attemptSpan(ATTEMPTED));
    await traces.stop();
    expect(spansOf(collector)).toEqual([...Array(10).fill(512), 1]);
    expect(failures).toEqual([]);
  });

  it('says once that the collector refuses and that spans are lost, keeps a bounded number of spans, and sends them later', async () => {
    let status = 503;
    await using collector = await startConsumer(() => status);
    const clock = new ManualClock();
    const failures: string[] = [];
    const settings = settingsFor(collector.url);
    const traces = createTraceExport({ settings, clock, version: '1', failed: (reason) => failures.push(reason) });
    for (let n = 0; n < 5000; n++) traces.add(attemptSpan({ ...ATTEMPTED, attempt: n }));
    await traces.stop();
    await traces.stop();
    expect(failures).toEqual(['more spans wait than are kept, so some are lost', 'it answered 503']);
    status = 200;
    await traces.stop();
    expect(spansOf(collector).slice(2)).toEqual(Array(8).fill(512));
  });

  it('keeps the part of the traces that was asked for, the same part of each event everywhere', () => {
    const clock = new ManualClock();
    const kept = (ratio: number): number => {
      const traces = createTraceExport({
        settings: settingsFor('http://c', { ratio }),
        clock,
        version: '1',
        failed: () => undefined,
      });
      return Array.from({ length: 2000 }, (_, n) => attemptSpan({ ...ATTEMPTED, event: `evt_${n}` })).filter(
        ({ traceId }) => traces.keeps(traceId),
      ).length;
    };
    expect([kept(0), kept(1)]).toEqual([0, 2000]);
    expect(kept(0.25)).toBeGreaterThan(400);
    expect(kept(0.25)).toBeLessThan(600);
  });
});

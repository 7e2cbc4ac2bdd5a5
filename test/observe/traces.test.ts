import { describe, expect, it } from 'vitest';
import { attemptSpan, receiveSpans } from '../../src/observe/spans.ts';
import { contextOf } from '../../src/observe/trace-context.ts';
import { createTraceExport } from '../../src/observe/trace-export.ts';
import { readTraceSettings, type TraceSettings } from '../../src/observe/trace-settings.ts';
import { type Consumer, startConsumer } from '../flow/consumer.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const RECEIVED = {
  context: contextOf('evt_1', {}),
  id: 'evt_1',
  source: 'bsr',
  type: 'clip.generated',
  receivedMs: 1000.5,
  savingMs: 1001,
  savedMs: 1003,
  deliveries: 2,
};
const ATTEMPTED = {
  traceId: RECEIVED.context.traceId,
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
  resource: { 'service.name': 'dragoman' },
  ratio: 1,
  isParentBased: true,
  propagates: true,
  ...more,
});

describe('the environment', () => {
  it.each([
    [{}, undefined],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' },
      { url: 'http://c:4318/v1/traces', ratio: 1, resource: { 'service.name': 'dragoman' }, headers: {} },
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
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/?key=k' }, { url: 'https://c/otlp/v1/traces?key=k' }],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      { url: 'http://c/v1/traces' },
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: '',
        OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
      },
      { headers: { a: 'b' } },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:p%40ss@c' },
      { url: 'http://c/v1/traces', headers: { authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` } },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SERVICE_NAME: 'relay-2' },
      { resource: { 'service.name': 'relay-2' } },
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=r,deployment.environment.name=pre%2Cprod, team=a',
      },
      { resource: { 'service.name': 'r', 'deployment.environment.name': 'pre,prod', team: 'a' } },
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=r,team=a',
        OTEL_SERVICE_NAME: 'relay-2',
      },
      { resource: { 'service.name': 'relay-2', team: 'a' } },
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
      },
      { ratio: 0.25, isParentBased: true, propagates: true },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, { isParentBased: true, propagates: true }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_SAMPLER: 'always_on' },
      { ratio: 1, isParentBased: false },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_PROPAGATORS: 'none' }, { propagates: false }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_PROPAGATORS: 'baggage, tracecontext' }, { propagates: true }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_SAMPLER: 'always_off' }, { ratio: 0 }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'True' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'yes' }, { url: 'http://c/v1/traces' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_SAMPLER: 'ALWAYS_OFF' }, { ratio: 0 }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ])('%j', (env, expected) => {
    const reasons: string[] = [];
    const settings = readTraceSettings(env, (reason) => reasons.push(reason));
    if (expected === undefined) expect(settings).toBeUndefined();
    else expect(settings).toEqual(expect.objectContaining(expected));
    expect(reasons).toEqual([]);
  });

  it.each([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL, such as http://localhost:4318',
      undefined,
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'no url', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is no http or https URL, such as http://localhost:4318',
      undefined,
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_HEADERS: 'x key=1,y=%0A,z=3' },
      'OTEL_EXPORTER_OTLP_HEADERS has a header that HTTP does not allow',
      { headers: { z: '3' } },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_RESOURCE_ATTRIBUTES: 'team=100%,service.name=r' },
      'OTEL_RESOURCE_ATTRIBUTES is not percent-encoded, so it is left out',
      { resource: { 'service.name': 'dragoman' } },
    ],
  ])('%j is told by its name', (env, reason, expected) => {
    const reasons: string[] = [];
    const settings = readTraceSettings(env, (one) => reasons.push(one));
    if (expected === undefined) expect(settings).toBeUndefined();
    else expect(settings).toEqual(expect.objectContaining(expected));
    expect(new Set(reasons)).toEqual(new Set([reason]));
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
    const settings = settingsFor(`${collector.url}/v1/traces`, {
      headers: { 'x-key': 'k' },
      resource: { 'service.name': 'relay', team: 'a' },
    });
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
    expect(resource.resource.attributes).toEqual([
      { key: 'service.version', value: { stringValue: '1.2.3' } },
      { key: 'service.name', value: { stringValue: 'relay' } },
      { key: 'team', value: { stringValue: 'a' } },
    ]);
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

  /** An export to the collector, on a clock that is moved by hand, with a span that can be told from the others. */
  function exportTo({ url }: Consumer) {
    const clock = new ManualClock();
    const failures: string[] = [];
    const failed = (reason: string) => failures.push(reason);
    const traces = createTraceExport({ settings: settingsFor(url), clock, version: '1', failed });
    const add = (name: string) => traces.add({ ...attemptSpan(ATTEMPTED), name });
    return { clock, failures, traces, add };
  }
  const namesIn = ({ body }: { readonly body: string }): string[] =>
    JSON.parse(body).resourceSpans[0].scopeSpans[0].spans.map(({ name }: { name: string }) => name);

  it.each([400, 401, 413, 302])(
    'lets go of a batch that is answered %i, which would hold up all later ones',
    async (status) => {
      await using collector = await startConsumer((_, index) =>
        index === 0 ? { status, headers: { location: '/elsewhere' } } : 200,
      );
      const { clock, failures, traces, add } = exportTo(collector);
      add('poison');
      await clock.advance(5000);
      await collector.count(1);
      await traces.stop();
      add('good');
      await traces.stop();
      expect(collector.received.map(namesIn)).toEqual([['poison'], ['good']]);
      expect(failures).toEqual([`it answered ${status}, so spans are lost`]);
    },
  );

  it('leaves a collector alone for as long as its Retry-After asks, and sends then what has waited, without a further event', async () => {
    let status = 429;
    await using collector = await startConsumer(() => ({ status, headers: { 'retry-after': '60' } }));
    const { clock, failures, traces, add } = exportTo(collector);
    add('one');
    await traces.stop();
    status = 200;
    add('two');
    await clock.advance(59_000);
    expect(collector.received.map(namesIn)).toEqual([['one']]);
    await clock.advance(1_000);
    await collector.count(2);
    expect(collector.received.map(namesIn)).toEqual([['one'], ['one', 'two']]);
    expect(failures).toEqual(['it answered 429']);
    await traces.stop();
  });

  it('stops within seconds, however many batches wait for a collector that is slow', async () => {
    const answers: (() => void)[] = [];
    await using collector = await startConsumer({ hold: (answer) => answers.push(answer) });
    const { clock, failures, traces, add } = exportTo(collector);
    for (let n = 0; n < 511; n++) add('one');
    await clock.advance(4000);
    for (let n = 0; n < 3000; n++) add('more');
    await collector.count(1);
    const stopped = traces.stop();
    await clock.advance(4000);
    answers[0]?.();
    await collector.count(2);
    await clock.advance(4000);
    answers[1]?.();
    await stopped;
    expect([collector.received.length, failures]).toEqual([2, ['it did not answer in time']]);
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
      return Array.from({ length: 2000 }, (_, n) => contextOf(`evt_${n}`, {})).filter(traces.keeps).length;
    };
    expect([kept(0), kept(1)]).toEqual([0, 2000]);
    expect(kept(0.25)).toBeGreaterThan(400);
    expect(kept(0.25)).toBeLessThan(600);
  });

  it.each([
    [true, [true, false]],
    [false, [true, true]],
  ])('follows the sender where the sampler does: %s', (isParentBased, kept) => {
    const settings = settingsFor('http://c', { isParentBased });
    const traces = createTraceExport({ settings, clock: new ManualClock(), version: '1', failed: () => undefined });
    const { traceId } = ATTEMPTED;
    expect([true, false].map((isSampled) => traces.keeps({ traceId, isSampled }))).toEqual(kept);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clip, runAdmin } from '../admin/run-admin.ts';
import { startConsumer } from '../flow/consumer.ts';
import { ManualClock } from '../kit/manual-clock.ts';

describe('an alarm', () => {
  it('goes by an ordinary rule to an ordinary target', async () => {
    const clock = new ManualClock(Date.now());
    await using consumer = await startConsumer();
    await using run = await runAdmin({
      clock,
      yaml: `
sources: { bsr: { format: bsr } }
targets: { ops: { format: json, url: "${consumer.url}/alarms" } }
rules:
  - { name: alarms to ops, from: dragoman, on: alarm.silent, when: { "==": [ { var: data.about }, bsr ] }, to: ops }
alarms:
  - { name: the recorder fell silent, silent: { source: bsr, for: 1h } }
`,
    });
    await clock.advance(10_000);
    while (consumer.received.length === 0) await clock.advance(60_000);
    const [alarm] = consumer.received;
    expect(alarm?.url).toBe('/alarms');
    expect(JSON.parse(alarm?.body ?? '')).toMatchObject({
      type: 'alarm.silent',
      alarm: 'the recorder fell silent',
      about: 'bsr',
    });
    const { items } = (await run.get('/api/events?source=dragoman')).body;
    expect(items).toMatchObject([{ type: 'alarm.silent', format: 'json', state: 'accepted' }]);
    const { rules } = (await run.get(`/api/events/${items[0].id}/explain`)).body;
    expect(rules).toMatchObject([{ rule: 'alarms to ops', matched: true }]);
    const { body } = await run.get('/api/overview');
    expect(body.alarms).toMatchObject([{ name: 'the recorder fell silent', about: 'bsr' }]);
    expect(body.flow.sources.map(({ name }: { name: string }) => name)).toEqual(['bsr', 'dragoman']);
    expect((await run.get('/metrics')).text).toContain('dragoman_alarms_on{alarm="the recorder fell silent"} 1');
  });
});

describe('a restart', () => {
  it('keeps refusals, pauses and what is stored', async () => {
    await using run = await runAdmin({
      yaml: `
sources: { bsr: { format: bsr, secret: let-me-in } }
targets: { seen: { format: bsr, url: "inspector:seen" } }
rules: [{ name: all, to: seen }]
`,
    });
    await run.post('/api/targets/seen/pause');
    await run.send('/in/bsr?secret=let-me-in', clip(1));
    await run.send('/in/bsr?secret=wrong', clip(2));
    await run.restart();
    expect((await run.get('/api/rejections')).body).toMatchObject({ total: 1, items: [{ code: 'SECRET_WRONG' }] });
    const { items } = await run.until('/api/targets', (body) => body.items[0].state === 'paused');
    expect(items[0].waiting).toBe(1);
    await run.post('/api/targets/seen/resume');
    await run.until('/api/inspect/seen', ({ received }) => received === 1);
  });
});

describe('what waits', () => {
  it('is among the metrics a second after a start', async () => {
    const clock = new ManualClock(Date.now());
    await using run = await runAdmin({
      clock,
      yaml: `
sources: { bsr: { format: bsr } }
targets: { down: { format: bsr, url: "inspector:down", enabled: false } }
rules: [{ name: all, to: down }]
`,
    });
    await run.send('/in/bsr', clip(1));
    await run.restart();
    await clock.advance(1000);
    let text = '';
    while (!text.includes('dragoman_deliveries_waiting{')) ({ text } = await run.get('/metrics'));
    expect(text).toContain('dragoman_deliveries_waiting{target="down"} 1');
  });
});

describe('deliveries for a target that the configuration no longer has', () => {
  it('are told in the overview, and labelled in the metrics', async () => {
    const clock = new ManualClock(Date.now());
    const yaml = (target: string) => `
sources: { bsr: { format: bsr } }
targets: { ${target}: { format: bsr, url: "inspector:down", enabled: false } }
rules: [{ name: all, to: ${target} }]
`;
    await using run = await runAdmin({ clock, yaml: yaml('down') });
    await run.send('/in/bsr', clip(1));
    await run.send('/in/bsr', clip(2));
    run.reload({ yaml: yaml('up') });
    const oldest_at = new Date(clock.now()).toISOString();
    expect((await run.get('/api/overview')).body).toMatchObject({
      waiting: { deliveries: 2, oldest_at },
      waiting_for_gone: [{ target: 'down', waiting: 2, oldest_at }],
    });
    await clock.advance(10_000);
    let text = '';
    while (!text.includes('dragoman_deliveries_waiting{')) ({ text } = await run.get('/metrics'));
    expect(text).toContain('dragoman_deliveries_waiting{target="gone"} 2');
  });
});

describe('traces', () => {
  it('of receive, store and attempt reach the collector that the environment names', async () => {
    await using collector = await startConsumer();
    await using run = await runAdmin({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      yaml: `
sources: { bsr: { format: bsr } }
targets: { seen: { format: bsr, url: "inspector:seen" } }
rules: [{ name: all, to: seen }]
`,
    });
    await run.send('/in/bsr', clip(1));
    await run.until('/api/ledger', ({ events }) => events.delivered === 1);
    await run.relay.stop('test');
    const spans = collector.received.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans);
    expect(spans.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      'attempt seen',
      'receive clip.generated',
      'store',
    ]);
    expect(new Set(spans.map(({ traceId }: { traceId: string }) => traceId)).size).toBe(1);
  });

  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const parent = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, tracestate: 'shop=7' };

  /** The headers with which an event of a traced sender reaches the target, and the spans of it. */
  async function traced(env: Readonly<Record<string, string>>) {
    await using collector = await startConsumer();
    await using consumer = await startConsumer((_, index) => (index === 0 ? 500 : 200));
    await using run = await runAdmin({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env },
      yaml: `
sources: { bsr: { format: bsr } }
targets: { shop: { format: bsr, url: "${consumer.url}", headers: { traceparent: mine }, retry: { quick: 2 } } }
rules: [{ name: all, to: shop }]
`,
    });
    const sent = await fetch(`${run.relay.serverUrl}/in/bsr`, {
      ...{ method: 'POST', body: JSON.stringify(clip(1)) },
      headers: { 'content-type': 'application/json', ...parent },
    });
    expect(sent.status).toBe(202);
    await run.until('/api/ledger', ({ events }) => events.delivered === 1);
    await run.relay.stop('test');
    const spans = collector.received.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans);
    return { headers: consumer.received.map(({ headers }) => headers), spans };
  }

  it('go on from the sender’s to the target’s, an attempt a span', async () => {
    const { headers, spans } = await traced({});
    const [receive] = spans.filter(({ name }) => name === 'receive clip.generated');
    expect(receive).toMatchObject({ traceId: TRACE, parentSpanId: 'b7ad6b7169203331' });
    const attempts = spans.filter(({ name }) => name === 'attempt shop');
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([receive.spanId, receive.spanId]);
    expect(headers).toMatchObject(
      attempts.map(({ spanId }) => ({ traceparent: `00-${TRACE}-${spanId}-01`, tracestate: 'shop=7' })),
    );
  });

  it('are neither read nor told on where OTEL_PROPAGATORS says so', async () => {
    const { headers, spans } = await traced({ OTEL_PROPAGATORS: 'none' });
    expect(spans).toHaveLength(4);
    expect(spans.filter(({ traceId }) => traceId === TRACE)).toEqual([]);
    expect(headers).toMatchObject([{ traceparent: 'mine' }, { traceparent: 'mine' }]);
    for (const one of headers) expect(one).not.toHaveProperty('tracestate');
  });

  it('are told on as not kept where the sampler keeps none', async () => {
    const { headers, spans } = await traced({ OTEL_TRACES_SAMPLER: 'always_off' });
    expect(spans).toEqual([]);
    expect(headers[0]?.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  it('are nobody’s business where none are exported', async () => {
    const { headers } = await traced({ OTEL_SDK_DISABLED: 'true' });
    expect(headers).toMatchObject([{ traceparent: 'mine' }, { traceparent: 'mine' }]);
  });
});

describe('the tail over HTTP', () => {
  it('tells of an event and of its delivery, and ends when the relay stops', async () => {
    await using run = await runAdmin({
      yaml: `
sources: { bsr: { format: bsr } }
targets: { seen: { format: bsr, url: "inspector:seen" } }
rules: [{ name: all, to: seen }]
`,
    });
    const response = await fetch(`${run.relay.adminUrl}/api/tail`);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await run.send('/in/bsr', clip(1));
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: settled')) void run.relay.stop('test');
    }
    const [, accepted = '', settled = ''] =
      /event: accepted\ndata: (.*)\n\nevent: settled\ndata: (.*)\n/.exec(text) ?? [];
    expect(JSON.parse(accepted)).toMatchObject({
      type: 'clip.generated',
      deliveries: [{ rule: 'all', target: 'seen' }],
    });
    expect(JSON.parse(settled)).toMatchObject({
      target: 'seen',
      outcome: 'delivered',
      event_id: JSON.parse(accepted).id,
    });
  });
});

describe('the metrics', () => {
  it('show breakers, pauses and the version at each scrape', async () => {
    // A port where nothing listens: taken for a moment, and let go.
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    await using run = await runAdmin({
      yaml: `
sources: { bsr: { format: bsr } }
targets:
  down: { format: bsr, url: "http://127.0.0.1:${port}/", breaker: { failures: 1 } }
  quiet: { format: bsr, url: "inspector:quiet" }
rules: [{ name: all, to: down }]
`,
    });
    await run.post('/api/targets/quiet/pause');
    await run.send('/in/bsr', clip(1));
    await run.until('/api/targets', ({ items }) => items[0].breaker === 'open');
    const { text } = await run.get('/metrics');
    expect(text).toContain('dragoman_breaker_open{target="down"} 1');
    expect(text).toContain('dragoman_breaker_open{target="quiet"} 0');
    expect(text).toContain('dragoman_target_paused{target="quiet"} 1');
    expect(text).toContain('dragoman_build_info{version="1.2.3"} 1');
    expect(text).toContain('dragoman_ledger_problems 0');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  it('begin at 0 for every source and target, those that a reload brings among them', async () => {
    const yaml = 'sources: { bsr: { format: bsr } }\ntargets: { vod: { format: bsr, url: "inspector:vod" } }\n';
    await using run = await runAdmin({ yaml });
    const counts = async () =>
      (await run.get('/metrics')).text.split('\n').filter((line) => /^dragoman_\w+_total\{.* \d+$/.test(line));
    expect(await counts()).toEqual([
      'dragoman_events_received_total{source="bsr"} 0',
      'dragoman_requests_rejected_total{source="bsr",code="STORE_UNAVAILABLE"} 0',
      'dragoman_deliveries_settled_total{target="vod",outcome="dead"} 0',
      'dragoman_config_reloads_total{result="loaded"} 0',
      'dragoman_config_reloads_total{result="rejected"} 0',
    ]);
    await run.send('/in/bsr', clip(1));
    run.reload({
      yaml: yaml
        .replace('bsr:', 'shop: { format: json }, bsr:')
        .replace('vod:', 'new: { format: json, url: "inspector:new" }, vod:'),
    });
    const after = await counts();
    expect(after).toContain('dragoman_events_received_total{source="bsr"} 1');
    expect(after).toContain('dragoman_events_received_total{source="shop"} 0');
    expect(after).toContain('dragoman_deliveries_settled_total{target="new",outcome="dead"} 0');
  });

  it('count a delivery that died at the door, because its filter failed', async () => {
    await using run = await runAdmin({
      yaml: `
sources: { shop: { format: json } }
targets: { seen: { format: json, url: "inspector:seen" } }
rules: [{ name: odd, when: { "==": [{ var: data.sly }, x] }, to: seen }]
`,
    });
    await run.send('/in/shop', { sly: { toString: 1, valueOf: 1 } });
    expect((await run.get('/api/overview')).body).toMatchObject({
      dead: 1,
      series: { dead: expect.arrayContaining([1]) },
    });
    expect((await run.get('/metrics')).text).toContain(
      'dragoman_deliveries_settled_total{target="seen",outcome="dead"} 1',
    );
  });
});

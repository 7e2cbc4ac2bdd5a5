import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import SchemaCheck from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS, type OperationId } from '../../src/admin/api-schema.ts';
import { type Consumer, startConsumer } from '../flow/consumer.ts';
import { type AdminRun, clip, runAdmin } from './run-admin.ts';

let run: AdminRun;
let consumer: Consumer;
let isBroken = true;
/** Of the clip that went to every target. */
let eventId: string;

beforeAll(async () => {
  consumer = await startConsumer(() => (isBroken ? { status: 400, body: 'no' } : 200));
  run = await runAdmin({
    yaml: `
params: { media_base: "https://media.example.com" }
sources:
  bsr: { format: bsr, secret: let-me-in }
  shop: { format: json, type: kind }
targets:
  vod: { format: remotemonster, url: "inspector:vod", order_by: data.room_id }
  broken: { format: sigma, url: "${consumer.url}/hook?key=1" }
  plain: { format: json, url: "inspector:plain" }
rules:
  - { name: clips, from: bsr, on: clip.generated, when: { ">": [ { var: data.length }, 60 ] }, to: vod }
  - { name: clips to sigma, from: bsr, on: clip.generated, to: broken }
  - { name: short ones, from: bsr, on: clip.generated, when: { "<": [ { var: data.length }, 10 ] }, to: vod }
  - { name: orders, from: shop, to: plain }
`,
  });
  eventId = (await run.send('/in/bsr?secret=let-me-in', clip(1))).body.id;
  for (let n = 2; n <= 5; n++) await run.send('/in/bsr?secret=let-me-in', clip(n));
  await run.send('/in/shop', '{"kind":"order","number":123456789012345678901}');
  await run.send('/in/bsr?secret=wrong', clip(9));
  await run.until('/api/ledger', ({ events }) => events.waiting === 0);
});

afterAll(async () => {
  await run[Symbol.asyncDispose]();
  await consumer[Symbol.asyncDispose]();
});

/** The answer, which has to be what the contract says of the operation. */
async function ask(id: OperationId, path: string, body?: unknown) {
  const { method, answer } = OPERATIONS[id] as { method: string; answer?: TSchema };
  const called = method === 'get' ? await run.get(path) : await run.post(path, body);
  expect([called.status, called.status === 200 ? '' : called.text]).toEqual([200, '']);
  expect(called.headers.get('content-type')).toMatch(/^application\/json/);
  const [, errors] = SchemaCheck.Compile(answer as Parameters<typeof SchemaCheck.Compile>[0]).Errors(called.body);
  expect(errors).toEqual([]);
  return called.body;
}

describe('the overview', () => {
  it('draws the flow from sources over rules to targets, with what went through', async () => {
    const { flow } = await ask('overview', '/api/overview');
    expect(flow.sources).toMatchObject([
      { name: 'bsr', format: 'bsr', path: '/in/bsr', accepted: 5, refused: 1 },
      { name: 'shop', accepted: 1, refused: 0 },
    ]);
    expect(flow.rules.map(({ name, matched }: { name: string; matched: number }) => [name, matched])).toEqual([
      ['clips', 5],
      ['clips to sigma', 5],
      ['short ones', 0],
      ['orders', 1],
    ]);
    expect(flow.targets).toMatchObject([
      { name: 'vod', delivered: 5, failed: 0 },
      { name: 'broken', delivered: 0, failed: expect.any(Number) },
      { name: 'plain', delivered: 1 },
    ]);
    expect(flow.links).toContainEqual({ from: 'source/bsr', to: 'rule/clips', events: 5, failed: 0 });
    expect(flow.links).toContainEqual({ from: 'rule/clips', to: 'target/vod', events: 5, failed: 0 });
    expect(flow.links).toContainEqual(
      expect.objectContaining({ from: 'rule/short ones', to: 'target/vod', events: 0 }),
    );
    const [toBroken] = flow.links.filter(({ to }: { to: string }) => to === 'target/broken');
    expect(toBroken.failed).toBeGreaterThan(0);
  });

  it('tells the last hour, what waits, what is dead, and that the ledger balances', async () => {
    const body = await ask('overview', '/api/overview');
    expect(body.series.accepted.reduce((a: number, b: number) => a + b)).toBe(6);
    expect(body.series.refused.reduce((a: number, b: number) => a + b)).toBe(1);
    expect(body.series.latency_p95_ms).toHaveLength(body.series.accepted.length);
    expect(body.relay).toMatchObject({ version: '1.2.3', store: 'sqlite', ready: true, problems: [] });
    expect(body.dead).toBe(5);
    expect(body.waiting).toEqual({ deliveries: 0, oldest_at: null });
    expect(body.waiting_for_gone).toEqual([]);
    expect(body.ledger).toEqual(await ask('ledger', '/api/ledger'));
    expect(body.ledger).toMatchObject({ accepted: 6, problems: [] });
  });
});

describe('events', () => {
  const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);

  it('come in pages, newest first, each event once', async () => {
    const all = ids(await ask('listEvents', '/api/events'));
    expect(all).toHaveLength(6);
    expect(all.toSorted().toReversed()).toEqual(all);
    const paged: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const body = await ask('listEvents', `/api/events?limit=2${next === '' ? '' : `&before=${next}`}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      paged.push(...ids(body));
      next = body.next;
    }
    expect(paged).toEqual(all);
  });

  it.each([
    ['source=shop', 1],
    ['type=clip.generated', 5],
    ['type=nothing', 0],
    ['state=dead', 5],
    ['state=unmatched', 0],
    ['text=3.mp4', 1],
    ['since=1h', 6],
    ['until=2000-01-01T00:00:00Z', 0],
    ['source=bsr&state=delivered&since=1h&limit=3', 3],
  ])('are filtered by %s', async (query, count) => {
    expect((await ask('listEvents', `/api/events?${query}`)).items).toHaveLength(count);
  });

  it('show everything from the raw request to what was delivered', async () => {
    const body = await ask('showEvent', `/api/events/${eventId}`);
    expect(body.event).toMatchObject({ id: eventId, source: 'bsr', type: 'clip.generated', state: 'accepted' });
    expect(JSON.parse(body.request.body.text)).toEqual(clip(1));
    expect(body.request.search).toBe('');
    expect(body.data).toMatchObject({ room_id: '27183290', length: 121 });
    const [vod, broken] = body.deliveries;
    expect(vod).toMatchObject({
      rule: 'clips',
      target: 'vod',
      state: 'delivered',
      order_key: '27183290',
      reason: null,
    });
    expect(vod.tries).toMatchObject([
      { number: 1, request: 0, method: 'POST', response: { status: 200 }, error: null },
    ]);
    expect(JSON.parse(vod.requests[0].body.text)).toMatchObject({ url: 'https://media.example.com/output/1.mp4' });
    expect(broken).toMatchObject({ target: 'broken', state: 'dead', reason: { code: 'HTTP_400' } });
    expect(broken.tries[0]).toMatchObject({ response: { status: 400, body: { text: 'no' } } });
  });

  it('lead each output field to where it came from and to where it stands in the request', async () => {
    const { explanation } = await ask('showEvent', `/api/events/${eventId}`);
    const [line] = explanation.rules[0].lines;
    const field = (name: string) =>
      line.translation.emissions[0].fields.find((one: { field: string }) => one.field === name);
    expect(field('id')).toMatchObject({
      value: '"bilibili_27183290"',
      inputs: [
        { path: 'data.platform', value: '"bilibili"' },
        { path: 'data.room_id', value: '"27183290"' },
      ],
      sent_as: [{ request: 0, path: 'body.id' }],
    });
    expect(field('duration')).toMatchObject({
      value: '"121"',
      operators: [{ name: 'round' }, { name: 'string' }],
      sent_as: [{ request: 0, path: 'body.duration' }],
    });
  });

  it('say which condition decided against a rule', async () => {
    const { rules } = await ask('explainEvent', `/api/events/${eventId}/explain`);
    expect(rules.map(({ rule, matched, why }: Record<string, unknown>) => [rule, matched, why])).toEqual([
      ['clips', true, 'matched'],
      ['clips to sigma', true, 'matched'],
      ['short ones', false, 'condition'],
      ['orders', false, 'other_source'],
    ]);
    expect(rules[2].decided_by).toMatchObject({
      operator: '<',
      at: { line: expect.any(Number) },
      operands: [
        { path: 'data.length', value: '121' },
        { path: null, value: '10' },
      ],
    });
  });

  it('keep whole numbers beyond 2^53 as they came', async () => {
    const [order] = (await ask('listEvents', '/api/events?source=shop')).items;
    const { data, request } = await ask('showEvent', `/api/events/${order.id}`);
    expect(data.number).toBe(123456789012345678901n);
    expect(request.body.text).toContain('123456789012345678901');
  });
});

describe('deliveries', () => {
  it.each([
    ['', 11],
    ['state=dead', 5],
    ['state=dead&target=vod', 0],
    ['target=vod', 5],
    ['rule=orders', 1],
    ['since=1h&limit=2', 2],
  ])('are filtered by %s', async (query, count) => {
    expect((await ask('listDeliveries', `/api/deliveries?${query}`)).items).toHaveLength(count);
  });

  it('show what was sent and every attempt', async () => {
    const [dead] = (await ask('listDeliveries', '/api/deliveries?state=dead')).items;
    const body = await ask('showDelivery', `/api/deliveries/${dead.id}`);
    expect(body).toMatchObject({ id: dead.id, mapping: 'bsr-to-sigma', state: 'dead' });
    expect(body.tries).toHaveLength(body.attempts);
    expect(body.tries[0].url).toBe(`${consumer.url}/hook?key=***`);
  });
});

describe('targets', () => {
  it('tell how they are', async () => {
    const { items } = await ask('listTargets', '/api/targets');
    expect(items).toMatchObject([
      {
        name: 'vod',
        inspector: 'vod',
        url: 'inspector:vod',
        state: 'running',
        breaker: 'closed',
        order_by: 'data.room_id',
      },
      { name: 'broken', inspector: null, url: `${consumer.url}/hook?key=***`, last_hour: { delivered: 0, dead: 5 } },
      { name: 'plain', last_hour: { delivered: 1, failed: 0, dead: 0 } },
    ]);
    expect(items[1].last_error).toMatchObject({ code: 'HTTP_400' });
  });

  it('are paused, so that deliveries wait, and resumed', async () => {
    expect(await ask('pauseTarget', '/api/targets/plain/pause')).toMatchObject({ name: 'plain', state: 'paused' });
    const { id } = (await run.send('/in/shop', { kind: 'order', number: 2 })).body;
    await run.until('/api/targets', ({ items }) => items[2].waiting === 1);
    const held = {
      ...{ reason: 'paused', until: null, behind: null },
      message: 'target plain is paused by an operator; dragoman targets resume plain',
    };
    const { deliveries } = await ask('showEvent', `/api/events/${id}`);
    expect(deliveries).toMatchObject([{ state: 'waiting', held }]);
    expect(await ask('listDeliveries', '/api/deliveries?target=plain')).toMatchObject({
      items: [{ held }, { state: 'delivered', held: null }],
    });
    expect(await ask('showDelivery', `/api/deliveries/${deliveries[0].id}`)).toMatchObject({ held });
    expect(await ask('resumeTarget', '/api/targets/plain/resume')).toMatchObject({ state: 'running' });
    await run.until('/api/targets', ({ items }) => items[2].waiting === 0);
  });

  it('are pinged without a body, and any answer counts as reached', async () => {
    const before = consumer.received.length;
    expect(await ask('pingTarget', '/api/targets/broken/ping')).toMatchObject({
      method: 'HEAD',
      url: `${consumer.url}/hook?key=***`,
      reached: true,
      status: 400,
      error: null,
    });
    expect(consumer.received.slice(before)).toMatchObject([{ method: 'HEAD', url: '/hook?key=1', body: '' }]);
  });
});

describe('a replay', () => {
  it('previews field by field what it would send, and sends nothing', async () => {
    const sent = consumer.received.length;
    const body = await ask('replay', '/api/replay', { ids: [eventId], retranslate: true, dry_run: true });
    expect(body).toMatchObject({ dry_run: true, found: 2, replayed: 0, unknown: [], next: null });
    expect(body.previews).toMatchObject([
      { target: 'vod', state: 'delivered', nothing: null, differences: [] },
      { target: 'broken', state: 'dead', nothing: null },
    ]);
    expect(consumer.received).toHaveLength(sent);
  });

  it('sends dead letters again by filter', async () => {
    isBroken = false;
    await ask('resumeTarget', '/api/targets/broken/resume');
    const body = await ask('replay', '/api/replay', { filter: { state: 'dead', target: 'broken', since: '1h' } });
    expect(body).toMatchObject({ dry_run: false, found: 5, replayed: 5, next: null });
    const { deliveries } = await run.until('/api/ledger', (ledger) => ledger.deliveries.waiting === 0);
    expect(deliveries).toMatchObject({ dead: 0, expired: 0 });
    const { tries, replays } = await ask('showDelivery', `/api/deliveries/${eventId.replace('evt_', 'dlv_')}_2`);
    expect(replays).toBe(1);
    expect(tries.at(-1)).toMatchObject({ response: { status: 200 }, sent: null });
  });

  it('names ids that are not there', async () => {
    const body = await ask('replay', '/api/replay', { ids: ['evt_nothing'], dry_run: true });
    expect(body).toMatchObject({ found: 0, unknown: ['evt_nothing'], previews: [] });
  });
});

describe('mappings', () => {
  it('are listed with what they need and who uses them', async () => {
    const { items } = await ask('listMappings', '/api/mappings');
    expect(items.find(({ name }: { name: string }) => name === 'bsr-to-remotemonster')).toMatchObject({
      from: 'bsr',
      to: 'remotemonster',
      params: [{ name: 'media_base', required: true, given: true }],
      used_by: ['clips', 'short ones'],
    });
  });

  it('show their text and how their tests go', async () => {
    const body = await ask('showMapping', '/api/mappings/bsr-to-sigma');
    expect(body.text).toBe(readFileSync(join(run.folder, 'mappings/bsr-to-sigma.yaml'), 'utf8'));
    expect(body.tests.problems).toEqual([]);
    expect(body.tests.results.length).toBeGreaterThan(20);
    expect(body.tests.results.filter(({ passed }: { passed: boolean }) => !passed)).toEqual([]);
  });

  it('keep a test file as it is that is not UTF-8', async () => {
    const file = join(run.folder, 'mappings/bsr-to-sigma.test.yaml');
    const before = readFileSync(file);
    const bytes = Buffer.from('- { name: caf\u00e9 }\n', 'latin1');
    writeFileSync(file, bytes);
    const request = { name: 'one more', event: { sample: 'clip.deleted' } };
    const refused = await run.post('/api/mappings/bsr-to-sigma/tests', request);
    expect([refused.status, refused.body.error.code]).toEqual([422, 'MAPPING_NOT_UTF8']);
    expect(readFileSync(file)).toEqual(bytes);
    writeFileSync(file, before);
  });

  it('take a test that is saved, behind those that are there, and it passes', async () => {
    const file = join(run.folder, 'mappings/bsr-to-sigma.test.yaml');
    const before = readFileSync(file, 'utf8');
    const request = { name: 'a clip that was looked at', event: { id: eventId } };
    const saved = await ask('saveTest', '/api/mappings/bsr-to-sigma/tests', request);
    expect(readFileSync(file, 'utf8')).toBe(`${before.trimEnd()}\n\n${saved.text}`);
    const { tests } = await ask('showMapping', '/api/mappings/bsr-to-sigma');
    expect(tests.results.at(-1)).toMatchObject({ name: 'a clip that was looked at', passed: true });
    const again = await run.post('/api/mappings/bsr-to-sigma/tests', request);
    expect([again.status, again.body.error.code]).toEqual([409, 'TEST_EXISTS']);
    expect(readFileSync(file, 'utf8')).toBe(`${before.trimEnd()}\n\n${saved.text}`);
  });
});

const ORDER = '{"kind":"order","number":1}';
const ORDERS = `from: json
to: json
translate:
  order: { body: { type: order, id: "\${event.id}" } }
  "*": { body: { type: "\${event.type}", id: "\${event.id}" } }
`;

describe('a test that is saved', () => {
  beforeAll(() => {
    writeFileSync(join(run.folder, 'mappings/orders.yaml'), ORDERS.replaceAll(/, id: [^}]*\}"/g, ''));
    run.reload({});
  });

  it.each([
    ['the source that is named', () => ({ event: { body: ORDER }, source: 'shop' })],
    ['the source of a stored event', (id: string) => ({ event: { id } })],
  ])('is read by the options of %s, and holds them', async (name, inputOf) => {
    const [{ id }] = (await ask('listEvents', '/api/events?source=shop')).items;
    const { text } = await ask('saveTest', '/api/mappings/orders/tests', { name, ...inputOf(id) });
    expect(text).toContain('source:\n    type: kind\n');
    expect(text).toContain('type: order');
  });

  it('loses none that is saved at the same moment', async () => {
    const names = ['one', 'two', 'three'];
    const stored = { id: (await ask('listEvents', '/api/events?source=shop')).items[0].id };
    await Promise.all(names.map((name) => ask('saveTest', '/api/mappings/orders/tests', { name, event: stored })));
    const { tests } = await ask('showMapping', '/api/mappings/orders');
    expect(tests.results.map((result: { name: string }) => result.name)).toEqual(expect.arrayContaining(names));
    expect(tests.results.filter(({ passed }: { passed: boolean }) => !passed)).toEqual([]);
  });
});

describe('the playground', () => {
  it.each([
    ['a sample', { sample: 'clip.generated' }],
    ['one of several samples', { sample: 'clip.generated/v2.16' }],
    ['a payload', { body: JSON.stringify(clip(7)) }],
  ])('translates %s', async (_, event) => {
    const body = await ask('translate', '/api/translate', { from: 'bsr', to: 'remotemonster', event });
    expect(body).toMatchObject({ problems: [], result: 'requests', reason: null, type: 'clip.generated' });
    expect(body.requests).toMatchObject([{ event: 'record.done', method: 'POST' }]);
    expect(body.translation).toMatchObject({ mapping: 'bsr-to-remotemonster', result: 'emitted' });
  });

  it('translates a stored event with a text that nobody has saved', async () => {
    const text = readFileSync(join(run.folder, 'mappings/bsr-to-sigma.yaml'), 'utf8').replaceAll('/output/', '/other/');
    const body = await ask('translate', '/api/translate', {
      from: 'bsr',
      to: 'sigma',
      mapping: 'bsr-to-sigma',
      mapping_text: text,
      event: { id: eventId },
      params: { media_base: 'https://elsewhere.example.com' },
    });
    expect(body.requests[0].body.text).toContain('https://elsewhere.example.com/other/1.mp4');
    expect(consumer.received.some(({ body: sent }) => sent.includes('elsewhere'))).toBe(false);
  });

  const orders = { from: 'json', to: 'json', mapping_text: ORDERS };

  it.each([
    ['with the options of a source', { source: 'shop' }, 'order'],
    ['without', {}, 'request'],
  ])('reads a payload %s', async (_, source, type) => {
    const body = await ask('translate', '/api/translate', { ...orders, event: { body: ORDER }, ...source });
    expect([body.type, JSON.parse(body.requests[0].body.text).type]).toEqual([type, type]);
  });

  it('reads a stored event as the source does that it came from, its id included', async () => {
    const [{ id }] = (await ask('listEvents', '/api/events?source=shop')).items;
    const body = await ask('translate', '/api/translate', { ...orders, event: { id } });
    expect(JSON.parse(body.requests[0].body.text)).toEqual({ type: 'order', id });
  });

  it('reports the problems of a text at their places', async () => {
    const text = 'from: streamrec\nto: remotemonster\ntranslate:\n  upload_ready: { emit: record.dun }\n';
    const { problems } = await ask('check', '/api/check', { mapping_text: text });
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'MAPPING_UNKNOWN_EMIT',
        at: expect.objectContaining({ line: 4, column: 25 }),
        try: 'record.done',
      }),
    );
    const body = await ask('translate', '/api/translate', {
      from: 'streamrec',
      to: 'remotemonster',
      mapping_text: text,
      event: { sample: 'upload_ready' },
    });
    expect(body).toMatchObject({ result: 'not_run', requests: [], type: 'upload_ready' });
    expect(body.problems).toEqual(problems);
  });

  it('lists every wrong field of a payload', async () => {
    const event = { body: '{"event":"clip.generated","id":5}' };
    const body = await ask('translate', '/api/translate', { from: 'bsr', to: 'sigma', event });
    expect(body).toMatchObject({ result: 'unreadable', reason: { code: 'EVENT_INVALID' }, data: null });
    expect(body.payload_problems.map(({ path }: { path: string }) => path)).toContain('payload');
  });

  it('says what is dropped on purpose', async () => {
    const body = await ask('translate', '/api/translate', {
      from: 'bsr',
      to: 'sigma',
      event: { sample: 'clip.deleted' },
    });
    expect(body).toMatchObject({ result: 'dropped', reason: { code: 'DROPPED' }, requests: [] });
  });

  it('reads no file outside the folder of mappings', async () => {
    const text = 'from: bsr\nto: sigma\ntables:\n  all: { file: ../config/relay.yaml }\ntranslate: {}\n';
    const { problems } = await ask('check', '/api/check', { mapping_text: text });
    expect(JSON.stringify(problems)).not.toContain('let-me-in');
    expect(problems.map(({ code }: { code: string }) => code)).toContain('MAPPING_TABLE_FILE');
  });

  it('ends a mapping that would run for ever', async () => {
    const list = JSON.stringify(Array.from({ length: 400 }, (_, n) => n));
    const text = `from: json\nto: json\ntranslate:\n  "*":\n    body: { $each: raw.list, as: a, do: { $each: raw.list, as: b, do: { $each: raw.list, as: c, do: "\${a}\${b}\${c}" } } }\n`;
    const body = await ask('translate', '/api/translate', {
      from: 'json',
      to: 'json',
      mapping_text: text,
      event: { body: `{"list":${list}}` },
    });
    expect(body).toMatchObject({ result: 'failed', reason: { code: 'MAPPING_TOO_LARGE' } });
  });

  it('has the catalogue of formats with every sample', async () => {
    const { items } = await ask('listFormats', '/api/formats');
    expect(items.map(({ name }: { name: string }) => name)).toEqual([
      'bsr',
      'remotemonster',
      'sigma',
      'streamrec',
      'json',
    ]);
    const clipEvent = items[0].events.find(({ type }: { type: string }) => type === 'clip.generated');
    expect(clipEvent.samples.map(({ name }: { name: string }) => name)).toEqual(['documented', 'v2.15', 'v2.16']);
  });
});

describe('refusals, inspectors and the document', () => {
  it('count refused requests by reason, without their bodies', async () => {
    const body = await ask('listRejections', '/api/rejections');
    expect(body).toMatchObject({
      total: 1,
      by_reason: [{ source: 'bsr', code: 'SECRET_WRONG', count: 1 }],
      items: [{ source: 'bsr', code: 'SECRET_WRONG', status: 401, address: '127.0.0.1' }],
    });
    expect((await ask('listRejections', '/api/rejections?source=shop')).items).toEqual([]);
  });

  it('show what an inspector received, and forget it', async () => {
    const { items } = await ask('listInspectors', '/api/inspect');
    expect(items.find(({ name }: { name: string }) => name === 'vod')).toMatchObject({ received: 5 });
    const { requests } = await ask('showInspector', '/api/inspect/vod');
    expect(requests).toHaveLength(5);
    expect(requests[0]).toMatchObject({ number: 5, method: 'POST', url: '/' });
    expect(Object.keys(requests[0].headers)).not.toContain('x-inspector-key');
    expect((await run.delete('/api/inspect/vod')).status).toBe(204);
    expect((await ask('showInspector', '/api/inspect/vod')).requests).toEqual([]);
  });

  it('serve the OpenAPI document', async () => {
    expect(await ask('openapi', '/api/openapi.json')).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  });
});

describe('a wrong request', () => {
  const cases: readonly [method: 'get' | 'post', path: string, body: unknown, status: number, code: string][] = [
    ['get', '/api/nothing', undefined, 404, 'PATH_UNKNOWN'],
    ['get', '/api/events/evt_nothing', undefined, 404, 'EVENT_UNKNOWN'],
    ['get', '/api/events/evt_nothing/explain', undefined, 404, 'EVENT_UNKNOWN'],
    ['get', '/api/deliveries/dlv_nothing_1', undefined, 404, 'DELIVERY_UNKNOWN'],
    ['get', '/api/mappings/nothing', undefined, 404, 'MAPPING_UNKNOWN'],
    ['post', '/api/targets/nothing/pause', undefined, 404, 'TARGET_UNKNOWN'],
    ['post', '/api/targets/nothing/resume', undefined, 404, 'TARGET_UNKNOWN'],
    ['post', '/api/targets/nothing/ping', undefined, 404, 'TARGET_UNKNOWN'],
    ['get', '/api/events?limit=0', undefined, 400, 'REQUEST_INVALID'],
    ['get', '/api/events?limit=9999', undefined, 400, 'REQUEST_INVALID'],
    ['get', '/api/events?limit=two', undefined, 400, 'REQUEST_INVALID'],
    ['get', '/api/events?state=gone', undefined, 400, 'REQUEST_INVALID'],
    ['get', '/api/events?since=yesterday', undefined, 400, 'REQUEST_INVALID'],
    ['get', '/api/deliveries?state=accepted', undefined, 400, 'REQUEST_INVALID'],
    ['get', '/api/replay', undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['post', '/api/events', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['post', '/api/replay', undefined, 415, 'CONTENT_TYPE_UNSUPPORTED'],
    ['post', '/api/replay', {}, 400, 'REQUEST_INVALID'],
    ['post', '/api/replay', { ids: ['a'], filter: {} }, 400, 'REQUEST_INVALID'],
    ['post', '/api/replay', { ids: [] }, 400, 'REQUEST_INVALID'],
    ['post', '/api/replay', { ids: ['a'], dryrun: true }, 400, 'REQUEST_INVALID'],
    ['post', '/api/replay', { filter: { since: 'noon' } }, 400, 'REQUEST_INVALID'],
    ['post', '/api/translate', { from: 'bsr', to: 'sigma' }, 400, 'REQUEST_INVALID'],
    ['post', '/api/translate', { from: 'bsr', to: 'fax', event: { sample: 'clip.generated' } }, 404, 'FORMAT_UNKNOWN'],
    ['post', '/api/translate', { from: 'bsr', to: 'sigma', event: { sample: 'clip.gen' } }, 404, 'SAMPLE_UNKNOWN'],
    ['post', '/api/translate', { from: 'bsr', to: 'sigma', event: { id: 'evt_1' } }, 404, 'EVENT_UNKNOWN'],
    [
      'post',
      '/api/translate',
      { from: 'sigma', to: 'json', event: { sample: 'channel_live' } },
      404,
      'MAPPING_UNKNOWN',
    ],
    ['post', '/api/check', { mapping_text: 'x'.repeat(300_000) }, 400, 'REQUEST_INVALID'],
    ['post', '/api/mappings/nothing/tests', { name: 'x', event: { sample: 'clip.generated' } }, 404, 'MAPPING_UNKNOWN'],
    ['post', '/api/mappings/bsr-to-sigma/tests', { name: 'x', event: { body: '{}' } }, 422, 'EVENT_INVALID'],
    [
      'post',
      '/api/mappings/bsr-to-sigma/tests',
      { name: 'x', event: { sample: 'clip.generated' }, mapping_text: 'a' },
      422,
      'MAPPING_BROKEN',
    ],
  ];

  it.each(cases)('%s %s with %j is answered %i %s', async (method, path, body, status, code) => {
    const called = method === 'get' ? await run.get(path) : await run.post(path, body);
    expect([called.status, called.body.error.code]).toEqual([status, code]);
    expect(called.body.error.message).toMatch(/\w/);
  });

  it('is told once what no form of a member allows', async () => {
    const { body } = await run.post('/api/translate', { from: 'bsr', to: 'sigma', event: 'evt_1' });
    const said = body.error.problems.map(
      ({ path, message }: { path: string; message: string }) => `${path} ${message}`,
    );
    expect(said).toEqual([...new Set(said)]);
    expect(said[0]).toBe('event must be object');
  });

  it('is told every member that is wrong', async () => {
    const { body } = await run.post('/api/replay', { ids: ['a'], dry_run: 'yes', retranslate: 1 });
    expect(body.error.problems.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'dry_run',
      'retranslate',
    ]);
  });

  it.each([
    [
      'get',
      '/api/deliveries?state=broken',
      undefined,
      'state must be one of waiting, delivered, dropped, dead, expired',
    ],
    ['post', '/api/replay', { filter: { state: 'lost' } }, 'state must be one of '],
  ] as const)('is told what can be said instead: %s %s %j', async (method, path, body, message) => {
    const called = method === 'get' ? await run.get(path) : await run.post(path, body);
    expect(called.body.error.message).toContain(message);
  });

  it('may be no JSON at all', async () => {
    const response = await fetch(`${run.relay.adminUrl}/api/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      'JSON_MALFORMED',
    ]);
  });

  it.each(['/api/events/%E0%A4%A', '/inspect/%E0%A4%A', '/api/mappings/%ff', '/api/%2e%2e/config/relay.yaml'])(
    'may have a path like %s',
    async (path) => {
      expect((await run.get(path)).status).toBeGreaterThanOrEqual(400);
      expect((await run.get(path)).status).toBeLessThan(500);
    },
  );
});

import { connect } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { remotemonster } from '../../src/formats/remotemonster/index.ts';
import { sigma } from '../../src/formats/sigma/index.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { request } from './bad-inputs.ts';
import { makeSource, type RunningDoor, runDoor, type SourceInput, talk } from './run-door.ts';

const FORMATS = [bsr, json, remotemonster, sigma];
const run = (...sources: SourceInput[]) => runDoor(sources.map(makeSource), { formats: FORMATS });

const post = (door: RunningDoor, to: string, init: RequestInit = {}) =>
  fetch(`${door.url}${to}`, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
    ...init,
  });

/** Sends the bytes, closes its side, and resolves with all that comes back. */
async function talkToEnd(port: number, bytes: Uint8Array): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(bytes);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

const bodyOf = (door: RunningDoor, index = 0) =>
  Buffer.from(door.arrivals[index]?.event.request.body ?? []).toString('latin1');

describe('an answer', () => {
  it('is 202 with the id of the stored event', async () => {
    await using door = await run({ name: 'json' });
    const response = await post(door, '/in/json');
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ id: door.arrivals[0]?.event.id, status: 'accepted' });
    expect(door.happened).toEqual(['accepted', 'answered json']);
  });

  it('comes after the event is stored, not before', async () => {
    const order: string[] = [];
    let store = (): void => {};
    const stored = new Promise<void>((resolve) => {
      store = () => {
        order.push('stored');
        resolve();
      };
    });
    const save = () => stored.then(() => ({ kind: 'saved', held: [] }) as const);
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, save });
    const answer = post(door, '/in/json').then(() => order.push('answered'));
    await expect.poll(() => door.scopes.length).toBe(1);
    store();
    await answer;
    expect(order).toEqual(['stored', 'answered']);
  });

  it('has the first id and the same status for a repeat, which is not stored again', async () => {
    await using door = await run({ name: 'json' });
    const first = (await (await post(door, '/in/json')).json()) as { id: string };
    const second = await post(door, '/in/json/');
    expect(second.status).toBe(202);
    expect(await second.json()).toEqual({ id: first.id, status: 'accepted', duplicate: true });
    expect(door.arrivals).toHaveLength(1);
  });

  it('is 2xx "ignored" for an event type that the format does not know', async () => {
    await using door = await run({ name: 'bsr', format: 'bsr' });
    const body = '{"id":"1","event":"room.painted","payload":{},"timestamp":1}';
    const response = await post(door, '/in/bsr', { body });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ id: door.arrivals[0]?.event.id, status: 'ignored' });
    expect(door.arrivals[0]?.event).toMatchObject({ state: 'ignored', type: 'room.painted' });
    expect(door.arrivals[0]?.deliveries).toEqual([]);
    const again = (await (await post(door, '/in/bsr', { body })).json()) as { id: string };
    expect(again.id).toBe(door.arrivals[0]?.event.id);
    expect(door.arrivals).toHaveLength(1);
  });

  it('is 200 with nothing for RemoteMonster, by GET, by form and by JSON', async () => {
    await using door = await run({ name: 'rm', format: 'remotemonster' });
    const requests = [
      ['/in/rm?action=create&chid=room-1', { method: 'GET' }],
      ['/in/rm', { method: 'POST', body: new URLSearchParams({ action: 'close', chid: 'room-1' }) }],
      [
        '/in/rm',
        {
          method: 'POST',
          body: '{"id":"room-1","url":"https://x/y.mp4"}',
          headers: { 'content-type': 'application/json' },
        },
      ],
      ['/in/rm?action=close&chid=room-2', { method: 'POST' }],
    ] as const;
    for (const [path, init] of requests) {
      const response = await fetch(`${door.url}${path}`, init);
      expect([response.status, await response.text()]).toEqual([200, '']);
    }
    expect(door.arrivals.map(({ event }) => event.type)).toEqual([
      'channel.create',
      'channel.close',
      'record.done',
      'channel.close',
    ]);
  });

  it('is 503 with Retry-After when nothing can be stored', async () => {
    const save = () => Promise.reject(new Error('disk full'));
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, save });
    const response = await post(door, '/in/json');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } });
    expect(door.happened).toContain('storeFailed disk full');
  });

  it('is 500 without a word about the cause when the relay is at fault', async () => {
    const receive = () => Promise.reject(new Error('password=hunter2'));
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, receive });
    const response = await post(door, '/in/json');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('hunter2');
    expect(door.defects).toHaveLength(1);
  });

  it('lists what a source takes for OPTIONS, and refuses HEAD in the same words', async () => {
    await using door = await run({ name: 'rm', format: 'remotemonster' });
    const options = await fetch(`${door.url}/in/rm`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, OPTIONS']);
    const head = await fetch(`${door.url}/in/rm?action=create&chid=room-1`, { method: 'HEAD' });
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
    expect(door.arrivals).toEqual([]);
  });
});

describe('bytes', () => {
  const exact = '\ufeff{"z":9007199254740993,"a":1.0,"名":"登顶！","a":2}';

  it.each([
    ['as they are', exact, undefined],
    ['gzip', gzipSync(exact), 'gzip'],
    ['x-gzip in capitals', gzipSync(exact), 'X-GZIP'],
    ['deflate', deflateSync(exact), 'deflate'],
    ['deflate without a header', deflateRawSync(exact), 'deflate'],
    ['br', brotliCompressSync(exact), 'br'],
    ['identity', exact, 'identity'],
  ])('arrive exact: %s', async (_, body, coding) => {
    await using door = await run({ name: 'json' });
    const headers = { 'content-type': 'application/json', ...(coding && { 'content-encoding': coding }) };
    const response = await post(door, '/in/json', { body: body as string, headers });
    expect(response.status).toBe(202);
    expect(bodyOf(door)).toBe(Buffer.from(exact).toString('latin1'));
    expect(door.scopes[0]?.raw).toEqual({ z: 9007199254740993n, a: 2, 名: '登顶！' });
  });

  it('arrive exact in chunks, and in an ArrayBuffer of their own size', async () => {
    await using door = await run({ name: 'json' });
    const head = 'POST /in/json HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await talk(door.port, head, '3\r\n{"a\r\n', '4\r\n":1}\r\n0\r\n\r\n');
    expect(answer).toContain(' 202 ');
    expect(bodyOf(door)).toBe('{"a":1}');
    await post(door, '/in/json', { body: '{"a":2}' });
    for (const { event } of door.arrivals) expect(event.request.body.buffer.byteLength).toBe(event.request.body.length);
  });

  it.each([
    ['none', null],
    ['a +json type', 'application/cloudevents+json'],
    ['utf-8 in capitals', 'application/json; charset=UTF-8'],
    ['a quoted charset', 'Application/JSON;charset="utf-8"'],
    ['another parameter', 'application/json; profile=x'],
  ])('are taken as JSON with this content type: %s', async (_, type) => {
    await using door = await run({ name: 'json' });
    const answer = await talk(door.port, request({ body: '{}', headers: { 'content-type': type } }));
    expect(answer).toContain(' 202 ');
    expect(door.arrivals[0]?.event.request.headers['content-type']).toBe(type ?? undefined);
  });

  it('fill the limit to the last byte', async () => {
    await using door = await run({ name: 'json', limits: { body: 64 } });
    const body = JSON.stringify('x'.repeat(62));
    expect((await post(door, '/in/json', { body })).status).toBe(202);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const zipped = await post(door, '/in/json', { body: gzipSync(body.replace('x', 'y')), headers });
    expect(zipped.status).toBe(202);
  });

  it('wait for "100 Continue" where the sender asks for it', async () => {
    await using door = await run({ name: 'json' });
    const bytes = request({ body: '{"a":1}', headers: { expect: '100-continue' } });
    const answer = await talk(door.port, bytes);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 202 /);
  });

  it('come in by an absolute URL, too', async () => {
    await using door = await run({ name: 'json' });
    const answer = await talk(door.port, request({ to: 'http://relay.example.com/in/json?x=1', body: '{}' }));
    expect(answer).toContain(' 202 ');
    expect(door.arrivals[0]?.event.request).toMatchObject({ path: '/in/json', search: 'x=1' });
  });
});

describe('limits', () => {
  it('let go of a sender that goes on sending, after its answer', async () => {
    const clock = new ManualClock();
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, clock });
    const socket = connect(door.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.on('error', () => {});
    socket.write(request({ headers: { 'content-length': '999999999' } }));
    expect(String(await answered)).toContain(' 413 ');
    for (let i = 0; i < 50; i++) socket.write(Buffer.alloc(65_536));
    expect(clock.pending).toBe(2); // the other is for connections that say nothing
    await clock.advance(2000);
    await closed;
  });

  it('answer 408 to a body that does not arrive in time, and free its place', async () => {
    const clock = new ManualClock();
    const source = makeSource({ name: 'json', limits: { inFlight: 1, timeoutMs: 15_000 } });
    await using door = await runDoor([source], { formats: FORMATS, clock });
    const slow = [
      request({ headers: { 'content-length': '7' }, body: '{"a"' }),
      request({ headers: { 'content-length': null, 'transfer-encoding': 'chunked' }, body: '4\r\n{"a"' }),
    ];
    for (const bytes of slow) {
      const answer = talk(door.port, bytes);
      await expect.poll(() => clock.pending).toBeGreaterThan(0);
      expect((await post(door, '/in/json')).status).toBe(503);
      await clock.advance(16_000);
      expect(await answer).toMatch(/^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s);
      await clock.advance(3000);
      await expect.poll(async () => (await post(door, '/in/json')).status).toBe(202);
    }
    expect(door.defects).toEqual([]);
  });

  it('hold back more than the rate, until the bucket has filled again', async () => {
    const clock = new ManualClock();
    const source = makeSource({ name: 'json', rate: { count: 2, perMs: 10_000 }, secrets: ['open-sesame'] });
    await using door = await runDoor([source], { formats: FORMATS, clock });
    const knock = () => post(door, '/in/json?secret=open-sesame');
    expect((await post(door, '/in/json?secret=wrong')).status).toBe(401);
    expect((await knock()).status).toBe(202);
    expect((await knock()).status).toBe(202);
    const late = await knock();
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '5']);
    await clock.advance(5000);
    expect((await knock()).status).toBe(202);
    door.swap([source]);
    expect((await knock()).status).toBe(429);
  });

  it('refuse a source more requests under way than it may have', async () => {
    let store = (): void => {};
    const stored = new Promise<void>((resolve) => {
      store = resolve;
    });
    const save = () => stored.then(() => ({ kind: 'saved', held: [] }) as const);
    const sources = [makeSource({ name: 'json', limits: { inFlight: 2 } })];
    await using door = await runDoor(sources, { formats: FORMATS, save });
    const first = [post(door, '/in/json'), post(door, '/in/json')];
    await expect.poll(() => door.scopes.length).toBe(2);
    const third = await post(door, '/in/json');
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '1']);
    store();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await post(door, '/in/json')).status).toBe(202);
  });

  it('survive a sender that hangs up in the middle of its body', async () => {
    await using door = await run({ name: 'json', limits: { inFlight: 1 } });
    for (const headers of [{ 'content-length': '9' }, { 'content-length': null, 'transfer-encoding': 'chunked' }]) {
      const socket = connect(door.port, '127.0.0.1');
      socket.write(request({ headers, body: '2\r\n' }));
      await expect.poll(async () => (await post(door, '/in/json')).status).toBe(503);
      socket.destroy();
      await expect.poll(async () => (await post(door, '/in/json')).status).toBe(202);
    }
    expect(door.refused.filter(({ code }) => code === 'BODY_INCOMPLETE')).toHaveLength(2);
    expect(door.defects).toEqual([]);
  });

  it.each([
    ['a length', { 'content-length': '99' }, '{"a":1'],
    ['chunks', { 'content-length': null, 'transfer-encoding': 'chunked' }, '6\r\n{"a":1\r\n'],
  ])('tell a sender that ends in the middle of a body with %s, and record it once', async (_, headers, body) => {
    await using door = await run({ name: 'json' });
    const answer = await talkToEnd(door.port, request({ headers, body }));
    expect(answer).toMatch(/^HTTP\/1.1 400 .*connection: close.*BODY_INCOMPLETE/is);
    expect(door.refused).toEqual([{ source: 'json', code: 'BODY_INCOMPLETE', status: 400, address: '127.0.0.1' }]);
    expect(door.defects).toEqual([]);
  });

  it.each([
    ['HTTP_MALFORMED', 400, 'zz\r\n'],
    ['BODY_TOO_LARGE', 413, `1;a=${'b'.repeat(40_000)}\r\n`],
  ])('record chunks that break a body as %s, once and with the source', async (code, status, broken) => {
    await using door = await run({ name: 'json' });
    const headers = { 'content-length': null, 'transfer-encoding': 'chunked' };
    const answer = await talk(door.port, request({ headers, body: `6\r\n{"a":1\r\n${broken}` }));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*connection: close.*${code}`, 'is'));
    await expect.poll(() => door.refused).toEqual([{ source: 'json', code, status, address: '127.0.0.1' }]);
    await using after = await run({ name: 'json' });
    expect((await post(after, '/in/json')).status).toBe(202);
  });

  it('answer once what is refused by its head and breaks in its body, all in one piece', async () => {
    const clock = new ManualClock();
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, clock });
    const headers = { 'content-length': null, 'transfer-encoding': 'chunked' };
    const socket = connect(door.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const answered = new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
    socket.on('error', () => {});
    socket.write(request({ to: '/in/nobody', headers, body: 'zz\r\n' }));
    expect(String(await answered)).toMatch(/^HTTP\/1.1 404 .*connection: close.*SOURCE_UNKNOWN/is);
    expect(door.refused.map(({ code }) => code)).toEqual(['SOURCE_UNKNOWN']);
    await clock.advance(2000);
    await closed;
  });

  it('answer a sender that closes its side after the whole request', async () => {
    let store = (): void => {};
    const ended = new Promise<void>((resolve) => {
      store = resolve;
    });
    const save = () => ended.then(() => ({ kind: 'saved', held: [] }) as const);
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, save });
    door.server.once('connection', (socket) => socket.once('end', () => setImmediate(store)));
    expect(await talkToEnd(door.port, request({ body: '{"a":1}' }))).toMatch(/^HTTP\/1.1 202 .*"accepted"/s);
    expect(door.refused).toEqual([]);
  });

  it('answer what came before garbage on the same connection, and then the garbage', async () => {
    await using door = await run({ name: 'json' });
    const good = (n: number) => request({ body: `{"a":${n}}` });
    const answers = await talkToEnd(door.port, Buffer.concat([good(1), good(2), Buffer.from('GARBAGE\r\n\r\n')]));
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 202', 'HTTP/1.1 400']);
    expect(answers).toMatch(/HTTP_MALFORMED/);
    expect([door.arrivals.length, door.refused.length]).toEqual([2, 1]);
  });

  it('answer what came before garbage, and then the garbage once, however much of it comes', async () => {
    let store = (): void => {};
    const stored = new Promise<void>((resolve) => {
      store = resolve;
    });
    const save = () => stored.then(() => ({ kind: 'saved', held: [] }) as const);
    await using door = await runDoor([makeSource({ name: 'json' })], { formats: FORMATS, save });
    const warnings: string[] = [];
    const note = ({ message }: Error) => warnings.push(message);
    process.on('warning', note);
    const socket = connect({ port: door.port, host: '127.0.0.1', allowHalfOpen: true });
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk;
    });
    const more = async () => {
      socket.write('more of it');
      expect((await post(door, '/in/nobody')).status).toBe(404); // by now the door has read it
    };
    socket.write(Buffer.concat([request({ body: '{"a":1}' }), Buffer.from('GARBAGE\r\n\r\n')]));
    for (let i = 0; i < 12; i++) await more();
    store();
    await expect.poll(() => answers).toMatch(/ 202 .* 400 .*HTTP_MALFORMED/s);
    for (let i = 0; i < 3; i++) await more();
    process.off('warning', note);
    expect([socket.errored, warnings]).toEqual([null, []]);
    expect(door.refused.filter(({ code }) => code === 'HTTP_MALFORMED')).toHaveLength(1);
    socket.destroy();
  });

  it('say which path was asked for where it is no source, without its query', async () => {
    await using door = await run({ name: 'json' });
    expect((await post(door, '/in/jsn?secret=hush')).status).toBe(404);
    expect(door.refused).toEqual([
      { source: '', code: 'SOURCE_UNKNOWN', status: 404, address: '127.0.0.1', path: '/in/jsn' },
    ]);
  });

  it('say which fields are wrong, and nothing of what they hold', async () => {
    await using door = await run({ name: 'sigma', format: 'sigma' });
    const body = '{"event":"channel_live","eventTime":"hush","id":7,"mode":"hush","recordUrl":["hush",7]}';
    expect((await post(door, '/in/sigma', { body })).status).toBe(422);
    expect(door.refused).toMatchObject([
      { source: 'sigma', code: 'EVENT_INVALID', fields: 'eventTime, id, recordUrl[1]' },
    ]);
  });

  it('answer 408 to headers that do not arrive in time', async () => {
    await using door = await run({ name: 'json', limits: { timeoutMs: 60_000 } });
    expect(door.server).toMatchObject({ headersTimeout: 15_000, requestTimeout: 16_000 });
    door.server.headersTimeout = 1;
    const answer = await talk(door.port, 'POST /in/json HTTP/1.1\r\nhost:');
    expect(answer).toMatch(/^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s);
    expect(door.server.requestTimeout).toBe(61_000);
    expect(door.refused).toMatchObject([{ source: '', code: 'REQUEST_TIMEOUT', status: 408, address: '127.0.0.1' }]);
  });

  it('keep a connection for the next request after a small refusal', async () => {
    await using door = await run({ name: 'json', secrets: ['open-sesame'] });
    const refused = request({ body: '{}' });
    const good = request({ to: '/in/json?secret=open-sesame', body: '{}' });
    const socket = connect(door.port, '127.0.0.1');
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk;
    });
    socket.write(Buffer.concat([refused, good]));
    await expect.poll(() => answers).toMatch(/401 [\s\S]*202 /);
    socket.destroy();
  });
});

describe('the table of sources', () => {
  it('is swapped whole, for plain and for unusual requests', async () => {
    await using door = await run({ name: 'json' });
    expect((await post(door, '/in/json/')).status).toBe(202);
    door.swap([makeSource({ name: 'json', path: '/hooks/(new)' })]);
    expect((await post(door, '/in/json')).status).toBe(404);
    expect((await post(door, '/hooks/(new)')).status).toBe(202);
    const put = await fetch(`${door.url}/hooks/(new)/`, { method: 'PUT', body: '{"b":1}' });
    expect(put.status).toBe(415);
  });

  it('leaves other paths to what is mounted', async () => {
    const sources = [makeSource({ name: 'json' })];
    await using door = await runDoor(sources, {
      formats: FORMATS,
      mount: async (ctx, next) => {
        if (ctx.path === '/v1/webhook') ctx.body = { data: [] };
        else await next();
      },
    });
    expect(await (await fetch(`${door.url}/v1/webhook`)).json()).toEqual({ data: [] });
    expect((await fetch(`${door.url}/elsewhere`)).status).toBe(404);
    expect((await post(door, '/in/json')).status).toBe(202);
  });
});

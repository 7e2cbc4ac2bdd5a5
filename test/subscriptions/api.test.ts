import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AUTHORIZATION, runApi } from './run-api.ts';

const URI = 'http://webhook.com';

describe('the documented requests and replies', () => {
  it('creates with a comma-separated list and answers with an array', async () => {
    const { call } = await runApi();
    const { status, body, headers } = await call('POST', '', { uri: URI, event: 'channel_live' });
    expect({ status, body }).toEqual({ status: 200, body: { id: '100001', uri: URI, event: ['channel_live'] } });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  it.each([
    ['JSON', { uri: URI, event: 'channel_ended,channel_live' }],
    ['JSON with spaces and repeats', { uri: URI, event: ' channel_live , channel_ended,channel_live,' }],
    ['JSON with an array, as the replies have it', { uri: URI, event: ['channel_live', 'channel_ended'] }],
    ['urlencoded', new URLSearchParams({ uri: URI, event: 'channel_live,channel_ended' })],
    [
      'urlencoded with a repeated parameter',
      new URLSearchParams([
        ['uri', URI],
        ['event', 'channel_live'],
        ['event', 'channel_ended'],
      ]),
    ],
  ])('takes a create as %s', async (_, body) => {
    const { call } = await runApi();
    const created = await call('POST', '', body);
    expect(created.body).toEqual({ id: '100001', uri: URI, event: ['channel_live', 'channel_ended'] });
  });

  it.each(['all', 'channel_live,all'])('gives every event for "%s"', async (event) => {
    const { call } = await runApi();
    const { body } = await call('POST', '', { uri: URI, event });
    expect(body).toMatchObject({ event: ['channel_live', 'channel_stop', 'channel_ended'] });
  });

  it('lists pages from 0 with how many are on the page and how many there are', async () => {
    const { call } = await runApi();
    expect((await call('GET', '')).body).toEqual({ data: [], total: 0, length: 0, page: 0 });
    for (let i = 0; i < 12; i++) await call('POST', '', { uri: `${URI}/${i}`, event: 'all' });
    const first = (await call('GET', '')).body as { data: { id: string }[] };
    expect(first).toMatchObject({ total: 12, length: 10, page: 0 });
    expect(first.data.map(({ id }) => Number(id) - 100_001)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await call('GET', '?page=1')).body).toMatchObject({ total: 12, length: 2, page: 1 });
    expect((await call('GET', '?page=3&length=5')).body).toEqual({ data: [], total: 12, length: 0, page: 3 });
    expect((await call('GET', '?page=0&length=100')).body).toMatchObject({ total: 12, length: 12 });
    expect((await call('GET', '/?page=2&length=5')).body).toMatchObject({
      data: [{ uri: `${URI}/10` }, { uri: `${URI}/11` }],
    });
  });

  it('filters a list by events', async () => {
    const { call } = await runApi();
    for (const event of ['channel_live', 'channel_stop', 'channel_ended,channel_live', 'all']) {
      await call('POST', '', { uri: `${URI}/${event}`, event });
    }
    const uris = async (event: string) => {
      const { data } = (await call('GET', `?event=${event}`)).body as { data: { uri: string }[] };
      return data.map(({ uri }) => uri.slice(URI.length + 1));
    };
    expect(await uris('channel_stop')).toEqual(['channel_stop', 'all']);
    expect(await uris('channel_live,channel_ended')).toEqual(['channel_live', 'channel_ended,channel_live', 'all']);
    expect(await uris('all')).toHaveLength(4);
  });

  it('reads one, and never deletes on GET', async () => {
    const { call } = await runApi();
    await call('POST', '', { uri: URI, event: 'all' });
    for (const suffix of ['/100001', '/100001/', '/100001?event=channel_live', '/100001']) {
      const { status, body } = await call('GET', suffix);
      expect({ status, body }).toEqual({
        status: 200,
        body: { id: '100001', uri: URI, event: ['channel_live', 'channel_stop', 'channel_ended'] },
      });
    }
  });

  it.each([['JSON'], ['urlencoded']])('updates with the same data as create, as %s', async (kind) => {
    const { call } = await runApi();
    await call('POST', '', { uri: URI, event: 'all' });
    const wanted = { uri: 'https://example.com/hook?x=1', event: 'channel_stop' };
    const updated = await call('PUT', '/100001', kind === 'JSON' ? wanted : new URLSearchParams(wanted));
    const expected = { id: '100001', uri: wanted.uri, event: ['channel_stop'] };
    expect(updated.body).toEqual(expected);
    expect((await call('GET', '')).body).toEqual({ data: [expected], total: 1, length: 1, page: 0 });
  });

  it('deletes', async () => {
    const { call } = await runApi();
    await call('POST', '', { uri: URI, event: 'all' });
    expect(await call('DELETE', '/100001')).toMatchObject({ status: 200, body: {} });
    expect(await call('GET', '/100001')).toMatchObject({ status: 404 });
    expect((await call('POST', '', { uri: URI, event: 'all' })).body).toMatchObject({ id: '100002' });
  });

  it('takes single events off, and deletes with the last of them', async () => {
    const { call } = await runApi();
    await call('POST', '', { uri: URI, event: 'all' });
    expect((await call('DELETE', '/100001?event=channel_live')).body).toEqual({});
    expect((await call('GET', '/100001')).body).toMatchObject({ event: ['channel_stop', 'channel_ended'] });
    expect((await call('DELETE', '/100001?event=channel_live')).body).toEqual({});
    expect((await call('DELETE', '/100001?event=channel_stop,channel_ended')).body).toEqual({});
    expect(await call('GET', '/100001')).toMatchObject({ status: 404 });
  });

  it('gives one that was switched off no event, and all of them again after an update', async () => {
    const { call, registry, clock } = await runApi();
    await call('POST', '', { uri: URI, event: 'all' });
    const gone = { at: clock.now(), durationMs: 0, status: 410, outcome: 'dead', code: 'HTTP_410' };
    registry.attempted('subscriber:100001', gone);
    await expect.poll(async () => (await call('GET', '/100001')).body).toEqual({ id: '100001', uri: URI, event: [] });
    expect((await call('GET', '?event=channel_live')).body).toMatchObject({ total: 0 });
    await call('PUT', '/100001', { uri: URI, event: 'channel_live' });
    expect((await call('GET', '/100001')).body).toMatchObject({ event: ['channel_live'] });
  });
});

describe('the refusals', () => {
  const good = { uri: URI, event: 'all' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const json = { 'content-type': 'application/json' };

  it.each<[string, string, string, unknown, number, RegExp, Record<string, string>?]>([
    ['no token', 'GET', '', undefined, 401, /token/, { authorization: '' }],
    ['another scheme', 'GET', '', undefined, 401, /token/, { authorization: AUTHORIZATION.replace('Basic', 'Bearer') }],
    ['a wrong secret', 'GET', '', undefined, 401, /token/, { authorization: `Basic ${btoa('an-id:a-secret')}` }],
    ['a wrong id', 'GET', '', undefined, 401, /token/, { authorization: `Basic ${btoa('id:a-secret:with-colon')}` }],
    ['an id alone', 'GET', '', undefined, 401, /token/, { authorization: `Basic ${btoa('an-id')}` }],
    ['no token at an unknown path', 'GET', '/1/2', undefined, 401, /token/, { authorization: '' }],
    ['an unknown path', 'GET', '/100001/2', undefined, 404, /path/],
    ['an unknown webhook to read', 'GET', '/5', undefined, 404, /no webhook/],
    ['an unknown webhook to update', 'PUT', '/5', good, 404, /no webhook/],
    ['an unknown webhook to delete', 'DELETE', '/5', undefined, 404, /no webhook/],
    ['an id that is none', 'GET', '/%2e%2e%2fx', undefined, 404, /no webhook/],
    ['one with a zero byte to update', 'PUT', '/1%00', good, 404, /no webhook/],
    ['one with a zero byte to delete', 'DELETE', '/1%00', undefined, 404, /no webhook/],
    ['another method on all', 'DELETE', '', undefined, 405, /GET, HEAD, POST/],
    ['another method on one', 'PATCH', '/100001', good, 405, /PUT, DELETE/],
    ['create on one', 'POST', '/100001', good, 405, /PUT, DELETE/],
    ['broken JSON', 'POST', '', '{"uri":', 400, /body/, json],
    ['JSON that is no object', 'POST', '', '"x"', 400, /body/, json],
    ['a list', 'POST', '', [good], 422, /uri and event/],
    ['another type', 'POST', '', '<uri/>', 415, /application\/json/, { 'content-type': 'text/xml' }],
    ['a strange coding', 'POST', '', '{}', 415, /encoding/, { ...json, 'content-encoding': 'x-none' }],
    ['a huge JSON body', 'POST', '', JSON.stringify({ ...good, x: 'x'.repeat(70_000) }), 413, /64kb/, json],
    ['a huge form', 'POST', '', `uri=${'x'.repeat(70_000)}`, 413, /64kb/, form],
    ['nothing', 'POST', '', undefined, 422, /uri must.*; event must/],
    ['no uri', 'POST', '', { event: 'all' }, 422, /^uri must/],
    ['no event', 'POST', '', { uri: URI }, 422, /^event must/],
    ['an empty event', 'POST', '', { uri: URI, event: ' , ' }, 422, /^event must/],
    ['an unknown event', 'POST', '', { uri: URI, event: 'channel_live,channel_dead' }, 422, /^event takes only/],
    ['an event of another type', 'POST', '', { uri: URI, event: 7 }, 422, /^event must/],
    ['an event of a property', 'POST', '', { uri: URI, event: '__proto__' }, 422, /^event takes only/],
    ['a uri of another type', 'POST', '', { uri: [URI], event: 'all' }, 422, /^uri must/],
    ['a relative uri', 'POST', '', { uri: '/hook', event: 'all' }, 422, /^uri must/],
    ['another scheme of uri', 'POST', '', { uri: 'ftp://webhook.com', event: 'all' }, 422, /^uri must/],
    ['a uri without slashes', 'POST', '', { uri: 'http:webhook.com', event: 'all' }, 422, /^uri must/],
    ['a uri with a line break', 'POST', '', { uri: 'http://webhook.com/\nx', event: 'all' }, 422, /^uri must/],
    ['a long uri', 'POST', '', { uri: `${URI}/${'x'.repeat(100)}`, event: 'all' }, 422, /100 characters/],
    ['this machine', 'POST', '', { uri: 'http://127.0.0.1/', event: 'all' }, 422, /uri: .*not a public address/],
    ['this machine by number', 'POST', '', { uri: 'http://2130706433/', event: 'all' }, 422, /public address/],
    ['this machine in IPv6', 'POST', '', { uri: 'http://[::ffff:7f00:1]/', event: 'all' }, 422, /public address/],
    ['cloud metadata', 'POST', '', { uri: 'http://169.254.169.254/latest', event: 'all' }, 422, /public address/],
    [
      'a name in a private network',
      'POST',
      '',
      { uri: 'http://inside.example.com', event: 'all' },
      422,
      /public address/,
    ],
    ['a name that no one has', 'POST', '', { uri: 'http://nowhere.example.com', event: 'all' }, 422, /resolved/],
    [
      'an update to a private address',
      'PUT',
      '/100001',
      { uri: 'http://10.0.0.1', event: 'all' },
      422,
      /public address/,
    ],
    ['a page that is none', 'GET', '?page=-1', undefined, 422, /^page must/],
    ['a page of text', 'GET', '?page=one', undefined, 422, /^page must/],
    ['two pages', 'GET', '?page=1&page=2', undefined, 422, /^page must/],
    ['no length', 'GET', '?length=0', undefined, 422, /^length must.*1 to 100/],
    ['too long a page', 'GET', '?length=101', undefined, 422, /^length must.*1 to 100/],
    ['everything wrong with a list', 'GET', '?page=x&length=y&event=z', undefined, 422, /page.*length.*event/],
    ['an unknown event to take off', 'DELETE', '/100001?event=x', undefined, 422, /^event takes only/],
    ['an empty event to take off', 'DELETE', '/100001?event=', undefined, 422, /^event must/],
  ])('refuses %s', async (_, method, suffix, body, status, message, headers) => {
    const { call, refused, defects } = await runApi();
    await call('POST', '', good);
    const reply = await call(method, suffix, body, headers);
    expect(reply).toMatchObject({ status, body: { ec: status, msg: expect.stringMatching(message) } });
    expect(Object.keys(reply.body as object)).toEqual(['ec', 'msg']);
    expect(refused).toEqual([{ status, code: expect.stringMatching(/^[A-Z_]+$/) }]);
    expect(defects).toEqual([]);
    const kept = { data: [{ id: '100001', uri: URI }], total: 1 };
    expect((await call('GET', '')).body).toMatchObject(kept);
  });

  it('takes compressed bodies, and no bombs', async () => {
    const { url } = await runApi();
    const post = (text: string) =>
      fetch(`${url}/v1/webhook`, {
        method: 'POST',
        headers: { ...json, authorization: AUTHORIZATION, 'content-encoding': 'gzip' },
        body: gzipSync(text),
      });
    expect((await post(JSON.stringify(good))).status).toBe(200);
    expect((await post(JSON.stringify({ ...good, x: 'x'.repeat(20_000_000) }))).status).toBe(413);
  });

  it('says how to come in, and which methods there are', async () => {
    const { call } = await runApi();
    const { headers } = await call('GET', '', undefined, { authorization: '' });
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect((await call('PATCH', '')).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect((await call('PATCH', '/1')).headers.get('allow')).toBe('GET, HEAD, PUT, DELETE, OPTIONS');
  });

  it('never says the secret', async () => {
    const { call, url } = await runApi();
    const { body } = await call('POST', '', { uri: 'http://user:hunter2@10.0.0.1/', event: 'all' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const wrong = await fetch(`${url}/v1/webhook`, { headers: { authorization: `Basic ${btoa('an-id:hunter2')}` } });
    expect(await wrong.text()).not.toMatch(/hunter2|a-secret/);
  });

  it('takes no more than there may be, until one has left', async () => {
    const { call, settings } = await runApi();
    settings.now = { ...(settings.now as NonNullable<typeof settings.now>), limit: 2 };
    const created = await Promise.all([1, 2].map(() => call('POST', '', good)));
    expect(created.map(({ status }) => status)).toEqual([200, 200]);
    expect(await call('POST', '', good)).toMatchObject({ status: 403, body: { ec: 403 } });
    await call('DELETE', '/100001');
    expect(await call('POST', '', good)).toMatchObject({ status: 200 });
  });

  it('allows the private networks that the configuration names, and no other', async () => {
    const { call, api } = await runApi();
    api.now = { ...(api.now as NonNullable<typeof api.now>), allowPrivate: ['10.1.0.0/16'] };
    expect(await call('POST', '', { uri: 'http://inside.example.com', event: 'all' })).toMatchObject({ status: 200 });
    expect(await call('POST', '', { uri: 'http://10.2.0.1', event: 'all' })).toMatchObject({ status: 422 });
  });

  it('says 503 while the store is away, and works again afterwards', async () => {
    const { call, shared, defects } = await runApi();
    shared.isAway = true;
    for (const [method, suffix, body] of [
      ['POST', '', good],
      ['GET', '', undefined],
      ['GET', '/1', undefined],
      ['PUT', '/1', good],
      ['DELETE', '/1', undefined],
    ] as const) {
      const reply = await call(method, suffix, body);
      expect(reply).toMatchObject({ status: 503, body: { ec: 503 } });
      expect(reply.headers.get('retry-after')).not.toBeNull();
    }
    shared.isAway = false;
    expect(await call('POST', '', good)).toMatchObject({ status: 200 });
    expect(defects).toEqual([]);
  });

  it('passes on what is not its own, and everything while nobody can subscribe', async () => {
    const { url, api } = await runApi();
    for (const path of ['/', '/v1', '/v1/webhooks', '/v1/webhook2']) {
      expect({ path, status: (await fetch(url + path)).status }).toEqual({ path, status: 418 });
    }
    api.now = null;
    expect((await fetch(`${url}/v1/webhook`)).status).toBe(418);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminRun, rawRequest, runAdmin } from './run-admin.ts';

const TOKEN = 'a-long-admin-token';
let open: AdminRun;
let locked: AdminRun;
let port: string;

beforeAll(async () => {
  const yaml =
    'sources: { in: { format: json } }\ntargets: { seen: { format: json, url: "inspector:seen" } }\nrules: [{ name: all, to: seen }]\n';
  open = await runAdmin({ yaml, admin: ', allowed_hosts: [relay.example.com]' });
  locked = await runAdmin({ yaml, admin: `, token: ${TOKEN}`, token: TOKEN });
  port = new URL(open.relay.adminUrl).port;
});
afterAll(async () => {
  await Promise.all([open[Symbol.asyncDispose](), locked[Symbol.asyncDispose]()]);
});

describe('the host', () => {
  it.each([
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['[::1]', 200],
    ['relay.example.com', 200],
    ['RELAY.example.com', 200],
    ['evil.example.com', 421],
    ['relay.example.com.evil.example.com', 421],
  ])('%s is answered %i', async (host, status) => {
    const answer = await rawRequest(`${open.relay.adminUrl}/api/ledger`, {
      headers: { host: `${host}:${port}` },
    });
    expect(answer.status).toBe(status);
  });
});

describe('a browser on behalf of another site', () => {
  const own = (): string => `http://127.0.0.1:${port}`;
  const cases: readonly [string, 'GET' | 'POST', () => Record<string, string>, number][] = [
    ['a page of ours', 'GET', () => ({ 'sec-fetch-site': 'same-origin' }), 200],
    ['an address typed in', 'GET', () => ({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }), 200],
    ['a link from elsewhere', 'GET', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }), 200],
    ['a script from elsewhere', 'GET', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }), 403],
    ['a fetch from elsewhere', 'GET', () => ({ origin: 'https://evil.example.com' }), 403],
    ['another port of this machine', 'GET', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['our own fetch', 'POST', () => ({ origin: own(), 'sec-fetch-site': 'same-origin' }), 415],
    ['our own fetch in an old browser', 'POST', () => ({ origin: own() }), 415],
    [
      'our own fetch behind a proxy that rewrites Host',
      'POST',
      () => ({ origin: 'https://relay.example.com', 'sec-fetch-site': 'same-origin' }),
      415,
    ],
    ['the same in an old browser', 'POST', () => ({ origin: 'https://relay.example.com' }), 403],
    [
      'a page whose name was made to lead here',
      'POST',
      () => ({ host: 'evil.example.com', origin: 'https://evil.example.com', 'sec-fetch-site': 'same-origin' }),
      421,
    ],
    ['no browser at all', 'POST', () => ({}), 415],
    [
      'a form from elsewhere',
      'POST',
      () => ({ origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }),
      403,
    ],
    ['a form of a neighbour', 'POST', () => ({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }), 403],
    ['a sandboxed frame', 'POST', () => ({ origin: 'null', 'sec-fetch-site': 'cross-site' }), 403],
    ['a sandboxed frame in an old browser', 'POST', () => ({ origin: 'null' }), 403],
  ];
  it.each(cases)('%s (%s) is let in or not', async (_, method, headers, status) => {
    const path = method === 'GET' ? '/api/ledger' : '/api/replay';
    expect((await rawRequest(`${open.relay.adminUrl}${path}`, { method, headers: headers() })).status).toBe(status);
  });
});

it('says what a proxy has to pass on where a page of another host asks for a change', async () => {
  const headers = { origin: 'http://relay.lan' };
  const { body } = await rawRequest(`${open.relay.adminUrl}/api/replay`, { method: 'POST', headers });
  expect(JSON.parse(body).error.message).toBe(
    `requests from another site are refused: the page is of relay.lan, the request was for 127.0.0.1:${port}; a proxy in between has to pass the Host on`,
  );
});

describe('the token', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each([
    ['as a bearer', `Bearer ${TOKEN}`, 200],
    ['as a password', basic(`anyone:${TOKEN}`), 200],
    ['as a password without a name', basic(`:${TOKEN}`), 200],
    ['missing', undefined, 401],
    ['wrong', 'Bearer a-long-admin-tokem', 401],
    ['a beginning of it', 'Bearer a-long', 401],
    ['empty', 'Bearer ', 401],
    ['as a name', basic(`${TOKEN}:`), 401],
  ])('%s', async (_, authorization, status) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await rawRequest(`${locked.relay.adminUrl}/api/ledger`, { headers });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  it.each([
    '/',
    '/api/overview',
    '/api/openapi.json',
    '/api/tail',
    '/metrics',
    '/inspect',
    '/inspect/seen',
    '/assets/x.js',
  ])('is asked for at %s', async (path) => {
    expect((await rawRequest(`${locked.relay.adminUrl}${path}`, {})).status).toBe(401);
  });

  it.each(['/healthz', '/readyz'])('is not asked for at %s, which tells nothing', async (path) => {
    expect((await rawRequest(`${locked.relay.adminUrl}${path}`, {})).status).toBe(200);
  });

  it('is not needed by the relay itself, whose deliveries reach its inspector', async () => {
    await locked.send('/in/in', { hello: 'inspector' });
    const seen = await locked.until('/api/inspect/seen', ({ received }) => received === 1);
    expect(seen.requests[0].body).toBe('{"hello":"inspector"}');
  });

  it('is needed by whoever else posts to the inspector', async () => {
    const headers = { 'webhook-id': 'x', 'x-inspector-key': 'guessed' };
    expect((await rawRequest(`${locked.relay.adminUrl}/inspect/seen`, { method: 'POST', headers })).status).toBe(401);
  });
});

describe('a reload', () => {
  it('leaves the port as it was opened until a restart: its token, its names, and the token a secret', async () => {
    await using run = await runAdmin({
      yaml: 'sources: { in: { format: json } }\n',
      admin: `, token: ${TOKEN}, allowed_hosts: [relay.example.com]`,
      token: TOKEN,
    });
    run.reload({ admin: ', allowed_hosts: [other.example.com]' });
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await rawRequest(`${run.relay.adminUrl}/api/ledger`, { headers })).status;
    const authorization = `Bearer ${TOKEN}`;
    expect(await status({})).toBe(401);
    expect(await status({ authorization, host: 'relay.example.com' })).toBe(200);
    expect(await status({ authorization, host: 'other.example.com' })).toBe(421);
    const { text } = await run.post('/api/check', { mapping_text: `from: ${TOKEN}` });
    expect(text).toContain('***');
    expect(text).not.toContain(TOKEN);
  });
});

describe('every answer', () => {
  it.each(['/', '/api/ledger', '/api/nothing', '/inspect', '/healthz', '/nothing'])(
    'of %s keeps browsers on a short lead',
    async (path) => {
      const { headers } = await rawRequest(open.relay.adminUrl + path, {});
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );
});

import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { buildOutgoing, hopsOf, type Outgoing, type OutgoingParts } from '../../src/deliver/outgoing.ts';
import type { WrittenRequest } from '../../src/model/event.ts';
import { target } from './rig.ts';

const NOW = Date.now();
const post: WrittenRequest = {
  event: 'x',
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"a":1}'),
};

function parts(changes: Partial<OutgoingParts> = {}): OutgoingParts {
  const delivery = { id: 'dlv_1', replays: 0 };
  return {
    target: target(),
    request: post,
    delivery,
    index: 0,
    attempt: 1,
    hops: 0,
    now: NOW,
    version: '1.2.3',
    maxHops: 3,
    ...changes,
  };
}

function built(changes: Partial<OutgoingParts> = {}): Outgoing {
  const result = buildOutgoing(parts(changes));
  if (result.kind !== 'built') throw new Error(result.reason.message);
  return result.outgoing;
}

function refusal(changes: Partial<OutgoingParts>): string {
  const result = buildOutgoing(parts(changes));
  return result.kind === 'built' ? 'built' : result.reason.code;
}

describe('what every delivery carries', () => {
  it('says who it is, when it is sent, and the how-manieth try it is', () => {
    expect(built({ attempt: 3, hops: 1 }).headers).toEqual({
      'user-agent': 'dragoman/1.2.3',
      'content-type': 'application/json',
      'webhook-id': 'dlv_1',
      'webhook-timestamp': String(Math.floor(NOW / 1000)),
      'dragoman-attempt': '3',
      'dragoman-hops': '2',
    });
  });

  it('gives each of several requests an id of its own, the same on every try', () => {
    const ids = [0, 1, 2].map((index) => built({ index }).headers['webhook-id']);
    expect(ids).toEqual(['dlv_1', 'dlv_1.2', 'dlv_1.3']);
  });

  it('says that it is a replay, and keeps the id', () => {
    const { headers } = built({ delivery: { id: 'dlv_1', replays: 2 } });
    expect(headers).toMatchObject({ 'webhook-id': 'dlv_1', 'dragoman-replay': '2' });
  });

  it('sends the exact bytes', () => {
    expect(built().body).toBe(post.body);
  });
});

describe('loops', () => {
  it.each([
    [{}, 0],
    [{ 'dragoman-hops': '2' }, 2],
    [{ 'dragoman-hops': '-1' }, 0],
    [{ 'dragoman-hops': 'NaN' }, 0],
    [{ 'dragoman-hops': '1, 2' }, 0],
    [{ 'dragoman-hops': '9'.repeat(400) }, 0],
  ])('reads %j as %i relays', (headers, hops) => {
    expect(hopsOf(headers as Record<string, string>)).toBe(hops);
  });

  it.each([
    [0, 'built'],
    [1, 'built'],
    [2, 'built'],
    [3, 'LOOP'],
    [4, 'LOOP'],
  ])('after %i relays: %s', (hops, outcome) => {
    expect(refusal({ hops })).toBe(outcome);
  });
});

describe('the URL', () => {
  const to = (url: string, request: Partial<WrittenRequest> = {}) =>
    built({ target: target({ url }), request: { ...post, ...request } }).path;

  it.each([
    ['http://h/a', {}, '/a'],
    ['http://h', {}, '/'],
    ['http://h/a/', {}, '/a/'],
    ['http://h/a?x=1', {}, '/a?x=1'],
    ['http://h/a', { urlSuffix: '/rooms/1' }, '/a/rooms/1'],
    ['http://h/a/', { urlSuffix: '/rooms/1' }, '/a/rooms/1'],
    ['http://h', { urlSuffix: '/rooms/1' }, '/rooms/1'],
    ['http://h/a?x=1', { urlSuffix: '/r' }, '/a/r?x=1'],
    ['http://h/a', { query: [['q', 'a b&c=d/é']] }, '/a?q=a%20b%26c%3Dd%2F%C3%A9'],
    [
      'http://h/a?x=1',
      {
        query: [
          ['q', '1'],
          ['q', '2'],
        ],
      },
      '/a?x=1&q=1&q=2',
    ],
    ['http://h/a', { query: [] }, '/a'],
    ['http://h/%E2%82%AC', { urlSuffix: '/a%2Fb' }, '/%E2%82%AC/a%2Fb'],
  ] as const)('%s with %j is %s', (url, request, path) => {
    expect(to(url, request)).toBe(path);
  });

  it.each([
    '/..',
    '/../admin',
    '/a/../../admin',
    '/.',
    '/./a',
    '/%2e%2e/admin',
    '/%2E%2E',
    '/.%2e',
    '/%2e',
    '/..%2fadmin',
    '/a%2f..%2f..%2fadmin',
    '/..%5cadmin',
    '/%252e%252e/admin',
    '/%25252e%25252e',
    '\\..\\admin',
    '/a\\b',
    'admin',
    '//evil.example/',
    '@evil.example/',
    '/a?x=1',
    '/a#x',
    '/a b',
    '/a\r\nhost: evil',
    '/é',
    '/%',
    '/%zz',
  ])('refuses the path %j', (urlSuffix) => {
    expect(refusal({ request: { ...post, urlSuffix } })).toBe('REQUEST_PATH');
  });

  it('stays on the configured host and below the configured path, whatever is written', () => {
    const piece = fc.constantFrom('/', '..', '.', '%2e', '%2F', '%25', '\\', 'a', '@', ':', '?', '#', '//', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const result = buildOutgoing(
          parts({ target: target({ url: 'http://h/base' }), request: { ...post, urlSuffix: `/${pieces.join('')}` } }),
        );
        if (result.kind !== 'built') return;
        const seen = new URL(result.outgoing.path, 'http://h');
        expect(seen.host).toBe('h');
        expect(seen.pathname.startsWith('/base/')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses a query that is no text', () => {
    expect(refusal({ request: { ...post, query: [['a', '\ud800']] } })).toBe('REQUEST_QUERY');
  });

  it.each(['CONNECT', 'TRACE', 'get', 'GET / HTTP/1.1\r\n', ''])('refuses the method %j', (method) => {
    expect(refusal({ request: { ...post, method } })).toBe('REQUEST_METHOD');
  });
});

describe('headers', () => {
  it.each([
    'host',
    'Host',
    'content-length',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'upgrade',
    'expect',
    'te',
    'trailer',
    'proxy-authorization',
    'webhook-id',
    'webhook-signature',
    'webhook-timestamp',
    'dragoman-attempt',
    'dragoman-hops',
    'Dragoman-Replay',
  ])('does not let %s be set by a target or a mapping', (name) => {
    const own = built().headers;
    expect(built({ target: target({ headers: { [name]: 'evil' } }) }).headers).toEqual(own);
    expect(built({ request: { ...post, headers: { ...post.headers, [name]: 'evil' } } }).headers).toEqual(own);
  });

  it('lets a mapping speak over the target, and the target over the relay', () => {
    const { headers } = built({
      target: target({ headers: { 'user-agent': 'mine', 'x-a': 'target', 'x-b': 'target' } }),
      request: { ...post, headers: { 'X-A': 'mapping' } },
    });
    expect(headers).toMatchObject({ 'user-agent': 'mine', 'x-a': 'mapping', 'x-b': 'target' });
  });

  it.each([
    ['a line break', 'x-title', 'a\r\nx-evil: 1'],
    ['a bare line feed', 'x-title', 'a\nb'],
    ['a NUL', 'x-title', 'a\0b'],
    ['text beyond Latin-1', 'x-title', '直播'],
    ['a name with a space', 'x title', 'a'],
    ['a name with a line break', 'x-a\r\nx-b', 'a'],
    ['an empty name', '', 'a'],
  ])('refuses %s for good', (_, name, value) => {
    expect(refusal({ request: { ...post, headers: { [name]: value } } })).toBe('REQUEST_HEADER');
  });

  it('sends Latin-1 as it is', () => {
    expect(built({ request: { ...post, headers: { 'x-title': 'café\t!' } } }).headers['x-title']).toBe('café\t!');
  });

  it('makes credentials of the URL an Authorization header', () => {
    const outgoing = built({ target: target({ url: 'http://us%65r:p%40ss@h/a' }) });
    expect(outgoing.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(outgoing.origin).toBe('http://h');
  });

  it('takes a percent sign that escapes nothing for itself', () => {
    const outgoing = built({ target: target({ url: 'http://us%zzer:50%off%C3%A9-%ff@h/a' }) });
    expect(outgoing.headers.authorization).toBe(`Basic ${Buffer.from('us%zzer:50%offé-%ff').toString('base64')}`);
  });
});

describe('what is kept of a request', () => {
  it('holds no secret of the target', () => {
    const outgoing = built({
      target: target({
        url: 'http://user:CANARY@h/a?token=CANARY&x=CANARY',
        headers: { authorization: 'Bearer CANARY', 'x-tenant': 'CANARY', accept: 'text/plain' },
        sign: [`whsec_${Buffer.from('CANARY').toString('base64')}`],
      }),
      request: { ...post, headers: { 'x-api-key': 'CANARY', 'x-room': '7' }, query: [['room', '7']] },
    });
    expect(`${outgoing.shownUrl} ${JSON.stringify(outgoing.shownHeaders)}`).not.toContain('CANARY');
    expect(outgoing.shownUrl).toBe('http://h/a?token=***&x=***&room=7');
    expect(outgoing.shownHeaders).toMatchObject({ accept: 'text/plain', 'x-room': '7', 'webhook-signature': '***' });
  });
});

describe('the signature', () => {
  const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
  const older = `whsec_${Buffer.from('the secret of last year').toString('base64')}`;

  const signed = (sign: readonly string[], body: string): Record<string, string> => ({
    ...built({ target: target({ sign }), request: { ...post, body: Buffer.from(body) } }).headers,
  });

  it('is accepted by the Standard Webhooks library, whatever the body', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(new Webhook(secret).verify(body, signed([secret], body))).toEqual(JSON.parse(body));
      }),
      { numRuns: 100 },
    );
  });

  it('is accepted under each of two secrets during a rotation, and under no other', () => {
    const headers = signed([secret, older], '{}');
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    expect(() => new Webhook(secret).verify('{}', headers)).not.toThrow();
    expect(() => new Webhook(older).verify('{}', headers)).not.toThrow();
    const stranger = new Webhook(Buffer.from('someone else').toString('base64'));
    expect(() => stranger.verify('{}', headers)).toThrow();
  });

  it('is over the bytes: one byte more, and it is refused', () => {
    expect(() => new Webhook(secret).verify('{} ', signed([secret], '{}'))).toThrow();
  });

  it('takes a secret without its prefix as the library does', () => {
    const bare = secret.slice('whsec_'.length);
    expect(() => new Webhook(bare).verify('{}', signed([bare], '{}'))).not.toThrow();
  });

  it('takes a secret without the = at its end for the same secret', () => {
    const padded = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const bare = padded.replace(/=+$/, '');
    expect(bare).not.toBe(padded);
    expect(() => new Webhook(padded).verify('{}', signed([bare], '{}'))).not.toThrow();
  });

  it('signs the empty body of a GET', () => {
    const { headers } = built({ target: target({ sign: [secret] }), request: { ...post, method: 'GET', body: null } });
    expect(() => new Webhook(secret).verify('', { ...headers })).not.toThrow();
  });

  it('is left out where the target has no secret', () => {
    expect(signed([], '{}')['webhook-signature']).toBeUndefined();
  });
});

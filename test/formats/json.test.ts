import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkData } from '../../src/formats/check-data.ts';
import { json } from '../../src/formats/json/index.ts';
import type { FormatOptions } from '../../src/model/format.ts';
import { bodyText, eventOf, jsonRequest, problemsOf, RECEIVED_AT, write, writtenOf, wrongPaths } from './request.ts';

const order = {
  kind: 'order.created',
  order: { id: 9007199254740993n, items: [{ sku: 'a' }] },
  at: '2026-03-19T12:40:25.499+01:00',
};
const read = (body: unknown, options: FormatOptions = {}) => json.read(jsonRequest(body), options);
const free = (data: object) => write(json, { type: 'request', data });

describe('reading json', () => {
  it.each([
    ['an object as it is', { a: 1 }, { a: 1 }],
    ['a list', [1, 2], { value: [1, 2] }],
    ['a text', '"x"', { value: 'x' }],
    ['a number beyond 2^53', '9007199254740993', { value: 9007199254740993n }],
    ['null', 'null', { value: null }],
  ])('reads %s', (_, body, data) => expect(eventOf(read(body)).data).toEqual(data));

  it.each<[string, FormatOptions, string]>([
    ['nothing', {}, 'request'],
    ['a path', { type: 'kind' }, 'order.created'],
    ['{ path }', { type: { path: 'kind' } }, 'order.created'],
    ['a path into lists', { type: 'order.items[0].sku' }, 'a'],
    ['a path with a dot before the index', { type: 'order.items.0.sku' }, 'a'],
    ['a header of any case', { type: { header: 'X-Event' } }, 'pushed'],
    ['the query', { type: { query: 'event' } }, 'pulled now'],
    ['a constant', { type: { const: 'order' } }, 'order'],
    ['a whole number', { type: 'order.id' }, '9007199254740993'],
  ])('takes the type from %s', (_, options, type) => {
    const request = { ...jsonRequest(order), headers: { 'x-event': 'pushed' }, search: 'event=pulled+now' };
    expect(eventOf(json.read(request, options)).type).toBe(type);
    expect(checkData(json.sourceOptions ?? {}, options)).toEqual([]);
  });

  it('takes a path into a body that is a list', () => {
    expect(eventOf(read([order], { type: '[0].kind' })).type).toBe('order.created');
  });

  it.each<[FormatOptions, string]>([
    [{ type: 'nothing' }, 'nothing'],
    [{ type: 'order' }, 'order'],
    [{ type: 'constructor.name' }, 'constructor.name'],
    [{ type: 'kind.length' }, 'kind.length'],
    [{ type: { header: 'x-none' } }, 'header x-none'],
    [{ type: { query: 'none' } }, 'query none'],
    [{ id: 'order.items' }, 'order.items'],
    [{ id: '__proto__' }, '__proto__'],
    [{ time: 'kind' }, 'kind'],
  ])('says what is wrong where %j leads to no such value', (options, path) => {
    expect(wrongPaths(read(order, options))).toEqual([path]);
  });

  it('refuses a type that cannot be shown', () => {
    for (const kind of ['', 'x'.repeat(101), 'a\nb', '\ud800', true, null, {}])
      expect(wrongPaths(read({ kind }, { type: 'kind' }))).toEqual(['kind']);
  });

  it('tells a repeat by type and id', () => {
    const options = { type: 'kind', id: 'order.id' };
    const key = eventOf(read(order, options)).key;
    expect(key).toBe('["order.created","9007199254740993"]');
    expect(eventOf(read({ ...order, at: 'later' }, options)).key).toBe(key);
    expect(eventOf(read({ ...order, kind: 'order.paid' }, options)).key).not.toBe(key);
    expect(eventOf(read({ ...order, order: { id: 9007199254740992n } }, options)).key).not.toBe(key);
  });

  it('without an id tells a repeat by its bytes and query', () => {
    const request = jsonRequest(order);
    const key = eventOf(json.read(request, {})).key;
    expect(eventOf(json.read({ ...request, receivedAt: 5 }, {})).key).toBe(key);
    expect(eventOf(json.read({ ...request, search: 'a=b' }, {})).key).not.toBe(key);
    expect(eventOf(read({ ...order, more: 1 })).key).not.toBe(key);
  });

  it('without an id tells apart what only a header does', () => {
    const options = { type: { header: 'x-event' } };
    const [started, again, stopped] = ['started', 'started', 'stopped'].map(
      (name) => eventOf(json.read({ ...jsonRequest({ room: 1 }), headers: { 'x-event': name } }, options)).key,
    );
    expect(again).toBe(started);
    expect(stopped).not.toBe(started);
  });

  it.each([
    ['2026-03-19T12:40:25.499+01:00', '2026-03-19T11:40:25.499Z'],
    [1757216040, '2025-09-07T03:34:00.000Z'],
    [1757216040.5, '2025-09-07T03:34:00.500Z'],
    [1757216040123, '2025-09-07T03:34:00.123Z'],
    ['1757216040', '2025-09-07T03:34:00.000Z'],
    [null, new Date(RECEIVED_AT).toISOString()],
    ['', new Date(RECEIVED_AT).toISOString()],
  ])('takes %j for the time %s', (at, time) => expect(eventOf(read({ at }, { time: 'at' })).time).toBe(time));

  it.each([true, -1, 1e18, 2n ** 70n, {}, 'soon'])('refuses %s for a time', (at) => {
    expect(wrongPaths(read({ at }, { time: 'at' }))).toEqual(['at']);
  });

  it('has options that are checked', () => {
    const wrong: object[] = [
      { type: 5 },
      { id: { pth: 'a' } },
      { id: { const: 'a' } },
      { time: {} },
      { typ: 'a' },
      { type: '' },
    ];
    for (const options of wrong) expect(checkData(json.sourceOptions ?? {}, options)).not.toEqual([]);
  });
});

describe('writing json', () => {
  it('posts what the mapping laid out', () => {
    const request = writtenOf(
      free({
        method: 'PUT',
        path: '/rooms/1',
        query: { a: 1, b: ['x', true] },
        headers: { 'X-Tenant': 'vod', 'x-n': 5 },
        body: { id: 9007199254740993n },
      }),
    );
    expect({ ...request, body: bodyText(request) }).toEqual({
      event: 'request',
      method: 'PUT',
      urlSuffix: '/rooms/1',
      query: [
        ['a', '1'],
        ['b', 'x'],
        ['b', 'true'],
      ],
      headers: { 'content-type': 'application/json', 'x-tenant': 'vod', 'x-n': '5' },
      body: '{"id":9007199254740993}',
    });
  });

  it.each([
    ['nothing', {}, null, undefined],
    ['a text', { body: 'hi' }, 'hi', 'text/plain; charset=utf-8'],
    [
      'a text with a type of its own',
      { body: '<a/>', headers: { 'Content-Type': 'application/xml' } },
      '<a/>',
      'application/xml',
    ],
    ['a list', { body: [1, 'x'] }, '[1,"x"]', 'application/json'],
    ['null', { body: null }, 'null', 'application/json'],
    ['a number', { body: 5n }, '5', 'application/json'],
  ])('sends %s as it should be', (_, data, body, contentType) => {
    const request = writtenOf(free(data));
    expect(request.method).toBe('POST');
    expect(request.body === null ? null : bodyText(request)).toBe(body);
    expect(request.headers['content-type']).toBe(contentType);
  });

  it.each([
    ['/rooms/1', '/rooms/1'],
    ['rooms/1', '/rooms/1'],
    ['/rooms/', '/rooms/'],
    ['/rooms/标题 x', '/rooms/%E6%A0%87%E9%A2%98%20x'],
    ['/rooms/%E6%A0%87', '/rooms/%E6%A0%87'],
    ['/rooms/100%25', '/rooms/100%25'],
    ['/a/[1].mp4', '/a/%5B1%5D.mp4'],
    ['/a/...', '/a/...'],
    ['/a/@name:x;v=1', '/a/@name:x;v=1'],
  ])('appends the path %j as %j', (path, suffix) => expect(writtenOf(free({ path })).urlSuffix).toBe(suffix));

  it.each([
    '/..',
    '/a/../b',
    '/a/..',
    '../a',
    '/a/./b',
    '/a/..;x/b',
    '/%2e%2e/a',
    '/%2E./a',
    '/.%2e/a',
    '/%252e%252e/a',
    '/%25252e%25252e/a',
    '/a%2fb',
    '/a%2Fb',
    '/a%252fb',
    '/a%5cb',
    '/a\\b',
    '/a?b=c',
    '/a#b',
    '//evil.example.com/a',
    '/a//b',
    'http://evil.example.com/',
    '/a\r\nb',
    '/a%0d%0ab',
    '/a\u0000',
    '/a%00',
    '/100%',
    '/%zz',
    '/\ud800',
    `/${'%25'.repeat(9000)}`,
    `/%${'25'.repeat(50)}41`,
  ])('refuses the path %j', (path) =>
    expect(problemsOf(free({ path }))).toEqual([{ path: 'path', message: expect.stringMatching(/^must/) }]),
  );

  it('keeps every path below the URL of its target, or refuses it', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%252e',
      '%2f',
      '\\',
      ';',
      '?',
      '#',
      '%',
      ' ',
      '标',
      ':',
      '@',
      '[',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const result = free({ path: pieces.join('') });
        if (result.kind === 'unwritable') return;
        const url = new URL(`https://target.example.com/base${result.request.urlSuffix ?? ''}`);
        expect(url.origin).toBe('https://target.example.com');
        expect(url.href).toBe(`https://target.example.com/base${result.request.urlSuffix ?? ''}`);
        expect(url.search + url.hash).toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['host', 'x'],
    ['Host', 'x'],
    ['content-length', '5'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'close'],
    ['webhook-id', 'x'],
    ['Webhook-Signature', 'x'],
    ['dragoman-hops', '0'],
    ['x-a', 'a\r\nx-b: c'],
    ['x-a', 'a\nb'],
    ['x-a', 'a\u0000b'],
    ['x-a', '标题'],
    ['x a', 'b'],
    ['x-a:', 'b'],
    ['标题', 'b'],
    ['', 'b'],
  ])('refuses the header %j: %j', (name, value) => {
    expect(problemsOf(free({ headers: { [name]: value } }))).toHaveLength(1);
  });

  it('takes Latin-1 and tabs in a header, and refuses the same header twice', () => {
    expect(writtenOf(free({ headers: { 'x-a': 'Grüße\tdu' } })).headers['x-a']).toBe('Grüße\tdu');
    expect(problemsOf(free({ headers: { 'x-a': '1', 'X-A': '2' } }))).toEqual([
      { path: 'headers.X-A', message: 'is given twice' },
    ]);
  });

  it('does not put a body into a GET', () => {
    expect(problemsOf(free({ method: 'GET', body: {} }))).toEqual([{ path: 'body', message: expect.any(String) }]);
    expect(writtenOf(free({ method: 'GET', query: { a: 1 } }))).toMatchObject({ method: 'GET', body: null });
  });

  it('names every wrong field', () => {
    const wrong = {
      method: 'TRACE',
      path: 5,
      query: { a: {}, b: [null] },
      headers: { a: [] },
      url: 'https://evil.example.com',
    };
    expect(
      problemsOf(free(wrong))
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['headers.a', 'method', 'path', 'query.a', 'query.b[0]', 'url']);
  });
});

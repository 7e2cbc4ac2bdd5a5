import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWholePost } from '../../../src/receive/http1/read-whole-post.ts';

const LIMIT = 16 * 1024;
const read = (text: string, limit = LIMIT) => readWholePost(Buffer.from(text, 'latin1'), limit);
const post = (lines: readonly string[], body = '{"a":1}') =>
  `${['POST /in/json HTTP/1.1', 'Host: x', ...lines, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;

describe('a whole POST', () => {
  it('is read with its target, its headers and its body', () => {
    const found = read(
      'POST /in/bsr?secret=s%20t HTTP/1.1\r\nHost: relay:8080\r\nContent-Type:application/json\r\nX-Empty:\r\nX-Word: \t a b\xe9 \t\r\n' +
        'content-length: 5\r\n\r\n[\x00\xff\n]',
    );
    expect(found?.url).toBe('/in/bsr?secret=s%20t');
    expect(found?.headers).toEqual({
      host: 'relay:8080',
      'content-type': 'application/json',
      'x-empty': '',
      'x-word': 'a b\xe9',
      'content-length': '5',
    });
    expect([...(found?.body ?? [])]).toEqual([0x5b, 0, 0xff, 0x0a, 0x5d]);
  });

  it.each([
    ['curl', 'User-Agent: curl/8.5.0', 'Accept: */*', 'Content-Type: application/json'],
    ["Rust's reqwest", 'content-type: application/json', 'accept: */*'],
    ['Go', 'User-Agent: Go-http-client/1.1', 'Content-Type: application/json', 'Accept-Encoding: gzip'],
    ["Python's requests", 'Accept-Encoding: gzip, deflate', 'Accept: */*', 'Connection: keep-alive'],
    ["Node's fetch", 'connection: keep-alive', 'accept-language: *', 'sec-fetch-mode: cors', 'user-agent: node'],
  ])('is what %s sends', (_, ...lines) => {
    expect(read(post(lines))?.body.toString()).toBe('{"a":1}');
  });

  const anyOther: readonly (readonly [string, string])[] = [
    ['one without its last byte', post([]).slice(0, -1)],
    ['one with a byte more', `${post([])}P`],
    ['two of them', post([]) + post([])],
    ['a head alone', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n'],
    ['nothing', ''],
    ['a GET', post([]).replace('POST', 'GET')],
    ['a post in small letters', post([]).replace('POST', 'post')],
    ['HTTP/1.0', post([]).replace('HTTP/1.1', 'HTTP/1.0')],
    ['an absolute URL', post([]).replace('/in', 'http://x/in')],
    ['a fragment', post([]).replace('/in/json', '/in/json#a')],
    ['two spaces', post([]).replace('POST ', 'POST  ')],
    ['an empty line first', `\r\n${post([])}`],
    ['lines that end in LF', post([]).replaceAll('\r\n', '\n')],
    ['no Host', post([]).replace('Host: x\r\n', '')],
    ['no length', post([]).replace(/Content-Length: \d+\r\n/, '')],
    ['two lengths', post(['Content-Length: 7'])],
    ['a length with a sign', post([]).replace('Length: 7', 'Length: +7')],
    ['a list of lengths', post([]).replace('Length: 7', 'Length: 7, 7')],
    ['a length in hex', post([]).replace('Length: 7', 'Length: 0x7')],
    ['two Hosts', post(['Host: x'])],
    ['any header twice', post(['X-A: 1', 'x-a: 2'])],
    ['chunks', post(['Transfer-Encoding: chunked'])],
    ['a length and a transfer coding', post(['transfer-encoding: identity'])],
    ['a compressed body', post(['Content-Encoding: gzip'])],
    ['a sender that waits', post(['Expect: 100-continue'])],
    ['an upgrade', post(['Connection: upgrade', 'Upgrade: websocket'])],
    ['the last of its connection', post(['Connection: close'])],
    ['what Node makes a list of', post(['Set-Cookie: a=1'])],
    ['what a proxy is told', post(['Proxy-Connection: keep-alive'])],
    ['a line that goes on', post(['X-A: 1', ' 2'])],
    ['a blank before the colon', post(['X-A : 1'])],
    ['a blank before the name', post([' X-A: 1'])],
    ['a line without a colon', post(['X-A'])],
    ['a header without a name', post([': 1'])],
    ['a name that is no token', post(['X(A): 1'])],
    ['a zero byte in a value', post(['X-A: \0'])],
    ['a carriage return in a value', post(['X-A: 1\r2'])],
    ['a line feed in a value', post(['X-A: 1\n2'])],
    ['the name of every prototype', post(['__proto__: 1'])],
    ['the name of a constructor', post(['constructor: 1'])],
    ['a long head', post([`X-A: ${'a'.repeat(5000)}`])],
  ];
  it.each(anyOther)('is not %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('has no more headers than the limit allows', () => {
    const text = post([`X-A: ${'a'.repeat(300)}`]);
    const head = text.length - '{"a":1}'.length;
    expect(read(text, head)?.body).toHaveLength(7);
    expect(read(text, head - 1)).toBeUndefined();
  });
});

describe('what is read of a whole POST', () => {
  interface Seen {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }
  let seen: Seen[] = [];
  const node = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { method, url, headers } = req;
      seen.push({ method, url, headers: { ...headers }, body: Buffer.concat(chunks).toString('latin1') });
      res.end();
    });
  });
  beforeAll(() => new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => node.close(resolve)));

  const askNode = async (bytes: Buffer): Promise<Seen[]> => {
    seen = [];
    const socket = connect({ port: (node.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end(bytes);
    for await (const _ of socket);
    return seen;
  };

  const characters = fc.constantFrom(...'aZ09-_. \t:;,"#%?/()\\{}|~\0\x7f\x80\xa0\xff\r\n'.split(''));
  const piece = fc.string({ unit: characters, maxLength: 6 });
  const target = fc.oneof(
    fc.constant('/in/json'),
    piece.map((text) => `/${text}`),
    piece,
  );
  const name = fc.oneof(
    fc.constantFrom(
      'X-A',
      'x-b',
      'Accept',
      'host',
      'Content-Length',
      'Connection',
      'cookie',
      'Set-Cookie',
      'toString',
      '__proto__',
    ),
    piece,
  );
  const value = fc.oneof(fc.constantFrom('7', 'keep-alive', 'Keep-Alive', 'close', ' 7 ', '07', ''), piece);
  const lines = fc.array(fc.tuple(name, fc.constantFrom(': ', ':', ' : ', ':\t'), value), { maxLength: 4 });
  const ends = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r');
  const bodies = fc.constantFrom('{"a":1}', '{"a":1}', '{"a":1}', '', '{}', '{"a":1}x', '\r\n{"a":1}');

  const anyBytes = fc.tuple(target, lines, ends, bodies).map(([to, more, end, body]) => {
    const headers = more.map(([key, colon, word]) => `${key}${colon}${word}${end}`).join('');
    return Buffer.from(`POST ${to} HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n${headers}\r\n${body}`, 'latin1');
  });

  it("is what Node's parser reads of the same bytes", async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        const found = readWholePost(bytes, LIMIT);
        if (!found) return;
        read++;
        const { url, headers, body } = found;
        expect(await askNode(bytes)).toEqual([{ method: 'POST', url, headers, body: body.toString('latin1') }]);
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(50);
  });
});

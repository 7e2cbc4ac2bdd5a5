/** Bad inputs by name, each with the answer that it must get. They are sent as they stand, byte for byte. */
import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { SourceInput } from './run-door.ts';

export const SOURCES: readonly SourceInput[] = [
  { name: 'bsr', format: 'bsr' },
  { name: 'remotemonster', format: 'remotemonster' },
  { name: 'sigma', format: 'sigma' },
  { name: 'streamrec', format: 'streamrec' },
  { name: 'json', format: 'json' },
  { name: 'closed', format: 'json', secrets: ['open-sesame', 'other-sesame'] },
  { name: 'fenced', format: 'json', allowFrom: ['10.0.0.0/8', '2001:db8::/32'] },
  { name: 'small', format: 'json', limits: { body: 64 } },
  { name: 'shallow', format: 'json', limits: { depth: 3 } },
  { name: 'busy', format: 'json', limits: { inFlight: 0 } },
  { name: 'off', format: 'json', enabled: false },
  {
    name: 'hmac',
    format: 'json',
    verify: { kind: 'hmac', secrets: ['k'], header: 'x-sign', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
  },
  {
    name: 'signed',
    format: 'json',
    verify: { kind: 'standard-webhooks', secrets: ['whsec_c2VjcmV0'], toleranceMs: 300_000 },
  },
];

export interface BadInput {
  readonly name: string;
  readonly bytes: readonly (string | Uint8Array)[];
  readonly status: number;
  /** `''` where the answer has no body. */
  readonly code: string;
  /** What else has to be in the answer. */
  readonly also?: string;
}

interface Parts {
  readonly method?: string;
  readonly to?: string;
  readonly version?: string;
  /** Null leaves the header out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Uint8Array;
}

/** The bytes of a request, with Host, a JSON content type and the right length where nothing else is said. */
export function request({ method = 'POST', to = '/in/json', version = '1.1', headers = {}, body = '' }: Parts): Buffer {
  const bytes = Buffer.from(body as Uint8Array);
  const all = {
    host: 'relay.example.com',
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return Buffer.concat([
    Buffer.from(`${method} ${to} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    bytes,
  ]);
}

type Row = readonly [
  name: string,
  parts: Parts | readonly (string | Uint8Array)[],
  status: number,
  code: string,
  also?: string,
];

const bsrEvent = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    id: 'a96a5e9f-9857-4c13-b889-91da2ace208a',
    event: 'archive.deleted',
    payload: {
      platform: 'bilibili',
      live_id: '1756607084705',
      room_id: 1967212929,
      title: 't',
      length: 9,
      size: 1,
      created_at: '2025-08-31T02:24:44.728616+00:00',
      cover: 'c.jpg',
    },
    timestamp: 1757176219,
    ...change,
  });
const bsr = (body: string | Uint8Array, headers?: Parts['headers']): Parts => ({
  to: '/in/bsr',
  body,
  headers: headers ?? {},
});
const remote = (body: string): Parts => ({
  to: '/in/remotemonster',
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});
const typed = (type: string | null): Parts => ({ body: '{}', headers: { 'content-type': type } });
const coded = (coding: string, body: string | Uint8Array, to = '/in/json'): Parts => ({
  to,
  body,
  headers: { 'content-encoding': coding },
});
const chunked = (...rest: string[]): readonly string[] => [
  'POST /in/json HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  ...rest,
];
const signed = (headers: Parts['headers'] & object): Parts => ({ to: '/in/signed', body: '{}', headers });
const now = String(Math.floor(Date.now() / 1000));
const million = 'x'.repeat(2 ** 20);

const rows: readonly Row[] = [
  // the request line and the path
  ['a path that no source has', { to: '/in/nobody' }, 404, 'SOURCE_UNKNOWN'],
  ['the root', { to: '/' }, 404, 'SOURCE_UNKNOWN'],
  ['a source that is switched off', { to: '/in/off', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['a path in other letters', { to: '/IN/JSON', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['a path with an encoded letter', { to: '/in/%6Ason', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['a path with a broken escape', { to: '/in/%zz', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['a path that climbs', { to: '/in/../in/json', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['two slashes at the end', { to: '/in/json//', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['two slashes at the start', { to: '//in/json', body: '{}' }, 404, 'SOURCE_UNKNOWN'],
  ['a fragment', { to: '/in/json#x', body: '{}' }, 400, 'TARGET_MALFORMED'],
  ['an asterisk', { method: 'OPTIONS', to: '*' }, 400, 'TARGET_MALFORMED'],
  ['an absolute URL of another scheme', { to: 'ftp://x/in/json' }, 400, 'TARGET_MALFORMED'],
  ['a malformed absolute URL', { to: 'http://', body: '{}' }, 400, 'TARGET_MALFORMED'],
  ['no Host', { headers: { host: null }, body: '{}' }, 400, 'HOST_MISSING'],
  ['an unknown method', ['BREW /in/json HTTP/1.1\r\nhost: x\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['another version of HTTP', ['POST /in/json HTTP/3.7\r\nhost: x\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['a request line of HTTP/2 in plain text', ['POST /in/json HTTP/2.0\r\nhost: x\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['a request line of HTTP/0.9', ['GET /in/json\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['no HTTP at all', ['hello\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['the first bytes of TLS', [Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)], 400, 'HTTP_MALFORMED'],
  ['a tunnel', ['CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'], 405, 'METHOD_NOT_ALLOWED'],
  // methods
  ['GET where only POST is taken', { method: 'GET', to: '/in/bsr' }, 405, 'METHOD_NOT_ALLOWED', 'allow: POST, OPTIONS'],
  ['PUT where only POST is taken', { method: 'PUT', to: '/in/bsr', body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
  ['DELETE', { method: 'DELETE', body: '{}' }, 405, 'METHOD_NOT_ALLOWED', 'allow: POST, PUT, PATCH, OPTIONS'],
  ['HEAD', { method: 'HEAD' }, 405, '', 'allow: POST, PUT, PATCH, OPTIONS'],
  ['TRACE', { method: 'TRACE' }, 405, 'METHOD_NOT_ALLOWED'],
  ['PROPFIND', { method: 'PROPFIND' }, 405, 'METHOD_NOT_ALLOWED'],
  // headers
  ['headers past 16 KiB', { headers: { 'x-long': 'x'.repeat(17_000) } }, 431, 'HEADERS_TOO_LARGE'],
  ['a query past 16 KiB', { to: `/in/json?q=${'x'.repeat(17_000)}` }, 431, 'HEADERS_TOO_LARGE'],
  ['two thousand headers', { headers: many(2000) }, 431, 'HEADERS_TOO_LARGE'],
  ['a header without a name', ['POST /in/json HTTP/1.1\r\nhost: x\r\n: v\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['a space before the colon', ['POST /in/json HTTP/1.1\r\nhost: x\r\nx-a : v\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['a folded header', ['POST /in/json HTTP/1.1\r\nhost: x\r\nx-a: v\r\n w\r\n\r\n'], 400, 'HTTP_MALFORMED'],
  ['a NUL in a header', { headers: { 'x-nul': 'a\0b' } }, 400, 'HTTP_MALFORMED'],
  ['an expectation other than 100-continue', { headers: { expect: 'a miracle' } }, 417, 'EXPECTATION_UNSUPPORTED'],
  // who knocks
  ['no secret', { to: '/in/closed', body: '{}' }, 401, 'SECRET_MISSING', 'www-authenticate: Basic'],
  ['a wrong secret in the query', { to: '/in/closed?secret=wrong', body: '{}' }, 401, 'SECRET_WRONG'],
  ['an empty secret', { to: '/in/closed?secret=', body: '{}' }, 401, 'SECRET_WRONG'],
  ['a secret in other letters', { to: '/in/closed?secret=OPEN-SESAME', body: '{}' }, 401, 'SECRET_WRONG'],
  ['a secret with a tail', { to: '/in/closed?secret=open-sesame1', body: '{}' }, 401, 'SECRET_WRONG'],
  ['a parameter in other letters', { to: '/in/closed?Secret=open-sesame', body: '{}' }, 401, 'SECRET_MISSING'],
  ['a wrong bearer token', auth('Bearer wrong'), 401, 'SECRET_WRONG'],
  ['the secret as the user of Basic', auth(`Basic ${btoa('open-sesame:x')}`), 401, 'SECRET_WRONG'],
  ['Basic that is no base64', auth('Basic !!!'), 401, 'SECRET_MISSING'],
  ['an unknown scheme', auth('Digest open-sesame'), 401, 'SECRET_MISSING'],
  ['a wrong secret before a wrong body', { to: '/in/closed?secret=no', body: '{' }, 401, 'SECRET_WRONG'],
  ['an address that is not allowed', { to: '/in/fenced', body: '{}' }, 403, 'ADDRESS_REFUSED'],
  [
    'a forged X-Forwarded-For',
    { to: '/in/fenced', headers: { 'x-forwarded-for': '10.1.1.1' } },
    403,
    'ADDRESS_REFUSED',
  ],
  ['no signature', { to: '/in/hmac', body: '{}' }, 401, 'SIGNATURE_MISSING'],
  [
    'a wrong signature',
    { to: '/in/hmac', body: '{}', headers: { 'x-sign': `sha256=${'0'.repeat(64)}` } },
    401,
    'SIGNATURE_WRONG',
  ],
  [
    'a signature without its prefix',
    { to: '/in/hmac', body: '{}', headers: { 'x-sign': '0'.repeat(64) } },
    401,
    'SIGNATURE_WRONG',
  ],
  [
    'a signature with a digit too many',
    {
      to: '/in/hmac',
      body: '{}',
      headers: { 'x-sign': `sha256=${createHmac('sha256', 'k').update('{}').digest('hex')}0` },
    },
    401,
    'SIGNATURE_WRONG',
  ],
  ['a signature cut short', { to: '/in/hmac', body: '{}', headers: { 'x-sign': 'sha256=00' } }, 401, 'SIGNATURE_WRONG'],
  ['no webhook headers', signed({}), 401, 'SIGNATURE_MISSING'],
  ['a webhook of last year', signed(webhook('1700000000', 'v1,AAAA')), 401, 'SIGNATURE_STALE'],
  ['a webhook timestamp in words', signed(webhook('yesterday', 'v1,AAAA')), 401, 'SIGNATURE_WRONG'],
  ['an unknown signature scheme', signed(webhook(now, 'v9,AAAA')), 401, 'SIGNATURE_WRONG'],
  ['a wrong webhook signature', signed(webhook(now, `v1,${btoa('x'.repeat(32))}`)), 401, 'SIGNATURE_WRONG'],
  ['a source with no room', { to: '/in/busy', body: '{}' }, 503, 'SOURCE_BUSY', 'retry-after: 1'],
  // what the body says it is
  ['text', typed('text/plain'), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['an empty content type', typed(''), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['a content type of nonsense', typed(';;;'), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['XML', typed('application/xml'), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['JSON lines', typed('application/x-ndjson'), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['a multipart form', typed('multipart/form-data; boundary=x'), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['a form where none is taken', typed('application/x-www-form-urlencoded'), 415, 'CONTENT_TYPE_UNSUPPORTED'],
  ['Latin-1', typed('application/json; charset=iso-8859-1'), 415, 'CHARSET_UNSUPPORTED'],
  ['UTF-16', typed('application/json; charset="utf-16"'), 415, 'CHARSET_UNSUPPORTED'],
  ['an empty charset', typed('application/json; charset='), 415, 'CHARSET_UNSUPPORTED'],
  ['an unknown coding', coded('zstd', '{}'), 415, 'CONTENT_ENCODING_UNSUPPORTED'],
  ['two codings', coded('gzip, br', '{}'), 415, 'CONTENT_ENCODING_UNSUPPORTED'],
  ['a coding named like a method', coded('constructor', '{}'), 415, 'CONTENT_ENCODING_UNSUPPORTED'],
  // compression
  ['plain text that calls itself gzip', coded('gzip', '{}'), 400, 'BODY_CORRUPT'],
  ['gzip cut short', coded('gzip', gzipSync('{"a":1}').subarray(0, 15)), 400, 'BODY_CORRUPT'],
  ['gzip with a wrong checksum', coded('gzip', spoilt(gzipSync('{"a":1}'))), 400, 'BODY_CORRUPT'],
  ['br cut short', coded('br', brotliCompressSync('{"a":1}').subarray(0, 5)), 400, 'BODY_CORRUPT'],
  ['gzip with a tail', coded('gzip', Buffer.concat([gzipSync('{"a":1}'), Buffer.from('junk')])), 400, 'BODY_CORRUPT'],
  [
    'deflate with a tail',
    coded('deflate', Buffer.concat([deflateSync('{"a":1}'), Buffer.alloc(3)])),
    400,
    'BODY_CORRUPT',
  ],
  ['gzip in two members', coded('gzip', Buffer.concat([gzipSync('{"a"'), gzipSync(':1}')])), 400, 'BODY_CORRUPT'],
  ['deflate of nonsense', coded('deflate', 'nonsense'), 400, 'BODY_CORRUPT'],
  ['gzip of nothing', coded('gzip', gzipSync('')), 400, 'BODY_EMPTY'],
  ['an empty body that calls itself gzip', coded('gzip', ''), 400, 'BODY_EMPTY'],
  ['a gzip bomb', coded('gzip', gzipSync(Buffer.alloc(50_000_000))), 413, 'BODY_TOO_LARGE'],
  ['a br bomb', coded('br', brotliCompressSync(Buffer.alloc(50_000_000))), 413, 'BODY_TOO_LARGE'],
  ['a deflate bomb', coded('deflate', deflateSync(Buffer.alloc(50_000_000))), 413, 'BODY_TOO_LARGE'],
  ['a raw deflate bomb', coded('deflate', deflateRawSync(Buffer.alloc(50_000_000))), 413, 'BODY_TOO_LARGE'],
  [
    'gzip of just too much',
    coded('gzip', gzipSync(JSON.stringify('x'.repeat(63))), '/in/small'),
    413,
    'BODY_TOO_LARGE',
  ],
  // size and framing
  ['one byte too many', { to: '/in/small', body: JSON.stringify('x'.repeat(63)) }, 413, 'BODY_TOO_LARGE'],
  ['an announced gigabyte', { headers: { 'content-length': '1073741824' } }, 413, 'BODY_TOO_LARGE'],
  ['an announced length beyond 2^53', { headers: { 'content-length': '99999999999999999' } }, 413, 'BODY_TOO_LARGE'],
  ['an announced length beyond 2^64', { headers: { 'content-length': '9'.repeat(30) } }, 400, 'HTTP_MALFORMED'],
  [
    'too much, held back until told to go on',
    { headers: { 'content-length': '2000000', expect: '100-continue' } },
    413,
    'BODY_TOO_LARGE',
  ],
  ['too much in chunks', chunked(`100000\r\n${million}\r\n1\r\nx\r\n`), 413, 'BODY_TOO_LARGE'],
  ['a negative length', { headers: { 'content-length': '-1' } }, 400, 'HTTP_MALFORMED'],
  ['a length in words', { headers: { 'content-length': 'two' } }, 400, 'HTTP_MALFORMED'],
  [
    'two lengths',
    ['POST /in/json HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} '],
    400,
    'HTTP_MALFORMED',
  ],
  ['length and chunks', { headers: { 'transfer-encoding': 'chunked' }, body: '{}' }, 400, 'HTTP_MALFORMED'],
  [
    'an unknown transfer coding',
    { headers: { 'content-length': null, 'transfer-encoding': 'magic' } },
    400,
    'HTTP_MALFORMED',
  ],
  [
    'an unknown transfer coding before chunked',
    [
      'POST /in/json HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    400,
    'HTTP_MALFORMED',
  ],
  ['a chunk size that is no number', chunked('zz\r\n{}\r\n0\r\n\r\n'), 400, 'HTTP_MALFORMED'],
  ['a chunk longer than announced', chunked('1\r\n{}\r\n0\r\n\r\n'), 400, 'HTTP_MALFORMED'],
  ['a bare line feed in chunks', chunked('2\n{}\n0\n\n'), 400, 'HTTP_MALFORMED'],
  ['an empty body', { body: '' }, 400, 'BODY_EMPTY'],
  ['an empty body in chunks', chunked('0\r\n\r\n'), 400, 'BODY_EMPTY'],
  ['no body and no length', { headers: { 'content-length': null } }, 400, 'BODY_EMPTY'],
  [
    'a GET with a body',
    { method: 'GET', to: '/in/remotemonster?action=create&chid=abcd', body: '{}' },
    400,
    'BODY_UNEXPECTED',
  ],
  // JSON
  ['spaces only', bsr(' \n\t '), 400, 'JSON_EMPTY'],
  ['a byte order mark only', bsr(Uint8Array.of(0xef, 0xbb, 0xbf)), 400, 'JSON_EMPTY'],
  ['no JSON', bsr('hello'), 400, 'JSON_MALFORMED'],
  ['half an object', bsr('{"id":'), 400, 'JSON_MALFORMED'],
  ['two values', bsr('{}{}'), 400, 'JSON_MALFORMED'],
  ['single quotes', bsr("{'id':1}"), 400, 'JSON_MALFORMED'],
  ['a trailing comma', bsr('{"id":1,}'), 400, 'JSON_MALFORMED'],
  ['a comment', bsr('{} // really'), 400, 'JSON_MALFORMED'],
  ['NaN', bsr('{"id":NaN}'), 400, 'JSON_MALFORMED'],
  ['a number with a leading zero', bsr('{"id":01}'), 400, 'JSON_MALFORMED'],
  ['a raw line break in a string', bsr('{"id":"a\nb"}'), 400, 'JSON_MALFORMED'],
  ['a NUL byte', bsr('{"id":1}\0'), 400, 'JSON_MALFORMED'],
  ['a number that no double holds', bsr('{"id":1e400}'), 400, 'JSON_NUMBER'],
  ['a key __proto__', bsr('{"__proto__":{"admin":true}}'), 400, 'JSON_KEY'],
  ['an escaped key __proto__', bsr('{"\\u005f_proto__":1}'), 400, 'JSON_KEY'],
  ['bytes that are no UTF-8', bsr(Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)), 400, 'JSON_NOT_UTF8'],
  ['UTF-16 with its byte order mark', bsr(Buffer.from('\ufeff{}', 'utf16le')), 400, 'JSON_NOT_UTF8'],
  ['an overlong slash', bsr(Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)), 400, 'JSON_NOT_UTF8'],
  ['half a surrogate pair in bytes', bsr(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)), 400, 'JSON_NOT_UTF8'],
  ['65 levels', bsr(`${'['.repeat(65)}${']'.repeat(65)}`), 400, 'JSON_TOO_DEEP'],
  ['a hundred thousand levels', bsr('['.repeat(100_000)), 400, 'JSON_TOO_DEEP'],
  ['four levels where three are allowed', { to: '/in/shallow', body: '[[[[]]]]' }, 400, 'JSON_TOO_DEEP'],
  // fields
  ['a list where an object belongs', bsr('[]'), 422, 'EVENT_INVALID'],
  ['a string where an object belongs', bsr('"x"'), 422, 'EVENT_INVALID'],
  ['a number where an object belongs', bsr('1'), 422, 'EVENT_INVALID'],
  ['null where an object belongs', bsr('null'), 422, 'EVENT_INVALID'],
  ['an empty object', bsr('{}'), 422, 'EVENT_INVALID', '"path":"event"'],
  ['an event type that is a number', bsr(bsrEvent({ event: 7 })), 422, 'EVENT_INVALID', '"path":"event"'],
  ['an empty event type', bsr(bsrEvent({ event: '' })), 422, 'EVENT_INVALID', '"path":"event"'],
  ['no id', bsr(bsrEvent({ id: undefined })), 422, 'EVENT_INVALID', '"path":"id"'],
  ['no payload', bsr(bsrEvent({ payload: undefined })), 422, 'EVENT_INVALID', '"path":"payload"'],
  ['an empty payload', bsr(bsrEvent({ payload: {} })), 422, 'EVENT_INVALID', '"path":"payload.platform"'],
  ['a timestamp in words', bsr(bsrEvent({ timestamp: 'now' })), 422, 'EVENT_INVALID', '"path":"timestamp"'],
  [
    'a Sigma event without a channel',
    { to: '/in/sigma', body: '{"event":"channel_live","eventTime":1}' },
    422,
    'EVENT_INVALID',
  ],
  [
    'a StreamRec report without its status',
    { to: '/in/streamrec', body: '{"rec_id":"1"}' },
    422,
    'EVENT_INVALID',
    '"path":"status"',
  ],
  ['a form without an event', remote('a=b'), 422, 'EVENT_INVALID', '"path":"action"'],
  ['a form that is no UTF-8', { ...remote(''), body: Uint8Array.of(0xff, 0x3d, 0x31) }, 400, 'FORM_NOT_UTF8'],
  ['a form with __proto__', remote('__proto__=1&action=create'), 400, 'FORM_KEY'],
  ['a query without an event', { method: 'GET', to: '/in/remotemonster' }, 422, 'EVENT_INVALID'],
  [
    'a channel without its id',
    { method: 'GET', to: '/in/remotemonster?action=create' },
    422,
    'EVENT_INVALID',
    '"path":"chid"',
  ],
];

export const BAD_INPUTS: readonly BadInput[] = rows.map(([name, parts, status, code, also]) => ({
  name,
  bytes: Array.isArray(parts) ? parts : [request(parts as Parts)],
  status,
  code,
  ...(also !== undefined && { also }),
}));

function auth(authorization: string): Parts {
  return { to: '/in/closed', body: '{}', headers: { authorization } };
}

function webhook(timestamp: string, signature: string): Readonly<Record<string, string>> {
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

function many(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'v-value']));
}

/** Turns over a bit of gzip's checksum, which stands before its last four bytes. */
function spoilt(bytes: Buffer): Buffer {
  const at = bytes.length - 6;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswerReader } from '../../../src/deliver/http1/answer-reader.ts';

interface Read {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly persists: boolean;
  readonly isClean: boolean;
}

interface Outcome {
  readonly answers: readonly Read[];
  /** What `feed` has complained of. */
  readonly wrong: string | undefined;
  /** What `close` has said after all. */
  readonly isComplete: boolean;
}

/** Feeds the pieces one after another, as a connection does, expecting an answer again after each one that was clean. */
function read(pieces: readonly Buffer[], method = 'POST'): Outcome {
  const answers: Read[] = [];
  let begun: Omit<Read, 'body' | 'isClean'> | undefined;
  let body = '';
  const reader = createAnswerReader({
    head: ({ status, headers, persists }) => {
      begun = { status, headers, persists };
      body = '';
    },
    data: (chunk) => {
      body += Buffer.from(chunk).toString('latin1');
    },
    end: (isClean) => {
      if (begun) answers.push({ ...begun, body, isClean });
      if (isClean) reader.expect(method);
    },
  });
  reader.expect(method);
  for (const piece of pieces) {
    const wrong = reader.feed(piece);
    if (wrong !== undefined) return { answers, wrong, isComplete: false };
  }
  const count = answers.length;
  return { answers, wrong: undefined, isComplete: reader.close() && answers.length > count };
}

const whole = (text: string, method?: string): Outcome => read([Buffer.from(text, 'latin1')], method);
const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`;

describe('an answer', () => {
  it.each([
    ['of a length', `${lines('HTTP/1.1 200 OK', 'content-length: 5')}hello`, 'hello', true],
    ['of no length at all', `${lines('HTTP/1.1 200 OK', 'content-length: 0')}`, '', true],
    [
      'in chunks',
      `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}3\r\nhel\r\n2;x="y"\r\nlo\r\n0\r\n\r\n`,
      'hello',
      true,
    ],
    [
      'in chunks of upper-case sizes',
      `${lines('HTTP/1.1 200 OK', 'transfer-encoding: gzip, Chunked')}00A\r\n0123456789\r\n0\r\nx: y\r\n\r\n`,
      '0123456789',
      true,
    ],
    ['with lines that end in LF', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok', 'ok', true],
    ['in chunks with lines that end in LF', 'HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n2\nok\n0\n\n', 'ok', true],
    [
      'with the same length twice',
      `${lines('HTTP/1.1 200 OK', 'content-length: 2', 'content-length: 2')}ok`,
      'ok',
      true,
    ],
    ['without a reason phrase', `${lines('HTTP/1.1 200', 'content-length: 2')}ok`, 'ok', true],
    ['after an empty line', `\r\n${lines('HTTP/1.1 200 OK', 'content-length: 2')}ok`, 'ok', true],
    [
      'after 100 and 103',
      `${lines('HTTP/1.1 100 Continue')}${lines('HTTP/1.1 103 Early Hints', 'link: x')}${lines('HTTP/1.1 200 OK', 'content-length: 2')}ok`,
      'ok',
      true,
    ],
    [
      'that keeps a connection of HTTP/1.0',
      `${lines('HTTP/1.0 200 OK', 'Connection: Keep-Alive', 'content-length: 2')}ok`,
      'ok',
      true,
    ],
    ['that ends a connection of HTTP/1.0', `${lines('HTTP/1.0 200 OK', 'content-length: 2')}ok`, 'ok', false],
    [
      'that ends its connection',
      `${lines('HTTP/1.1 200 OK', 'connection: x, Close', 'content-length: 2')}ok`,
      'ok',
      false,
    ],
  ])('%s is read', (_, text, body, persists) => {
    const { answers, wrong } = whole(text);
    expect(wrong).toBeUndefined();
    expect(answers).toEqual([expect.objectContaining({ status: 200, body, persists, isClean: true })]);
  });

  it.each([204, 304])('of status %i has no body, whatever it says', (status) => {
    expect(whole(lines(`HTTP/1.1 ${status} x`, 'content-length: 5')).answers).toHaveLength(1);
  });

  it('to HEAD has no body, and ends its connection: some servers send one all the same', () => {
    const { answers } = whole(lines('HTTP/1.1 200 OK', 'content-length: 5'), 'HEAD');
    expect(answers).toEqual([expect.objectContaining({ body: '', persists: false })]);
  });

  it.each([
    ['no length', lines('HTTP/1.1 200 OK', 'content-type: text/plain')],
    ['another coding', lines('HTTP/1.1 200 OK', 'transfer-encoding: gzip')],
    ['no header', lines('HTTP/1.0 200 OK')],
  ])('with %s goes on until the connection is closed', (_, head) => {
    const { answers, isComplete } = whole(`${head}all that comes`);
    expect(answers).toEqual([expect.objectContaining({ body: 'all that comes', persists: false, isClean: false })]);
    expect(isComplete).toBe(true);
  });

  it.each([
    ['its head', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['its body', `${lines('HTTP/1.1 200 OK', 'content-length: 5')}hel`],
    ['a chunk', `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}5\r\nhel`],
    ['its trailers', `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}0\r\nx: y\r\n`],
  ])('that breaks off in %s is not complete', (_, text) => {
    expect(whole(text)).toEqual({ answers: [], wrong: undefined, isComplete: false });
  });

  it('has names in lower case, trimmed and unfolded values, and those of one name joined', () => {
    const head = lines(
      'HTTP/1.1 204 No',
      'X-A :  one \t',
      'set-cookie: a=1',
      'Set-Cookie: b=2',
      'x-folded: one',
      '\t two',
      'constructor: c',
      'x-empty:',
    );
    expect(whole(head).answers[0]?.headers).toEqual({
      'x-a': 'one',
      'set-cookie': 'a=1, b=2',
      'x-folded': 'one two',
      constructor: 'c',
      'x-empty': '',
    });
  });

  it('keeps the bytes of a header as Latin-1', () => {
    expect(whole(lines('HTTP/1.1 204 No', 'x-a: caf\xe9')).answers[0]?.headers).toEqual({ 'x-a': 'caf\xe9' });
  });

  it('is not clean where something stands behind it, which is not taken for the next answer', () => {
    const one = `${lines('HTTP/1.1 200 OK', 'content-length: 2')}ok`;
    expect(whole(`${one}${one}`).answers).toEqual([expect.objectContaining({ body: 'ok', isClean: false })]);
  });
});

describe('what is no answer', () => {
  it.each([
    ['SSH-2.0-OpenSSH_9.9\r\n', 'first line'],
    ['<html>', 'first line'],
    [lines('HTTP/2 200 OK'), 'first line'],
    [lines('HTTP/1.1 20 OK'), 'first line'],
    [lines('HTTP/1.1 099 OK'), 'first line'],
    [lines('HTTP/1.1  200 OK'), 'first line'],
    [lines('HTTP/1.1 200 OK', 'no header'), 'no header'],
    [lines('HTTP/1.1 200 OK', ': nameless'), 'no header'],
    [lines('HTTP/1.1 200 OK', ' folded: at once'), 'no header'],
    [lines('HTTP/1.1 200 OK', 'x-a: a\rb'), 'control character'],
    [lines('HTTP/1.1 200 OK', 'x-a: a\0b'), 'control character'],
    [lines('HTTP/1.1 200 OK', 'content-length: 1', 'content-length: 2'), 'content-length'],
    [lines('HTTP/1.1 200 OK', 'content-length: -1'), 'content-length'],
    [lines('HTTP/1.1 200 OK', 'content-length: 0x5'), 'content-length'],
    [lines('HTTP/1.1 200 OK', 'content-length:'), 'content-length'],
    [lines('HTTP/1.1 200 OK', 'content-length: 1', 'transfer-encoding: chunked'), 'both a length'],
    [`${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}x\r\n`, 'how long'],
    [`${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}-1\r\n`, 'how long'],
    [`${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}2\r\nabc\r\n`, 'longer than it says'],
    [lines('HTTP/1.1 101 Switching Protocols', 'upgrade: websocket'), 'another protocol'],
    [`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(20_000)}`, 'longer than 16 KiB'],
    [lines('HTTP/1.1 100 Continue').repeat(1000), 'longer than 16 KiB'],
    ['\r\n'.repeat(10_000), 'longer than 16 KiB'],
    [`${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}1;${'a'.repeat(20_000)}`, 'longer than 16 KiB'],
    [`${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}0\r\n${'x: y\r\n'.repeat(4000)}`, 'longer than 16 KiB'],
  ])('is named: %j', (text, what) => {
    expect(whole(text).wrong).toContain(what);
  });

  it('is anything that comes while nothing is expected', () => {
    const reader = createAnswerReader({ head: () => undefined, data: () => undefined, end: () => undefined });
    expect(reader.feed(Buffer.from('x'))).toBe('it belongs to no request');
    expect(reader.close()).toBe(true);
  });
});

describe('the processor is not kept busy', () => {
  const spaces = ' '.repeat(16_000);
  const byteByByte = (text: string): Buffer[] => [...text].map((byte) => Buffer.from(byte, 'latin1'));

  it.each([
    ['a length of many spaces', [Buffer.from(lines('HTTP/1.1 200 OK', `content-length: 5${spaces}x`))]],
    ['a connection of many spaces', [Buffer.from(lines('HTTP/1.1 204 No', `connection: a${spaces}x`))]],
    ['a head that comes byte by byte', byteByByte(`HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(16_000)}`)],
    [
      'a chunk whose extension comes byte by byte',
      byteByByte(`${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}1;${'x'.repeat(16_000)}`),
    ],
  ])('by %s', (_, pieces) => {
    const took = [1, 2, 3].map(() => {
      const begun = performance.now();
      read(pieces);
      return performance.now() - begun;
    });
    expect(Math.min(...took)).toBeLessThan(75);
  });
});

const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', ':', '\t', '\xe9', '"', ','), maxLength: 12 });
const name = fc.constantFrom('x-a', 'X-B', 'server', 'date', 'set-cookie', 'etag');
const headers = fc.array(fc.tuple(name, text), { maxLength: 5 });
const body = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const status = fc.constantFrom(200, 201, 202, 301, 400, 404, 429, 500, 503);

/** An answer as a server may write it, and what there is to be read of it. */
const answer = fc
  .record({
    status,
    headers,
    body,
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
    isChunked: fc.boolean(),
    lf: fc.boolean(),
  })
  .map(({ status, headers, body, cuts, isChunked, lf }) => {
    const end = lf ? '\n' : '\r\n';
    const framing = isChunked ? 'transfer-encoding: chunked' : `content-length: ${body.length}`;
    const head = [`HTTP/1.1 ${status} x`, ...headers.map(([key, value]) => `${key}: ${value}`), framing, '', ''].join(
      end,
    );
    const sent = isChunked ? chunked(body, cuts, end) : body;
    return { bytes: Buffer.concat([Buffer.from(head, 'latin1'), sent]), status, body: body.toString('latin1') };
  });

function chunked(body: Buffer, cuts: readonly number[], end: string): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const size of [...cuts, body.length]) {
    const part = body.subarray(at, at + size);
    if (part.length > 0) parts.push(Buffer.from(`${part.length.toString(16)}${end}`), part, Buffer.from(end));
    at += part.length;
  }
  return Buffer.concat([...parts, Buffer.from(`0${end}${end}`)]);
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('in whatever pieces it comes', () => {
  const places = fc.array(fc.nat(), { maxLength: 20 });

  it('an answer is read the same, and the next one after it', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 3 }), places, (sent, at) => {
        const { answers, wrong } = read(sent.flatMap(({ bytes }) => cut(bytes, at)));
        expect(wrong).toBeUndefined();
        expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
          sent.map(({ status, body }) => ({ status, body })),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('bytes of any kind end in an answer, in what is wrong with them, or in waiting for more', () => {
    const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(answer, noise, fc.nat(), places, ({ bytes }, noise, at, cuts) => {
        const spoilt = Buffer.concat([bytes.subarray(0, at % bytes.length), noise, bytes.subarray(at % bytes.length)]);
        const inOne = read([spoilt]);
        const inPieces = read(cut(spoilt, cuts));
        // A piece that ends with an answer hides that more follows: only there may what comes next be read as one more.
        if (inOne.answers.every(({ isClean }) => isClean)) expect(inPieces).toEqual(inOne);
        else
          expect(inPieces.answers[0]).toMatchObject({ status: inOne.answers[0]?.status, body: inOne.answers[0]?.body });
      }),
      { numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, parseJson, stringifyJson } from '../../src/kit/json.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('JSON is read by one rule for each odd case', () => {
  it.each([
    ['an empty body', '', 'JSON_EMPTY'],
    ['only white space', ' \n\t', 'JSON_EMPTY'],
    ['no JSON', '{a:1}', 'JSON_MALFORMED'],
    ['an open object', '{"a":1', 'JSON_MALFORMED'],
    ['an open string', '{"a', 'JSON_MALFORMED'],
    ['two values', '{} {}', 'JSON_MALFORMED'],
    ['NaN', 'NaN', 'JSON_MALFORMED'],
    ['a number that no double holds', '{"a":1e400}', 'JSON_NUMBER'],
    ['a key __proto__', '{"__proto__":1}', 'JSON_KEY'],
    ['a key __proto__ in disguise', '{"a":{"\\u005f_proto__":1}}', 'JSON_KEY'],
    ['one in another disguise', '[{"__\\u0070rot\\u006f__":{}}]', 'JSON_KEY'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), 'JSON_TOO_DEEP'],
    ['an endless opening', '['.repeat(1_000_000), 'JSON_TOO_DEEP'],
  ])('%s: refused', (_, text, code) => {
    expect(parseJson(text)).toMatchObject({ ok: false, code });
    expect(parseJson(Buffer.from(text))).toMatchObject({ ok: false, code });
  });

  it.each([
    ['a lone continuation byte', bytes(0x22, 0x80, 0x22)],
    ['an overlong slash', bytes(0x22, 0xc0, 0xaf, 0x22)],
    ['a surrogate', bytes(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['a cut character', bytes(0x22, 0xe4, 0xbd)],
    ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0x00)],
  ])('%s is no UTF-8', (_, body) => {
    expect(parseJson(body)).toMatchObject({ ok: false, code: 'JSON_NOT_UTF8' });
    expect(decodeUtf8(body)).toBeUndefined();
  });

  it.each([
    ['a byte order mark is skipped', bytes(0xef, 0xbb, 0xbf, 0x31), 1],
    ['of a repeated key the last counts', Buffer.from('{"a":1,"a":2}'), { a: 2 }],
    ['64 levels', Buffer.from('['.repeat(64) + ']'.repeat(64)), JSON.parse('['.repeat(64) + ']'.repeat(64))],
    ['brackets in a string are no levels', Buffer.from(`{"a":"${'['.repeat(100)}\\""}`), { a: `${'['.repeat(100)}"` }],
    ['a top-level text', Buffer.from('"登顶"'), '登顶'],
    ['a large whole number', Buffer.from('9007199254740993'), 9007199254740993n],
    ['a negative one', Buffer.from('[-9223372036854775808]'), [-9223372036854775808n]],
    ['a fraction', Buffer.from('52.96700000000001'), 52.96700000000001],
    ['a text that only mentions __proto__', Buffer.from('{"a":"__proto__"}'), { a: '__proto__' }],
    ['a constructor key is a plain member', Buffer.from('{"constructor":1}'), { constructor: 1 }],
  ])('%s', (_, body, value) => {
    expect(parseJson(body)).toEqual({ ok: true, value });
  });

  it('takes another depth', () => {
    expect(parseJson('[[1]]', 1)).toMatchObject({ ok: false, code: 'JSON_TOO_DEEP' });
    expect(parseJson('[[1]]', 2)).toMatchObject({ ok: true });
  });
});

describe('JSON is written as it was', () => {
  it('keeps whole numbers of any size from text to text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })), (numbers) => {
        const members = Object.entries(numbers).filter(([key]) => key !== '__proto__');
        const text = `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
        const parsed = parseJson(text);
        const written = parsed.ok ? parseJson(stringifyJson(parsed.value)) : undefined;
        expect(parsed).toMatchObject({ ok: true });
        expect(written).toEqual(parsed);
        for (const [key, value] of members) {
          expect(BigInt((parsed as { value: Record<string, number | bigint> }).value[key] as number)).toBe(value);
        }
      }),
    );
  });

  it('gives any JSON value back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        const parsed = parseJson(text);
        expect(parsed.ok && JSON.parse(stringifyJson(parsed.value))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        expect(typeof parseJson(body).ok).toBe('boolean');
      }),
    );
  });

  it('leaves undefined members out and indents where asked', () => {
    expect(stringifyJson({ a: 1n << 60n, b: undefined })).toBe('{"a":1152921504606846976}');
    expect(stringifyJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });
});

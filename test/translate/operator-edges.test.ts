/** The edges of operators: numbers that no double holds, characters of two halves, what is empty, what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from './evaluate-expression.ts';

const big = 2n ** 80n + 1n;

function run(expression: string, x: unknown, more: Readonly<Record<string, unknown>> = {}): unknown {
  return evaluateExpression(`data.x | ${expression}`, { x, ...more });
}

describe('whole numbers beyond 2^53', () => {
  const cases: readonly [expression: string, x: unknown, result: unknown][] = [
    ['string', big, String(big)],
    ['int', String(big), big],
    ['int', `  ${big} `, big],
    ['int', 2 ** 60, 2n ** 60n],
    ['add 1', big, big + 1n],
    ['sub 1', big, big - 1n],
    ['mul 3', big, big * 3n],
    ['div 2', 2n ** 80n, 2n ** 79n],
    ['mod 10', big, Number(big % 10n)],
    ['abs', -big, big],
    ['round', big, big],
    ['round 2', big, big],
    ['min 5', big, 5],
    ['max 5', big, big],
    ['clamp 0 10', big, 10],
    ['gt 9007199254740993', big, true],
    ['eq 1208925819614629174706177', big, true],
    ['json', { a: [big] }, `{"a":[${big}]}`],
    ['parse_json', `[${big}]`, [big]],
    ['fixed 2', big, `${big}.00`],
    ['thousands', 12_345_678_901_234_567_890n, '12,345,678,901,234,567,890'],
    ['pad 26 "0"', big, `0${big}`],
    ['add 9007199254740991', 1, 9007199254740992n],
    ['mul 1000', 9_007_199_254_740_991, 9_007_199_254_740_991_000n],
    ['sub 9007199254740990', 9_007_199_254_740_993n, 3],
  ];
  it.each(cases)('%s of %s', (expression, x, result) => {
    expect(run(expression, x)).toEqual(result);
  });

  it('adds, takes away and multiplies as integers do', () => {
    const whole = fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n });
    const plain = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(run('add data.y', plain(a), { y: plain(b) })).toBe(plain(a + b));
        expect(run('sub data.y', plain(a), { y: plain(b) })).toBe(plain(a - b));
        expect(run('mul data.y', plain(a), { y: plain(b) })).toBe(plain(a * b));
      }),
    );
  });

  it('refuses those of thousands of digits', () => {
    expect(() => run('mul data.x', 10n ** 2000n)).toThrow(/1000 digits/);
    expect(() => run('string', 10n ** 2000n)).toThrow(/1000 digits/);
  });
});

describe('text of any script', () => {
  const cases: readonly [expression: string, x: string, result: unknown][] = [
    ['length', '👍🏽', 2],
    ['slice 0 1', '👍a', '👍'],
    ['slice -1', '登顶！', '！'],
    ['truncate 2', '👍👍👍', '👍…'],
    ['truncate 3', '👍👍👍', '👍👍👍'],
    ['pad 3 "👍"', 'a', '👍👍a'],
    ['pad 2', 'abc', 'abc'],
    ['pad 5 "ab" end', 'x', 'xabab'],
    ['trim "👍"', '👍a👍', 'a'],
    ['trim_end "/."', 'a/./', 'a'],
    ['reverse_text', 'a👍', '👍a'],
    ['urlencode', '登 \ud800', '%E7%99%BB%20%EF%BF%BD'],
    ['slug', 'Ünïcode — Straße 7', 'unicode-straße-7'],
    ['capitalize', 'éa', 'Éa'],
    ['title', "it's LIVE now", "It's LIVE Now"],
    ['snake_case', 'recordURL fooBar-x2', 'record_url_foo_bar_x2'],
    ['byte_length', '登', 3],
    ['trim_suffix ""', 'abc', 'abc'],
    ['replace "" "x"', 'abc', 'abc'],
    ['replace "$" "$&$1"', 'a$b', 'a$&$1b'],
    ['before "="', 'abc', 'abc'],
    ['after "="', 'abc', ''],
    ['split ","', '', ['']],
    ['lines', 'a\r\nb\n\nc\n', ['a', 'b', '', 'c']],
    ['re_replace "(?P<a>[a-z])(\\\\d)" "${a}-$2-$$"', 'a1', 'a-1-$'],
    ['re_replace "" "-"', 'ab', '-a-b-'],
    ['match_all "[a-z]+" | join "|"', 'ab 12 cd', 'ab|cd'],
    ['strip_html', '<p>a < b</p><br/>c', 'a c'],
    ['html_unescape', '&amp;lt; &#x767b; &bogus; &#99999999;', '&lt; 登 &bogus; &#99999999;'],
    ['basename', 'C', 'C'],
    ['basename', '/', ''],
    ['basename', '[1][a?b#c].mp4', '[1][a?b#c].mp4'],
    ['dirname', 'https://x/a/b.mp4?q=/c', 'https://x/a'],
    ['dirname', 'a', ''],
    ['dirname', '/a', '/'],
    ['extension', '.hidden', ''],
    ['extension', 'a.tar.gz', 'gz'],
    ['parse_query', '?a=1&a=2&__proto__=x&b', { a: ['1', '2'], b: '' }],
    ['parse_url | get "host"?', 'https://user:secret@x.example/', 'x.example'],
    ['bool', ' NO ', false],
    ['float', '.5e1', 5],
    ['int', '-7.9', -7],
    ['crc32', '', '00000000'],
    ['or "x"', '', 'x'],
    ['contains ""', 'a', true],
  ];
  it.each(cases)('%s of %s', (expression, x, result) => {
    expect(run(expression, x)).toEqual(result);
  });
});

describe('lists and objects', () => {
  const cases: readonly [expression: string, x: unknown, result: unknown][] = [
    ['or []', [], []],
    ['sort', ['b', 10, 'a', 9], [9, 10, 'a', 'b']],
    ['sort(it.n)', [{ n: 2 }, { n: 1 }], [{ n: 1 }, { n: 2 }]],
    ['unique', [1, '1', 1n, [1], [1]], [1, '1', [1]]],
    ['flatten 64', [[[[1]]]], [1]],
    ['flatten', [1, [2, [3]]], [1, 2, [3]]],
    ['chunk 5', [1], [[1]]],
    ['zip []', [1], []],
    ['compact', [0, false, '', null, [], {}, 'a'], [0, false, 'a']],
    ['sum', [], 0],
    ['group(it.k?)', [{ k: 'a' }, {}], { a: [{ k: 'a' }], '': [{}] }],
    ['map(it | map(it | add 1))', [[1], [2]], [[2], [3]]],
    ['all(it | gt 1)', [], true],
    ['contains data.x', [[1]], false],
    ['pick "a" "toString"', { a: 1 }, { a: 1 }],
    ['has "toString"', {}, false],
    ['get "toString" | default "none"', {}, 'none'],
    ['get 1 | default "none"', ['a', 'b'], 'b'],
    ['merge data.x', { a: 1 }, { a: 1 }],
    ['rename "a" "b"', { a: 1, c: 2 }, { b: 1, c: 2 }],
    ['query_string', { 'a b': "it's", c: null, d: true }, 'a%20b=it%27s&d=true'],
    ['entries | from_entries', { a: 1, b: [2] }, { a: 1, b: [2] }],
    ['to_object(it | upper) | keys', ['a', 'b'], ['A', 'B']],
    ['length', { a: 1, b: 2 }, 2],
  ];
  it.each(cases)('%s of %o', (expression, x, result) => {
    expect(run(expression, x)).toEqual(result);
  });
});

describe('a value that an operator refuses', () => {
  const cases: readonly [expression: string, x: unknown, message: RegExp][] = [
    ['int', '5 apples', /no number/],
    ['float', 'Infinity', /no number/],
    ['bool', 'maybe', /neither true nor false/],
    ['string', [1], /no single value/],
    ['div 0', 5, /divided by 0/],
    ['mod 0', 5, /divided by 0/],
    ['pow 10000', 10, /no number that can be written/],
    ['decode_base64', '***', /cannot be decoded/],
    ['decode_base64', '/w==', /cannot be decoded/],
    ['decode_hex', 'abc', /cannot be decoded/],
    ['urldecode', '%zz', /cannot be decoded/],
    ['parse_json', '{', /no JSON/],
    ['parse_url', 'not a url', /no absolute URL/],
    ['uuid5 "nowhere"', 'x', /namespace/],
    ['from_entries', [{ key: 'a' }], /no key or no value/],
    ['from_entries', [{ key: '__proto__', value: 1 }], /cannot be a field/],
    ['set "__proto__" 1', {}, /cannot be a field/],
    ['sort', [true, false], /no order/],
    ['gt "a"', 1, /no order/],
    ['map(it.a)', [{}], /it\.a is missing from an item/],
    ['filter(it)', ['x'], /true or false/],
    ['truncate data.n', 'x', /from 0 to/],
    ['match "x" 3', 'x', /no group 3/],
    ['re_replace "x" "$3"', 'x', /no group 3/],
  ];
  it.each(cases)('%s of %o', (expression, x, message) => {
    const evaluate = (): unknown => run(expression, x, { n: -1 });
    expect(evaluate).toThrow();
    try {
      evaluate();
    } catch (error) {
      expect((error as Error).message).toMatch(message);
    }
  });
});

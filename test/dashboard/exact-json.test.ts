import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafText, parseExact } from '../../src/admin/dashboard/show/exact-json.ts';
import { jsonLines } from '../../src/admin/dashboard/show/json-lines.ts';

describe('JSON as the dashboard reads it', () => {
  it.each([
    ['a room id beyond 2^53', '12345678901234567890', 12345678901234567890n],
    ['a negative one', '-9007199254740993', -9007199254740993n],
    ['a whole number that a double holds', '9007199254740991', 9007199254740991],
    ['a fraction', '52.96700000000001', 52.96700000000001],
    ['an exponent', '1e400', Number.POSITIVE_INFINITY],
  ])('keeps %s', (_, text, value) => {
    expect(parseExact(text)).toBe(value);
  });

  it('reads and shows every whole number as it was written', () => {
    fc.assert(fc.property(fc.bigInt(), (whole) => leafText(parseExact(String(whole))) === String(whole)));
  });

  it('reads what JSON.parse reads', () => {
    const rounded = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExact(text), rounded)).toBe(text);
      }),
    );
  });
});

describe('JSON line by line', () => {
  it('gives each line its depth, its name and the path of its value', () => {
    const lines = jsonLines({ id: 1, list: ['a', { b: null }], empty: {} }, 'raw');
    expect(lines.map(({ depth, name, text, path, hasComma }) => [depth, name, text, path, hasComma])).toEqual([
      [0, null, '{', 'raw', false],
      [1, 'id', '1', 'raw.id', true],
      [1, 'list', '[', 'raw.list', false],
      [2, null, '"a"', 'raw.list[0]', true],
      [2, null, '{', 'raw.list[1]', false],
      [3, 'b', 'null', 'raw.list[1].b', false],
      [2, null, '}', 'raw.list[1]', false],
      [1, null, ']', 'raw.list', true],
      [1, 'empty', '{}', 'raw.empty', false],
      [0, null, '}', 'raw', false],
    ]);
  });

  it('makes lines that are the same JSON when they are put together', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const wire = JSON.parse(JSON.stringify(value));
        const text = jsonLines(wire, '')
          .map(
            ({ name, text, hasComma }) =>
              `${name === null ? '' : `${JSON.stringify(name)}:`}${text}${hasComma ? ',' : ''}`,
          )
          .join('\n');
        expect(JSON.parse(text)).toEqual(wire);
      }),
    );
  });

  it('ends after as many lines as anyone reads', () => {
    expect(jsonLines(Array(100_000).fill(0), '').length).toBeLessThanOrEqual(2001);
  });
});

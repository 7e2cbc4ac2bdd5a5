import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../src/admin/dashboard/show/json-lines.ts';

const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);

describe('the lines of a JSON value', () => {
  it('are each member with its path, between the brackets that hold them', () => {
    expect(jsonLines({ a: [1], b: {} }, 'raw').map(({ path, kind, text }) => `${path} ${kind} ${text}`)).toEqual([
      'raw open {',
      'raw.a open [',
      'raw.a[0] leaf 1',
      'raw.a close ]',
      'raw.b leaf {}',
      'raw close }',
    ]);
  });

  it.each([
    ['as many as are shown', numbers(1998), 'close', ']', 2000],
    ['one bracket more', numbers(1999), 'rest', '1', 2001],
    ['a list that goes on', numbers(3000), 'rest', '1002', 2001],
    ['nested ones, closing brackets and all', [numbers(1990), numbers(3), [[[]]]], 'rest', '4', 2001],
  ])('end with how many are left out, if any: %s', (_, value, kind, text, length) => {
    const lines = jsonLines(value, 'raw');
    expect({ length: lines.length, kind: lines.at(-1)?.kind, text: lines.at(-1)?.text }).toEqual({
      length,
      kind,
      text,
    });
  });
});

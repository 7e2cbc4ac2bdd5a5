import { describe, expect, it } from 'vitest';
import { differences } from '../../src/kit/differences.ts';

describe('differences', () => {
  it.each([
    ['nothing between equal values', { a: [1, { b: 2n }] }, { a: [1, { b: 2n }] }, []],
    ['a changed leaf', { a: { b: 1 } }, { a: { b: '1' } }, [{ path: 'a.b', before: 1, after: '1' }]],
    ['a field that is gone', { a: 1, b: 2 }, { a: 1 }, [{ path: 'b', before: 2, after: undefined }]],
    ['a field that came', {}, { b: null }, [{ path: 'b', before: undefined, after: null }]],
    ['a longer list', [1], [1, 2], [{ path: '[1]', before: undefined, after: 2 }]],
    ['values of other kinds', { a: [] }, { a: {} }, [{ path: 'a', before: [], after: {} }]],
    [
      'whole numbers beyond 2^53',
      9007199254740993n,
      9007199254740992n,
      [{ path: '', before: 9007199254740993n, after: 9007199254740992n }],
    ],
  ])('finds %s', (_, before, after, found) => {
    expect(differences(before, after)).toEqual(found);
  });
});

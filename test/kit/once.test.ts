import { describe, expect, it } from 'vitest';
import { once, oncePerPair } from '../../src/kit/once.ts';

describe('what is made once', () => {
  it('is the same for the same name', () => {
    const cellOf = once((name) => ({ name }));
    expect(cellOf('a')).toBe(cellOf('a'));
    expect(cellOf('b')).toEqual({ name: 'b' });
  });

  it('is forgotten when there would be too many', () => {
    const made: string[] = [];
    const cellOf = once((name) => made.push(name), 2);
    for (const name of ['a', 'b', 'a', 'c', 'c', 'a']) cellOf(name);
    expect(made).toEqual(['a', 'b', 'c', 'a']);
  });

  it('is one for each pair, whatever the names join to', () => {
    const cellOf = oncePerPair((first, second) => [first, second]);
    expect(cellOf('a', 'b/c')).toEqual(['a', 'b/c']);
    expect(cellOf('a/b', 'c')).toEqual(['a/b', 'c']);
    expect(cellOf('a', '')).toEqual(['a', '']);
    expect(cellOf('a', 'b/c')).toBe(cellOf('a', 'b/c'));
  });
});

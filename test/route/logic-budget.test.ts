import { describe, expect, it } from 'vitest';
import { filterOf } from './compile.ts';

const items = (count: number) => Array.from({ length: count }, (_, i) => i);
const tooMuch = 'the filter takes more than 100,000 steps for this event';

describe('a filter stops with an error', () => {
  it.each([
    ['a loop with a literal body', { map: [{ var: 'data' }, 1] }, items(100_001)],
    ['a reduce with a literal body', { reduce: [{ var: 'data' }, 1, 0] }, items(100_001)],
    ['a filter with a literal body', { filter: [{ var: 'data' }, true] }, items(100_001)],
    [
      'loops within loops',
      { map: [{ var: 'data' }, { map: [{ var: 'list' }, { map: [{ var: 'list' }, { '+': [1, 1] }] }] }] },
      Array.from({ length: 50 }, () => ({ list: Array.from({ length: 50 }, () => ({ list: items(50) })) })),
    ],
    [
      'a text that doubles',
      { reduce: [{ var: 'data' }, { cat: [{ var: 'accumulator' }, { var: 'accumulator' }] }, 'xxxxxxxx'] },
      items(64),
    ],
    [
      'a list that doubles',
      { reduce: [{ var: 'data' }, { merge: [{ var: 'accumulator' }, { var: 'accumulator' }] }, [1, 2]] },
      items(64),
    ],
    [
      'a list that holds itself twice, written out',
      { reduce: [{ var: 'data' }, [{ var: 'accumulator' }, { var: 'accumulator' }], 'x'] },
      items(64),
    ],
    [
      'a list that holds itself twice, made a text',
      { cat: [{ reduce: [{ var: 'data' }, [{ var: 'accumulator' }, { var: 'accumulator' }], 'x'] }] },
      items(64),
    ],
    [
      'a list that holds itself twice, compared',
      { '==': ['x', { reduce: [{ var: 'data' }, [{ var: 'accumulator' }, { var: 'accumulator' }], 'x'] }] },
      items(64),
    ],
    [
      'a list that holds itself twice, added',
      { '+': [{ reduce: [{ var: 'data' }, [{ var: 'accumulator' }, { var: 'accumulator' }], 'x'] }] },
      items(64),
    ],
    [
      'a text searched for every item',
      { map: [{ var: 'data' }, { in: ['x', { var: '' }] }] },
      Array.from({ length: 1000 }, () => 'y'.repeat(100_000)),
    ],
    ['a list too deep to be written out', { reduce: [{ var: 'data' }, [{ var: 'accumulator' }, 1], 0] }, items(20_000)],
  ])('at %s', (_, when, data) => {
    expect(() => filterOf(when).truthy({ data })).toThrow(tooMuch);
  });

  it('and keeps a product of whole numbers from growing without bound', () => {
    const when = { reduce: [{ var: 'data' }, { '*': [{ var: 'accumulator' }, { var: 'current' }] }, 1] };
    expect(filterOf(when).evaluate({ data: Array.from({ length: 100 }, () => 2n ** 60n) })).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('a filter may', () => {
  it('look through a megabyte of text', () => {
    const scope = { data: `${'x'.repeat(2 ** 20)}y` };
    expect(filterOf('{ in: [y, { var: data }] }').truthy(scope)).toBe(true);
    expect(filterOf('{ matches: [{ var: data }, "(x+x+)+y$"] }').truthy(scope)).toBe(true);
  });

  it('look through 30,000 items', () => {
    expect(filterOf('{ some: [{ var: data }, { "==": [{ var: "" }, 29999] }] }').truthy({ data: items(30_000) })).toBe(
      true,
    );
  });

  it('be evaluated again after it went past its budget', () => {
    const filter = filterOf('{ some: [{ var: data }, { ">": [{ var: "" }, 200000] }] }');
    expect(() => filter.truthy({ data: items(100_000) })).toThrow(tooMuch);
    expect(filter.truthy({ data: [200_001] })).toBe(true);
  });

  it('be evaluated while another one is, each with its own budget', () => {
    const inner = filterOf('{ some: [{ var: data }, { "==": [{ var: "" }, -1] }] }');
    const outer = filterOf('{ map: [{ var: data }, { var: value }] }');
    const scope = {
      data: Array.from({ length: 10 }, () => ({
        get value() {
          return inner.truthy({ data: items(20_000) });
        },
      })),
    };
    expect(outer.evaluate(scope)).toEqual(Array.from({ length: 10 }, () => false));
  });
});

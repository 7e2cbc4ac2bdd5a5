import { createRequire } from 'node:module';
import fc from 'fast-check';
import ourJsonLogic from 'json-logic-js';
import { describe, expect, it } from 'vitest';
import { filterOf } from './compile.ts';

/** An instance of the library of its own, which nothing of ours has touched. */
function untouched(): typeof ourJsonLogic {
  const require = createRequire(import.meta.url);
  const path = require.resolve('json-logic-js');
  delete require.cache[path];
  return require(path);
}

const plain = untouched();

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, '', '0', '1', ' 1', 'a', 'abc', 'null'),
  fc.integer({ min: -3, max: 20 }),
  // JSON writes -0 as 0
  fc.double({ min: -5, max: 5, noNaN: true }).map((number) => number + 0),
  fc.string({ maxLength: 4 }),
);
const data = fc.record(
  {
    a: scalar,
    b: scalar,
    list: fc.array(scalar, { maxLength: 4 }),
    objects: fc.array(fc.record({ n: scalar }, { noNullPrototype: true }), { maxLength: 3 }),
    inner: fc.record({ x: scalar }, { requiredKeys: [], noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

/** The library loses the sign of a zero on its way through a text; JSON has none. */
function zeroed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(zeroed);
  return typeof value === 'number' ? value + 0 : value;
}

const PATHS = ['a', 'b', 'list', 'list.0', 'objects', 'objects.1.n', 'inner', 'inner.x', 'missing'];
const count = fc.integer({ min: -4, max: 4 });

/**
 * Rules within what is unchanged: no ordering of null or of missing values, no missing value looked for in a text. `present`
 * are expressions that never give null.
 */
const { rule } = fc.letrec<{ rule: unknown; present: unknown; item: unknown; list: unknown }>((tie) => {
  const rules = (minLength: number, maxLength: number) => fc.array(tie('rule'), { minLength, maxLength });
  const call = (names: readonly string[], args: fc.Arbitrary<unknown>) =>
    fc.tuple(fc.constantFrom(...names), args).map(([name, values]) => ({ [name]: values }));
  const present = (minLength: number, maxLength: number) => fc.array(tie('present'), { minLength, maxLength });
  const variable = fc.constantFrom(...PATHS).map((path) => ({ var: path }));
  const itemBody = fc.oneof(
    fc.constantFrom({ var: '' }, { var: 'n' }, 1, { '!!': { var: '' } }),
    call(['==', '===', '!=', 'in'], fc.tuple(fc.constant({ var: '' }), fc.array(scalar, { maxLength: 3 }))),
    call(['+', 'cat', '*'], fc.tuple(fc.constant({ var: '' }), fc.constant({ var: 'n' }))),
  );
  return {
    present: fc.oneof(
      { maxDepth: 4 },
      scalar.filter((value) => value !== null),
      call(['+', '*', 'cat', 'min', 'max'], rules(2, 3)),
      call(['!', '!!'], rules(1, 1)),
    ),
    list: fc.oneof(
      { maxDepth: 4 },
      fc.array(scalar, { maxLength: 3 }),
      fc.constantFrom({ var: 'list' }, { var: 'objects' }),
      rules(0, 3),
    ),
    item: itemBody,
    rule: fc.oneof(
      { maxDepth: 4 },
      scalar,
      variable,
      fc.tuple(fc.constantFrom(...PATHS), scalar).map(([path, other]) => ({ var: [path, other] })),
      call(['==', '===', '!=', '!==', '%', '/', '-'], rules(2, 2)),
      call(['<', '<='], present(2, 3)),
      call(['>', '>='], present(2, 2)),
      call(['!', '!!', '-'], rules(1, 1)),
      call(['and', 'or', '+', '*', 'min', 'max', 'cat', 'merge'], rules(1, 3)),
      call(['if'], rules(2, 5)),
      call(['?:'], rules(3, 3)),
      call(['in'], fc.tuple(tie('rule'), tie('list'))),
      call(['in'], fc.tuple(tie('present'), fc.string({ maxLength: 5 }))),
      call(['substr'], fc.oneof(fc.tuple(tie('rule'), count), fc.tuple(tie('rule'), count, count))),
      call(['map', 'filter', 'all', 'none', 'some'], fc.tuple(tie('list'), tie('item'))),
      fc.tuple(fc.constantFrom('+', 'cat', 'merge', 'max'), tie('list'), scalar).map(([name, over, start]) => ({
        reduce: [over, { [name]: [{ var: 'accumulator' }, { var: 'current' }] }, start],
      })),
      fc.subarray(PATHS, { minLength: 1 }).map((paths) => ({ missing: paths })),
      fc.tuple(count, fc.subarray(PATHS, { minLength: 1 })).map(([least, paths]) => ({ missing_some: [least, paths] })),
    ),
  };
});

describe('filters beside the library as it comes', () => {
  it('give the same value for every rule within what is unchanged', () => {
    expect(plain).not.toBe(ourJsonLogic);
    fc.assert(
      fc.property(rule, data, (written, scope) => {
        expect(filterOf({ '!': [written] }).evaluate(scope)).toEqual(plain.apply({ '!': [written] } as never, scope));
        expect(filterOf({ cat: [written] }).evaluate(scope)).toEqual(plain.apply({ cat: [written] } as never, scope));
        expect(zeroed(filterOf({ or: [written] }).evaluate(scope))).toEqual(
          zeroed(plain.apply({ or: [written] } as never, scope)),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('leave the operators of other users of the library as they are', () => {
    expect(filterOf('{ "<": [{ var: x }, 1] }').truthy({})).toBe(false);
    expect(ourJsonLogic.apply({ '<': [{ var: 'x' }, 1] }, {})).toBe(true);
    expect(ourJsonLogic.apply({ var: 'x.length' }, { x: 'abc' })).toBe(3);
    expect(() => ourJsonLogic.apply({ glob: ['a', 'a'] } as never)).toThrow('Unrecognized operation');
  });
});

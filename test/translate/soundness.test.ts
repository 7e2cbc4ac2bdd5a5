/** What the checker promises: an expression that passes never meets a value of a wrong type, and gives one of the type foreseen. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../src/model/schema.ts';
import { operators } from '../../src/translate/operators/index.ts';
import { MISSING, RunError } from '../../src/translate/run.ts';
import { mistakeIn } from '../../src/translate/schema-fit.ts';
import { schemaOfValue } from '../../src/translate/value-types.ts';
import { compileFor } from './evaluate-expression.ts';

const text: Schema = { type: 'string' };
const object: Schema = {
  type: 'object',
  properties: { a: text, b: { type: 'integer' } },
  required: ['a'],
  additionalProperties: false,
};
const fields: Readonly<Record<string, { readonly schema: Schema; readonly values: fc.Arbitrary<unknown> }>> = {
  text: {
    schema: text,
    values: fc.oneof(fc.string(), fc.constantFrom('12', '2025-01-01T00:00:00Z', 'a,b', '{"a":1}', 'https://x/y?z=1')),
  },
  number: {
    schema: { type: 'number' },
    values: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
  },
  whole: {
    schema: { type: 'integer' },
    values: fc.oneof(
      fc.integer(),
      fc.bigInt().filter((value) => value > 2n ** 53n),
    ),
  },
  flag: { schema: { type: 'boolean' }, values: fc.boolean() },
  either: { schema: { type: ['string', 'integer'] }, values: fc.oneof(fc.string(), fc.integer()) },
  texts: { schema: { type: 'array', items: text }, values: fc.array(fc.string(), { maxLength: 4 }) },
  wholes: { schema: { type: 'array', items: { type: 'integer' } }, values: fc.array(fc.integer(), { maxLength: 4 }) },
  objects: {
    schema: { type: 'array', items: object },
    values: fc.array(fc.record({ a: fc.string(), b: fc.integer() }, { requiredKeys: ['a'] }), { maxLength: 3 }),
  },
  object: { schema: object, values: fc.record({ a: fc.string(), b: fc.integer() }, { requiredKeys: ['a'] }) },
};

const data: Schema = {
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])),
  required: Object.keys(fields),
  additionalProperties: false,
};
const scope: Schema = { type: 'object', properties: { data }, required: ['data'], additionalProperties: false };
const event = fc.record(Object.fromEntries(Object.entries(fields).map(([name, { values }]) => [name, values])));

const args = fc.constantFrom(
  '"x"',
  '""',
  '"a"',
  '3',
  '-1',
  '2.5',
  'true',
  'data.text',
  'data.number',
  'data.whole',
  'data.flag',
  'data.texts',
  'data.object',
  'it',
  '(it | string)',
  '(it | upper)',
  '(it | gt 3)',
  'it.a',
  '[1, 2]',
  '["a"]',
  '"%Y"',
  'iso',
  's',
  'ms',
);
const call = fc
  .tuple(fc.constantFrom(...operators.keys()), fc.array(args, { maxLength: 2 }))
  .map((parts) => parts.flat().join(' '));
const start = fc.oneof(
  fc.constantFrom(...Object.keys(fields).map((name) => `data.${name}`)),
  fc.constantFrom(
    '5',
    '"text"',
    '[1, "a"]',
    '[]',
    'data.texts[0]',
    'data.object.b',
    '(data.object.b ?? data.text)',
    '[data.text, data.whole]',
  ),
);
const expression = fc
  .tuple(start, fc.array(call, { maxLength: 3 }))
  .map(([first, calls]) => [first, ...calls].join(' | '));

/** What these give is of any type: what follows can only be told from the event. */
const UNTYPED = /parse_json|merge|set|rename|from_entries|flatten|map_values|pick|without/;

describe('an expression that passes the checker', () => {
  it('never meets a wrong type, and gives what was foreseen', () => {
    let passed = 0;
    fc.assert(
      fc.property(expression, event, (written, values) => {
        const { compiled, problems } = compileFor(written, scope);
        if (!compiled || problems.length > 0) return;
        passed++;
        try {
          const value = compiled.evaluate({ scope: { data: values }, meter: { work: 100_000 }, trace: null });
          if (value === MISSING) expect(compiled.missing, written).not.toEqual([]);
          else expect(mistakeIn(schemaOfValue(value), compiled.schema), written).toBeUndefined();
        } catch (error) {
          expect(error, written).toBeInstanceOf(RunError);
          if (!UNTYPED.test(written))
            expect((error as Error).message, written).not.toMatch(
              /it takes (text|a number|a list|an object|true)|have no order/,
            );
        }
      }),
      { numRuns: 20_000 },
    );
    expect(passed).toBeGreaterThan(1000);
  });
});

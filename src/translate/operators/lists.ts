/** Operators on lists: what is in them, and where. */
import { stringifyJson } from '../../kit/json.ts';
import type { Schema } from '../../model/schema.ts';
import { describe, type Meter, spend, spendText, spendValue, ValueError } from '../run.ts';
import { presentTypes, typeName, unfitType } from '../value-types.ts';
import { asText, textOf } from './convert.ts';
import { itemsAre } from './expectations.ts';
import {
  BOOLEAN,
  countArgument,
  INTEGER,
  itemsOf,
  type Operator,
  TEXT,
  textArgument,
  type ValueType,
} from './operator.ts';
import { sliceText } from './text.ts';

const family = 'Lists';
const list = { family, takes: ['array'] } as const;
const same = (input: Schema): Schema => ({ type: 'array', items: itemsOf(input) });
/** Values that can be text. */
export const SCALARS: readonly ValueType[] = ['string', 'number', 'boolean'];

export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ValueError(`it takes a list, and this is ${describe(value)}`);
}

/** Text that tells two values apart: one and the same value in two forms of number has one. */
export function identity(value: unknown, meter: Meter): string {
  spendValue(meter, value);
  return typeof value === 'string' ? `"${value}` : stringifyJson(value);
}

/** In a text, only what can be text is looked for. */
function checkPart(input: Schema, [value]: readonly Schema[]): string | undefined {
  if (!presentTypes(input)?.includes('string') || !value) return undefined;
  const unfit = unfitType(value, SCALARS);
  return unfit && `looks for text in a text, and this is ${typeName(unfit)}`;
}

function indexIn(values: readonly unknown[], index: unknown): unknown {
  if (typeof index !== 'number' || !Number.isInteger(index)) throw new ValueError('the place has to be a whole number');
  return values.at(index) ?? undefined;
}

export const listOperators: readonly Operator[] = [
  {
    ...list,
    name: 'first',
    summary: 'The first item; a missing value where the list is empty.',
    args: [],
    gives: itemsOf,
    mayMiss: true,
    examples: [{ expression: '["a", "b"] | first | default "none"', output: 'a' }],
    apply: (input) => asList(input)[0] ?? undefined,
  },
  {
    ...list,
    name: 'last',
    summary: 'The last item; a missing value where the list is empty.',
    args: [],
    gives: itemsOf,
    mayMiss: true,
    examples: [{ expression: '["a", "b"] | last | default "none"', output: 'b' }],
    apply: (input) => asList(input).at(-1) ?? undefined,
  },
  {
    ...list,
    name: 'at',
    summary:
      'The item at a place, counted from 0, or from the end with a negative number; a missing value where there is none.',
    args: [countArgument('place')],
    gives: itemsOf,
    mayMiss: true,
    examples: [
      { expression: '["a", "b"] | at 1 | default "none"', output: 'b' },
      { expression: '["a", "b"] | at -2 | default "none"', output: 'a' },
    ],
    apply: (input, [place]) => indexIn(asList(input), place),
  },
  {
    ...list,
    name: 'slice',
    takes: ['array', 'string'],
    summary:
      'The items, or characters, from one place up to another, which is left out; negative places count from the end.',
    args: [countArgument('from'), countArgument('to', { optional: true })],
    gives: (input) => (presentTypes(input)?.includes('string') ? TEXT : same(input)),
    examples: [
      { expression: '["a", "b", "c"] | slice 1', output: ['b', 'c'] },
      { expression: '"2025-09-07" | slice 0 4', output: '2025' },
    ],
    apply(input, [from, to]) {
      const start = Number(from);
      const end = to === undefined ? undefined : Number(to);
      return Array.isArray(input) ? input.slice(start, end) : sliceText(asText(input), start, end);
    },
  },
  {
    ...list,
    name: 'length',
    takes: ['array', 'string', 'object'],
    summary: 'How many items a list, characters a text or fields an object has.',
    args: [],
    gives: INTEGER,
    examples: [
      { expression: '["a", "b"] | length', output: 2 },
      { expression: '"登顶！" | length', output: 3 },
    ],
    apply(input) {
      if (typeof input === 'string') return [...input].length;
      if (Array.isArray(input)) return input.length;
      if (typeof input === 'object' && input !== null) return Object.keys(input).length;
      throw new ValueError(`${describe(input)} has no length`);
    },
  },
  {
    ...list,
    name: 'join',
    check: itemsAre('string', 'number', 'boolean'),
    summary: 'The items as one text, with a separator between.',
    args: [textArgument('separator', { optional: true })],
    gives: TEXT,
    examples: [{ expression: '["a", 1, true] | join ", "', output: 'a, 1, true' }],
    apply(input, [separator], meter) {
      const between = separator === undefined ? '' : asText(separator);
      const texts = asList(input).map(textOf);
      spendText(
        meter,
        texts.reduce((sum, text) => sum + text.length + between.length, 0),
      );
      return texts.join(between);
    },
  },
  {
    ...list,
    name: 'contains',
    check: checkPart,
    takes: ['array', 'string'],
    summary: 'True where a list has the item, or a text the part.',
    args: [{ name: 'value', types: ['any'] }],
    gives: BOOLEAN,
    examples: [
      { expression: '["a", "b"] | contains "b"', output: true },
      { expression: '"a long title" | contains "long"', output: true },
    ],
    apply(input, [value], meter) {
      if (typeof input === 'string') return input.includes(textOf(value));
      spend(meter, asList(input).length);
      const wanted = identity(value, meter);
      return asList(input).some((item) => item === value || identity(item, meter) === wanted);
    },
  },
  {
    ...list,
    name: 'index_of',
    check: checkPart,
    takes: ['array', 'string'],
    summary:
      'The first place, from 0, of an item in a list or of a part in a text; a missing value where it is not there.',
    args: [{ name: 'value', types: ['any'] }],
    gives: INTEGER,
    mayMiss: true,
    examples: [
      { expression: '["a", "b"] | index_of "b" | default -1', output: 1 },
      { expression: '"abc" | index_of "x" | default -1', output: -1 },
    ],
    apply(input, [value], meter) {
      spend(meter, typeof input === 'string' ? 1 : asList(input).length);
      const wanted = identity(value, meter);
      const index =
        typeof input === 'string'
          ? input.indexOf(textOf(value))
          : asList(input).findIndex((item) => identity(item, meter) === wanted);
      return index === -1 ? undefined : index;
    },
  },
];

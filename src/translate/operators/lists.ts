/** Operators on lists. */
import { stringifyJson } from '../../kit/json.ts';
import type { Schema } from '../../model/schema.ts';
import { describe, type Meter, MOST_ITEMS, spend, spendItems, spendText, spendValue, ValueError } from '../run.ts';
import { presentTypes, typeName, unfitType } from '../value-types.ts';
import { asText, textOf } from './convert.ts';
import { asCount, compare } from './exact.ts';
import { itemsAre } from './expectations.ts';
import { isBlank } from './missing.ts';
import {
  ANYTHING,
  type Argument,
  anyOf,
  BOOLEAN,
  countArgument,
  INTEGER,
  itemsOf,
  LIST,
  type Operator,
  TEXT,
  textArgument,
  type ValueType,
} from './operator.ts';
import { sliceText } from './text.ts';

const family = 'Lists';
const list = { family, takes: ['array'] } as const;
const same = (input: Schema): Schema => ({ type: 'array', items: itemsOf(input) });
const SCALARS: readonly ValueType[] = ['string', 'number', 'boolean'];
const each: Argument = { name: 'expression', types: ['any'], perItem: true };
const by: Argument = { name: 'by', types: ['any'], perItem: true, optional: true };
type PerItem = (item: unknown) => unknown;

export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ValueError(`it takes a list, and this is ${describe(value)}`);
}

function asTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === undefined) return false;
  throw new ValueError(`the expression has to give true or false, and gives ${describe(value)}`);
}

/** Text that tells two values apart: one and the same value in two forms of number has one. */
export function identity(value: unknown, meter: Meter): string {
  spendValue(meter, value);
  return typeof value === 'string' ? `"${value}` : stringifyJson(value);
}

/** Numbers before texts; numbers and bigints by size, texts by code point. Stable. */
function order(a: unknown, b: unknown): number {
  const bothText = typeof a === 'string' && typeof b === 'string';
  return bothText || (typeof a !== 'string' && typeof b !== 'string') ? compare(a, b) : typeof a === 'string' ? 1 : -1;
}

function sorted(values: readonly unknown[], key: PerItem | undefined, meter: Meter): unknown[] {
  spendItems(meter, values.length * 8);
  const keyed = values.map((value) => ({ value, key: key ? key(value) : value }));
  return keyed.sort((a, b) => order(a.key, b.key)).map(({ value }) => value);
}

function flatten(values: readonly unknown[], depth: number, meter: Meter): unknown[] {
  const flat: unknown[] = [];
  for (const value of values) {
    spend(meter, 1);
    if (Array.isArray(value) && depth > 0) flat.push(...flatten(value, depth - 1, meter).slice(0, MOST_ITEMS));
    else flat.push(value);
  }
  return flat;
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
  {
    ...list,
    name: 'map',
    summary: 'The list with each item replaced by what the expression makes of it; it reads the item as `it`.',
    args: [each],
    gives: (_input, [item]) => ({ type: 'array', items: item ?? ANYTHING }),
    examples: [
      {
        expression: 'data.urls | map(it | basename)',
        data: { urls: ['/a/b.mp4', '/c.mp4'] },
        output: ['b.mp4', 'c.mp4'],
      },
      { expression: 'data.files | map it.name', data: { files: [{ name: 'a' }, { name: 'b' }] }, output: ['a', 'b'] },
    ],
    apply: (input, [make]) =>
      asList(input)
        .map(make as PerItem)
        .filter((item) => item !== undefined),
  },
  {
    ...list,
    name: 'filter',
    summary: 'The items for which the expression is true.',
    args: [{ ...each, types: ['boolean'] }],
    gives: same,
    examples: [
      {
        expression: 'data.urls | filter(it | ends_with ".mp4")',
        data: { urls: ['a.mp4', 'b.m3u8'] },
        output: ['a.mp4'],
      },
    ],
    apply: (input, [holds]) => asList(input).filter((item) => asTrue((holds as PerItem)(item))),
  },
  {
    ...list,
    name: 'find',
    summary: 'The first item for which the expression is true; a missing value where there is none.',
    args: [{ ...each, types: ['boolean'] }],
    gives: itemsOf,
    mayMiss: true,
    examples: [{ expression: '[1, 5, 9] | find(it | gt 3) | default 0', output: 5 }],
    apply: (input, [holds]) => asList(input).find((item) => asTrue((holds as PerItem)(item))),
  },
  {
    ...list,
    name: 'any',
    summary: 'True where the expression is true for an item.',
    args: [{ ...each, types: ['boolean'] }],
    gives: BOOLEAN,
    examples: [{ expression: '[1, 5] | any(it | gt 3)', output: true }],
    apply: (input, [holds]) => asList(input).some((item) => asTrue((holds as PerItem)(item))),
  },
  {
    ...list,
    name: 'all',
    summary: 'True where the expression is true for every item.',
    args: [{ ...each, types: ['boolean'] }],
    gives: BOOLEAN,
    examples: [{ expression: '[1, 5] | all(it | gt 3)', output: false }],
    apply: (input, [holds]) => asList(input).every((item) => asTrue((holds as PerItem)(item))),
  },
  {
    ...list,
    name: 'flatten',
    summary: 'The list with the lists in it opened up: one level, or as many as are given.',
    args: [countArgument('levels', { optional: true })],
    gives: (input, args) => {
      const items = itemsOf(input);
      return args.length === 0 && presentTypes(items)?.join() === 'array' ? same(items) : LIST;
    },
    examples: [
      { expression: '[[1, 2], [3]] | flatten', output: [1, 2, 3] },
      { expression: '[[1, [2]]] | flatten 5', output: [1, 2] },
    ],
    apply: (input, [levels], meter) =>
      flatten(asList(input), levels === undefined ? 1 : asCount(levels, 'levels', 64), meter),
  },
  {
    ...list,
    name: 'unique',
    summary: 'The list without repeats, by the items or by what the expression makes of them.',
    args: [by],
    gives: same,
    examples: [
      { expression: '["a", "b", "a"] | unique', output: ['a', 'b'] },
      { expression: '[1, 2, 3] | unique(it | mod 2)', output: [1, 2] },
    ],
    apply(input, [key], meter) {
      spend(meter, asList(input).length);
      const seen = new Set<string>();
      return asList(input).filter((item) => {
        const mark = identity(key ? (key as PerItem)(item) : item, meter);
        return !seen.has(mark) && seen.add(mark);
      });
    },
  },
  {
    ...list,
    name: 'sort',
    check: (input, [key]) => (key ? undefined : itemsAre('string', 'number')(input)),
    summary: 'The list in order, by the items or by what the expression makes of them; numbers come before texts.',
    args: [{ ...by, types: ['string', 'number'] }],
    gives: same,
    examples: [
      { expression: '[10, 9, 1] | sort', output: [1, 9, 10] },
      { expression: '["ccc", "a", "bb"] | sort(it | length)', output: ['a', 'bb', 'ccc'] },
    ],
    apply: (input, [key], meter) => sorted(asList(input), key as PerItem | undefined, meter),
  },
  {
    ...list,
    name: 'reverse',
    summary: 'The list in the other order.',
    args: [],
    gives: same,
    examples: [{ expression: '[1, 2, 3] | reverse', output: [3, 2, 1] }],
    apply: (input) => asList(input).toReversed(),
  },
  {
    ...list,
    name: 'compact',
    summary: 'The list without null and without what is empty: "", [], {}.',
    args: [],
    gives: same,
    examples: [{ expression: '["a", "", null] | compact', output: ['a'] }],
    apply: (input) => asList(input).filter((item) => !isBlank(item)),
  },
  {
    ...list,
    name: 'concat',
    summary: 'The list with the items of another behind its own.',
    args: [{ name: 'list', types: ['array'] }],
    gives: (input, [other]) => ({ type: 'array', items: anyOf([itemsOf(input), itemsOf(other ?? LIST)]) }),
    examples: [{ expression: '[1] | concat [2, 3]', output: [1, 2, 3] }],
    apply(input, [other], meter) {
      spendItems(meter, asList(input).length + asList(other).length);
      return [...asList(input), ...asList(other)];
    },
  },
  {
    ...list,
    name: 'list',
    takes: ['any'],
    summary: 'The value as a list of one; a list stays as it is.',
    args: [],
    gives: (input) =>
      presentTypes(input)?.join() === 'array'
        ? input
        : presentTypes(input)?.includes('array') === false
          ? { type: 'array', items: input }
          : LIST,
    examples: [{ expression: '"a" | list', output: ['a'] }],
    apply: (input) => (Array.isArray(input) ? input : [input]),
  },
  {
    ...list,
    name: 'chunk',
    summary: 'The list as lists of that many items.',
    args: [countArgument('size')],
    gives: (input) => ({ type: 'array', items: same(input) }),
    examples: [{ expression: '[1, 2, 3] | chunk 2', output: [[1, 2], [3]] }],
    apply(input, [size], meter) {
      const count = asCount(size, 'size', MOST_ITEMS);
      if (count === 0) throw new ValueError('size has to be 1 or more');
      spend(meter, asList(input).length);
      return Array.from({ length: Math.ceil(asList(input).length / count) }, (_, i) =>
        asList(input).slice(i * count, (i + 1) * count),
      );
    },
  },
  {
    ...list,
    name: 'zip',
    summary: 'Pairs of the items at the same place of two lists, as long as the shorter one.',
    args: [{ name: 'list', types: ['array'] }],
    gives: (input, [other]) => ({
      type: 'array',
      items: { type: 'array', items: anyOf([itemsOf(input), itemsOf(other ?? LIST)]) },
    }),
    examples: [
      {
        expression: '["a", "b"] | zip [1, 2]',
        output: [
          ['a', 1],
          ['b', 2],
        ],
      },
    ],
    apply(input, [other], meter) {
      const length = Math.min(asList(input).length, asList(other).length);
      spendItems(meter, length);
      return Array.from({ length }, (_, i) => [asList(input)[i], asList(other)[i]]);
    },
  },
  {
    ...list,
    name: 'group',
    summary: 'An object of lists: the items by the text that the expression makes of them.',
    args: [{ ...each, types: SCALARS }],
    gives: (input) => ({ type: 'object', additionalProperties: same(input) }),
    examples: [
      {
        expression: '["a.mp4", "b.jpg", "c.mp4"] | group(it | extension)',
        output: { mp4: ['a.mp4', 'c.mp4'], jpg: ['b.jpg'] },
      },
    ],
    apply(input, [key]) {
      const groups = new Map<string, unknown[]>();
      for (const item of asList(input)) {
        const name = textOf((key as PerItem)(item) ?? '');
        const group = groups.get(name);
        if (group) group.push(item);
        else groups.set(name, [item]);
      }
      return Object.fromEntries(groups);
    },
  },
];

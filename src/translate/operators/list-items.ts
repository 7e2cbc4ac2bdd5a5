/** Operators that run an expression for every item of a list. */
import type { Schema } from '../../model/schema.ts';
import { describe, type Meter, spend, spendItems, ValueError } from '../run.ts';
import { textOf } from './convert.ts';
import { compare } from './exact.ts';
import { itemsAre } from './expectations.ts';
import { asList, identity, SCALARS } from './lists.ts';
import { ANYTHING, type Argument, BOOLEAN, itemsOf, type Operator } from './operator.ts';

const family = 'Lists';
const list = { family, takes: ['array'] } as const;
const same = (input: Schema): Schema => ({ type: 'array', items: itemsOf(input) });
const each: Argument = { name: 'expression', types: ['any'], perItem: true };
const by: Argument = { name: 'by', types: ['any'], perItem: true, optional: true };
type PerItem = (item: unknown) => unknown;

function asTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === undefined) return false;
  throw new ValueError(`the expression has to give true or false, and gives ${describe(value)}`);
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

export const listItemOperators: readonly Operator[] = [
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

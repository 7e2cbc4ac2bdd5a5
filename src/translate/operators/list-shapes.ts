/** Operators that put the items of lists together in another way. */
import type { Schema } from '../../model/schema.ts';
import { type Meter, MOST_ITEMS, spend, spendItems, ValueError } from '../run.ts';
import { presentTypes } from '../value-types.ts';
import { asCount, isCount } from './exact.ts';
import { asList } from './lists.ts';
import { isBlank } from './missing.ts';
import { anyOf, countArgument, itemsOf, LIST, type Operator } from './operator.ts';

const family = 'Lists';
const list = { family, takes: ['array'] } as const;
const same = (input: Schema): Schema => ({ type: 'array', items: itemsOf(input) });

/** Opens lists up into `flat`. */
function flatten(
  values: readonly unknown[],
  depth: number,
  into: { readonly flat: unknown[]; readonly meter: Meter },
): unknown[] {
  for (const value of values) {
    spend(into.meter, 1);
    if (Array.isArray(value) && depth > 0) flatten(value, depth - 1, into);
    else into.flat.push(value);
  }
  return into.flat;
}

function asSize(value: unknown): number {
  const size = asCount(value, 'size', MOST_ITEMS);
  if (size === 0) throw new ValueError('size has to be 1 or more');
  return size;
}

export const listShapeOperators: readonly Operator[] = [
  {
    ...list,
    name: 'flatten',
    summary: 'The list with the lists in it opened up: one level, or as many as are given.',
    args: [countArgument('levels', { optional: true, check: isCount('levels', 64) })],
    gives: (input, args) => {
      const items = itemsOf(input);
      return args.length === 0 && presentTypes(items)?.join() === 'array' ? same(items) : LIST;
    },
    examples: [
      { expression: '[[1, 2], [3]] | flatten', output: [1, 2, 3] },
      { expression: '[[1, [2]]] | flatten 5', output: [1, 2] },
    ],
    apply: (input, [levels], meter) =>
      flatten(asList(input), levels === undefined ? 1 : asCount(levels, 'levels', 64), { flat: [], meter }),
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
    args: [countArgument('size', { check: asSize })],
    gives: (input) => ({ type: 'array', items: same(input) }),
    examples: [{ expression: '[1, 2, 3] | chunk 2', output: [[1, 2], [3]] }],
    apply(input, [size], meter) {
      const count = asSize(size);
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
];

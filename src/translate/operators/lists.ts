/** Operators on lists. */
import { describe, spend, ValueError } from '../run.ts';
import { itemsOf, type Operator } from './operator.ts';

const family = 'Lists';

export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ValueError(`it takes a list, and this is ${describe(value)}`);
}

export const listOperators: readonly Operator[] = [
  {
    name: 'first',
    family,
    summary: 'The first item; a missing value where the list is empty.',
    takes: ['array'],
    args: [],
    gives: (input) => itemsOf(input),
    mayMiss: true,
    examples: [{ expression: '["a", "b"] | first', output: 'a' }],
    apply: (input) => asList(input)[0] ?? undefined,
  },
  {
    name: 'map',
    family,
    summary: 'The list with each item replaced by what the expression makes of it, which reads the item as it.',
    takes: ['array'],
    args: [{ name: 'expression', types: ['any'], perItem: true }],
    gives: (_input, [item]) => ({ type: 'array', items: item ?? {} }),
    examples: [
      {
        expression: 'data.urls | map(it | basename)',
        data: { urls: ['/a/b.mp4', '/c.mp4'] },
        output: ['b.mp4', 'c.mp4'],
      },
    ],
    apply: (input, [each]) =>
      asList(input)
        .map(each as (item: unknown) => unknown)
        .filter((item) => item !== undefined),
  },
];

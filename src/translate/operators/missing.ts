/** Operators for values that may not be there. */
import { ANYTHING, anyOf, type Operator } from './operator.ts';

const family = 'Missing values';

export const missingOperators: readonly Operator[] = [
  {
    name: 'default',
    family,
    summary: 'Another value where this one is missing or null.',
    takes: ['any'],
    takesMissing: true,
    args: [{ name: 'value', types: ['any'] }],
    gives: (input, [value]) => anyOf([input, value ?? ANYTHING]),
    examples: [
      { expression: 'data.title | default "untitled"', data: {}, output: 'untitled' },
      { expression: 'data.title | default("untitled")', data: { title: 'x' }, output: 'x' },
      { expression: 'data.tags | default []', data: { tags: null }, output: [] },
    ],
    apply: (input, [value]) => (input === undefined || input === null ? value : input),
  },
  {
    name: 'or',
    family,
    summary: 'Another value where this one is missing, null, false, or empty: "", [], {}. Zero is a value.',
    takes: ['any'],
    takesMissing: true,
    args: [{ name: 'value', types: ['any'] }],
    gives: (input, [value]) => anyOf([input, value ?? ANYTHING]),
    examples: [
      { expression: 'data.title | or "untitled"', data: { title: '' }, output: 'untitled' },
      { expression: 'data.count | or 7', data: { count: 0 }, output: 0 },
    ],
    apply: (input, [value]) => (isBlank(input) || input === false ? value : input),
  },
  {
    name: 'nonempty',
    family,
    summary: 'The value, or a missing value where it is empty ("", [], {}): for senders that write "" for unknown.',
    takes: ['any'],
    args: [],
    gives: (input) => input,
    mayMiss: true,
    examples: [
      { expression: 'data.cover | nonempty | default "none"', data: { cover: '' }, output: 'none' },
      { expression: 'data.cover | nonempty | default "none"', data: { cover: 'c.jpg' }, output: 'c.jpg' },
    ],
    apply: (input) => (isBlank(input) ? undefined : input),
  },
];

/** Missing, null, an empty text, list or object. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

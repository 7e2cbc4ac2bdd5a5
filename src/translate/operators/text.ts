/** Operators on text. */
import { asText } from './convert.ts';
import { type Operator, TEXT } from './operator.ts';

const family = 'Text';

export const textOperators: readonly Operator[] = [
  {
    name: 'upper',
    family,
    summary: 'The text in capital letters.',
    takes: ['string'],
    args: [],
    gives: TEXT,
    examples: [{ expression: '"abc" | upper', output: 'ABC' }],
    apply: (input) => asText(input).toUpperCase(),
  },
  {
    name: 'lower',
    family,
    summary: 'The text in small letters.',
    takes: ['string'],
    args: [],
    gives: TEXT,
    examples: [{ expression: '"ABC" | lower', output: 'abc' }],
    apply: (input) => asText(input).toLowerCase(),
  },
  {
    name: 'basename',
    family,
    summary: 'The last segment of a path or URL, without its query.',
    takes: ['string'],
    args: [],
    gives: TEXT,
    examples: [{ expression: '"https://x/a/b.mp4?s=1" | basename', output: 'b.mp4' }],
    apply: (input) => (asText(input).split(/[?#]/, 1)[0] ?? '').replace(/\/+$/, '').split('/').at(-1) ?? '',
  },
  {
    name: 'urlencode',
    family: 'Encoding',
    summary: 'The text percent-encoded for one path segment or query value.',
    takes: ['string', 'number', 'boolean'],
    args: [],
    gives: TEXT,
    examples: [{ expression: '"[a] b/c" | urlencode', output: '%5Ba%5D%20b%2Fc' }],
    apply: (input) => encodeURIComponent(String(input)),
  },
];

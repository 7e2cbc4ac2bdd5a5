/** Operators that round numbers and write them with the digits that are wanted. */
import { asCount, asNumber, finite, isCount } from './exact.ts';
import { countArgument, INTEGER, NUMBER, type Operator, TEXT } from './operator.ts';

const family = 'Numbers';

function rounding(
  name: string,
  summary: string,
  round: (value: number) => number,
  examples: Operator['examples'],
): Operator {
  return {
    name,
    family,
    summary,
    takes: ['number'],
    args: [countArgument('digits', { optional: true, check: isCount('digits', 15) })],
    gives: (_input, args) => (args.length === 0 ? INTEGER : NUMBER),
    examples,
    apply(input, [digits]) {
      const value = asNumber(input);
      if (typeof value === 'bigint') return value;
      if (digits === undefined) return round(value) + 0;
      const places = asCount(digits, 'digits', 15);
      const moved = round(
        Number(`${value}e${places}`.replace(/e([+-]?\d+)e(\d+)$/, (_, a, b) => `e${Number(a) + Number(b)}`)),
      );
      return finite(moved / 10 ** places);
    },
  };
}

export const roundingOperators: readonly Operator[] = [
  rounding('round', 'The nearest whole number, halves upward; or rounded to that many digits.', Math.round, [
    { expression: '52.967 | round', output: 53 },
    { expression: '1.005 | round 2', output: 1.01 },
  ]),
  rounding('floor', 'The whole number below; or cut to that many digits.', Math.floor, [
    { expression: '52.967 | floor', output: 52 },
    { expression: '52.967 | floor 1', output: 52.9 },
  ]),
  rounding('ceil', 'The whole number above; or raised to that many digits.', Math.ceil, [
    { expression: '52.1 | ceil', output: 53 },
    { expression: '52.12 | ceil 1', output: 52.2 },
  ]),
  {
    name: 'fixed',
    family,
    summary: 'The number as text with exactly that many digits after the point.',
    takes: ['number'],
    args: [countArgument('digits', { check: isCount('digits', 20) })],
    gives: TEXT,
    examples: [{ expression: '52.9 | fixed 2', output: '52.90' }],
    apply(input, [digits]) {
      const places = asCount(digits, 'digits', 20);
      const value = asNumber(input);
      if (typeof value === 'bigint') return places === 0 ? String(value) : `${value}.${'0'.repeat(places)}`;
      return value.toFixed(places);
    },
  },
  {
    name: 'thousands',
    family,
    summary: 'The number as text with its thousands set apart, by a comma or another sign.',
    takes: ['number'],
    args: [{ name: 'sign', types: ['string'], optional: true }],
    gives: TEXT,
    examples: [
      { expression: '53049119 | thousands', output: '53,049,119' },
      { expression: '1234567.5 | thousands " "', output: '1 234 567.5' },
    ],
    apply(input, [sign]) {
      const [whole = '', fraction] = String(asNumber(input)).split('.');
      if (whole.includes('e')) return whole;
      const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, () => (typeof sign === 'string' ? sign : ','));
      return fraction === undefined ? grouped : `${grouped}.${fraction}`;
    },
  },
];

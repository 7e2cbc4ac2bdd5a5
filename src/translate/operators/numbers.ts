/** Operators on numbers. Whole numbers stay exact at any size. */
import type { Schema } from '../../model/schema.ts';
import { spend, ValueError } from '../run.ts';
import { presentTypes } from '../value-types.ts';
import { asNumber, calculate, compare, finite } from './exact.ts';
import { haveAnOrder, itemsAre } from './expectations.ts';
import { asList } from './lists.ts';
import { ANYTHING, type Argument, anyOf, INTEGER, itemsOf, NUMBER, type Operator } from './operator.ts';

const family = 'Numbers';
const number: Argument = { name: 'number', types: ['number'] };

const divisor: Argument = { ...number, check: (value) => void asDivisor(value) };

function asDivisor(value: unknown): number | bigint {
  const by = asNumber(value);
  if (Number(by) === 0) throw new ValueError('nothing can be divided by 0');
  return by;
}

/** Whole where both numbers are. */
function wholeWhereBoth(input: Schema, args: readonly Schema[]): Schema {
  return [input, ...args].every((schema) => presentTypes(schema)?.every((type) => type === 'integer'))
    ? INTEGER
    : NUMBER;
}

interface Arithmetic {
  readonly name: string;
  readonly summary: string;
  readonly examples: Operator['examples'];
  readonly exact: (a: bigint, b: bigint) => bigint;
  readonly double: (a: number, b: number) => number;
}

function arithmetic({ name, summary, examples, exact, double }: Arithmetic): Operator {
  return {
    name,
    family,
    summary,
    takes: ['number'],
    args: [number],
    gives: wholeWhereBoth,
    examples,
    apply: (input, [other]) => calculate(asNumber(input), asNumber(other), { exact, double }),
  };
}

function checkLeast(input: Schema, [other]: readonly Schema[]): string | undefined {
  const types = presentTypes(input);
  if (types?.includes('array')) {
    return types.length > 1
      ? 'takes a number or a list, and this may be either'
      : haveAnOrder(itemsOf(input), other ?? ANYTHING);
  }
  return types && !other ? 'takes a second number, or a list of numbers' : undefined;
}

function least(name: 'min' | 'max', examples: Operator['examples']): Operator {
  const wins = (a: unknown, b: unknown): boolean => (name === 'min' ? compare(a, b) < 0 : compare(a, b) > 0);
  return {
    name,
    family,
    summary: `The ${name === 'min' ? 'smaller' : 'larger'} of two numbers, or the ${name === 'min' ? 'smallest' : 'largest'} item of a list.`,
    takes: ['number', 'array'],
    args: [{ ...number, optional: true }],
    gives: (input, args) =>
      presentTypes(input)?.includes('array') ? anyOf([itemsOf(input), ...args]) : wholeWhereBoth(input, args),
    mayMiss: (input, args) => args.length === 0 && (presentTypes(input)?.includes('array') ?? true),
    check: checkLeast,
    examples,
    apply(input, [other], meter) {
      if (!Array.isArray(input)) {
        if (other === undefined) throw new ValueError('of one number it needs a second one');
        return wins(other, asNumber(input)) ? other : input;
      }
      spend(meter, input.length);
      return input.reduce((best, item) => (best === undefined || wins(item, best) ? item : best), other);
    },
  };
}

export const numberOperators: readonly Operator[] = [
  {
    name: 'abs',
    family,
    summary: 'The number without its sign.',
    takes: ['number'],
    args: [],
    gives: (input) => wholeWhereBoth(input, []),
    examples: [{ expression: '-5 | abs', output: 5 }],
    apply(input) {
      const value = asNumber(input);
      return value < 0 ? -value : value;
    },
  },
  arithmetic({
    name: 'add',
    summary: 'The sum of two numbers.',
    exact: (a, b) => a + b,
    double: (a, b) => a + b,
    examples: [
      { expression: '1 | add 2', output: 3 },
      { expression: '9007199254740993 | add 1 | string', output: '9007199254740994' },
    ],
  }),
  arithmetic({
    name: 'sub',
    summary: 'The number less another.',
    exact: (a, b) => a - b,
    double: (a, b) => a - b,
    examples: [{ expression: '10 | sub 4', output: 6 }],
  }),
  arithmetic({
    name: 'mul',
    summary: 'The product of two numbers: seconds to milliseconds are | mul 1000.',
    exact: (a, b) => a * b,
    double: (a, b) => a * b,
    examples: [
      { expression: '52.5 | mul 1000', output: 52500 },
      { expression: '9007199254740993 | mul 10 | string', output: '90071992547409930' },
    ],
  }),
  {
    name: 'div',
    family,
    summary: 'The number divided by another.',
    takes: ['number'],
    args: [divisor],
    gives: NUMBER,
    examples: [
      { expression: '55588 | div 1000', output: 55.588 },
      { expression: '90071992547409930 | div 10 | string', output: '9007199254740993' },
    ],
    apply(input, [other]) {
      const by = asDivisor(other);
      const value = asNumber(input);
      if (typeof value === 'number' && typeof by === 'number') return finite(value / by);
      const whole = typeof value === 'number' ? Number.isInteger(value) : true;
      const exact = whole && (typeof by === 'bigint' || Number.isInteger(by)) && BigInt(value) % BigInt(by) === 0n;
      if (!exact) return finite(Number(value) / Number(by));
      return calculate(value, by, { exact: (a, b) => a / b, double: (a, b) => a / b });
    },
  },
  {
    name: 'mod',
    family,
    summary: 'What is left of the number after dividing; it has the sign of the divisor.',
    takes: ['number'],
    args: [divisor],
    gives: wholeWhereBoth,
    examples: [
      { expression: '125 | mod 60', output: 5 },
      { expression: '-1 | mod 60', output: 59 },
    ],
    apply(input, [other]) {
      const by = asDivisor(other);
      return calculate(asNumber(input), by, {
        exact: (a, b) => ((a % b) + b) % b,
        double: (a, b) => ((a % b) + b) % b,
      });
    },
  },
  {
    name: 'pow',
    family,
    summary: 'The number to a power.',
    takes: ['number'],
    args: [{ name: 'exponent', types: ['number'] }],
    gives: NUMBER,
    examples: [{ expression: '2 | pow 10', output: 1024 }],
    apply(input, [exponent]) {
      return finite(Number(asNumber(input)) ** Number(asNumber(exponent)));
    },
  },
  least('min', [
    { expression: '7 | min 5', output: 5 },
    { expression: '[3, 1, 2] | min', output: 1 },
  ]),
  least('max', [
    { expression: '7 | max 5', output: 7 },
    { expression: '[3, 1, 2] | max', output: 3 },
  ]),
  {
    name: 'clamp',
    family,
    summary: 'The number, but not below the first bound nor above the second.',
    takes: ['number'],
    args: [
      { name: 'low', types: ['number'] },
      { name: 'high', types: ['number'] },
    ],
    gives: wholeWhereBoth,
    examples: [{ expression: '130 | clamp 0 100', output: 100 }],
    apply(input, [low, high]) {
      const value = asNumber(input);
      if (compare(value, asNumber(low)) < 0) return low;
      return compare(value, asNumber(high)) > 0 ? high : value;
    },
  },
  {
    name: 'sum',
    check: itemsAre('number'),
    family,
    summary: 'The sum of a list of numbers.',
    takes: ['array'],
    args: [],
    gives: (input) => wholeWhereBoth(itemsOf(input), []),
    examples: [{ expression: '[1, 2, 3.5] | sum', output: 6.5 }],
    apply(input, _args, meter) {
      const list = asList(input);
      spend(meter, list.length);
      let total: number | bigint = 0;
      for (const item of list) {
        total = calculate(total, asNumber(item), { exact: (a, b) => a + b, double: (a, b) => a + b });
      }
      return total;
    },
  },
];

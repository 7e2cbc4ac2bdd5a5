/** Operators that compare and decide: what `filter`, `any` and `if` ask. */
import { describe, type Meter, spend, ValueError } from '../run.ts';
import { compare } from './exact.ts';
import { haveAnOrder } from './expectations.ts';
import { asList, identity } from './lists.ts';
import { ANYTHING, type Argument, anyOf, BOOLEAN, type Operator } from './operator.ts';

const family = 'Comparing';
const any: Argument = { name: 'value', types: ['any'] };
const ordered: Argument = { name: 'value', types: ['number', 'string'] };
const answer = { family, gives: BOOLEAN } as const;

/** Numbers and texts are compared as they are, lists and objects by what is in them. */
function isSame(a: unknown, b: unknown, meter: Meter): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  return identity(a, meter) === identity(b, meter);
}

function asBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new ValueError(`it takes true or false, and this is ${describe(value)}`);
}

function ordering(
  name: string,
  words: string,
  example: Operator['examples'][number],
  holds: (order: number) => boolean,
): Operator {
  return {
    ...answer,
    name,
    summary: `True where the value is ${words}; two numbers or two texts.`,
    takes: ['number', 'string'],
    args: [ordered],
    check: (input, [other]) => haveAnOrder(input, other ?? ANYTHING),
    examples: [example],
    apply: (input, [other]) => holds(compare(input, other)),
  };
}

export const compareOperators: readonly Operator[] = [
  {
    ...answer,
    name: 'eq',
    summary: 'True where both values are the same; a number and its text are not.',
    takes: ['any'],
    args: [any],
    examples: [
      { expression: '"a" | eq "a"', output: true },
      { expression: '1 | eq "1"', output: false },
    ],
    apply: (input, [other], meter) => isSame(input, other, meter),
  },
  {
    ...answer,
    name: 'ne',
    summary: 'True where the values differ.',
    takes: ['any'],
    args: [any],
    examples: [{ expression: '"a" | ne "b"', output: true }],
    apply: (input, [other], meter) => !isSame(input, other, meter),
  },
  ordering(
    'gt',
    'greater than the other',
    { expression: '9007199254740993 | gt 9007199254740992', output: true },
    (order) => order > 0,
  ),
  ordering(
    'gte',
    'greater than the other or equal to it',
    { expression: '3 | gte 3', output: true },
    (order) => order >= 0,
  ),
  ordering('lt', 'less than the other', { expression: '"a" | lt "b"', output: true }, (order) => order < 0),
  ordering(
    'lte',
    'less than the other or equal to it',
    { expression: '4 | lte 3', output: false },
    (order) => order <= 0,
  ),
  {
    ...answer,
    name: 'in',
    summary: 'True where the value is one of a list.',
    takes: ['any'],
    args: [{ name: 'list', types: ['array'] }],
    examples: [{ expression: '"live" | in ["live", "init"]', output: true }],
    apply(input, [list], meter) {
      spend(meter, asList(list).length);
      return asList(list).some((item) => isSame(input, item, meter));
    },
  },
  {
    ...answer,
    name: 'not',
    summary: 'True where the value is false.',
    takes: ['boolean'],
    args: [],
    examples: [{ expression: 'true | not', output: false }],
    apply: (input) => !asBoolean(input),
  },
  {
    ...answer,
    name: 'and',
    summary: 'True where both are.',
    takes: ['boolean'],
    args: [{ name: 'other', types: ['boolean'] }],
    examples: [{ expression: 'true | and (2 | gt 1)', output: true }],
    apply: (input, [other]) => asBoolean(input) && asBoolean(other),
  },
  {
    family,
    name: 'if',
    summary: 'The first argument where the value is true, else the second.',
    takes: ['boolean'],
    args: [
      { name: 'then', types: ['any'] },
      { name: 'else', types: ['any'] },
    ],
    gives: (_input, [then, otherwise]) => anyOf([then ?? ANYTHING, otherwise ?? ANYTHING]),
    examples: [{ expression: 'data.live | if "on" "off"', data: { live: true }, output: 'on' }],
    apply: (input, [then, otherwise]) => (asBoolean(input) ? then : otherwise),
  },
];

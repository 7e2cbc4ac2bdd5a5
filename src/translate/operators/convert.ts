/** Operators that turn a value into one of another type, without losing a digit on the way. */
import { parseJson, stringifyJson } from '../../kit/json.ts';
import { describe, spend, spendText, spendValue, ValueError } from '../run.ts';
import { exactInteger, fitInteger, notTooWide } from './exact.ts';
import { ANYTHING, BOOLEAN, INTEGER, NUMBER, type Operator, TEXT } from './operator.ts';

const family = 'Converting';

/** A scalar as text: numbers as JSON writes them, bigints whole. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return String(notTooWide(value));
  throw new ValueError(`${describe(value)} is no single value; use | json or | join`);
}

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0', '']);

function boolOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  if (text !== undefined && TRUE.has(text)) return true;
  if (text !== undefined && FALSE.has(text)) return false;
  throw new ValueError(`${describe(value)} is neither true nor false`);
}

function floatOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/.test(value)) {
    const number = Number(value);
    if (Number.isFinite(number)) return number;
  }
  throw new ValueError(`${describe(value)} is no number`);
}

export const convertOperators: readonly Operator[] = [
  {
    name: 'string',
    family,
    summary: 'The value as text; a number keeps every digit.',
    takes: ['string', 'number', 'boolean'],
    args: [],
    gives: TEXT,
    examples: [
      { expression: '121 | string', output: '121' },
      { expression: '9007199254740993 | string', output: '9007199254740993' },
      { expression: 'true | string', output: 'true' },
    ],
    apply: textOf,
  },
  {
    name: 'int',
    family,
    summary:
      'The value as a whole number, of a number (its fraction cut off), or of text with digits; exact beyond 2^53.',
    takes: ['string', 'number', 'boolean'],
    args: [],
    gives: INTEGER,
    examples: [
      { expression: '"62" | int', output: 62 },
      { expression: '"9007199254740993" | int | string', output: '9007199254740993' },
      { expression: '"61.9" | int', output: 61 },
    ],
    apply(input) {
      if (typeof input === 'boolean') return input ? 1 : 0;
      const whole = exactInteger(input);
      if (whole !== undefined) return fitInteger(whole);
      const number = Math.trunc(floatOf(input));
      return Number.isSafeInteger(number) ? number + 0 : fitInteger(BigInt(number));
    },
  },
  {
    name: 'float',
    family,
    summary: 'The value as a number that may have a fraction.',
    takes: ['string', 'number', 'boolean'],
    args: [],
    gives: NUMBER,
    examples: [
      { expression: '"52.967" | float', output: 52.967 },
      { expression: '" 7 " | float', output: 7 },
    ],
    apply: floatOf,
  },
  {
    name: 'bool',
    family,
    summary: 'True or false, of true/false, yes/no, on/off, 1/0 as text or number; empty text is false.',
    takes: ['string', 'number', 'boolean'],
    args: [],
    gives: BOOLEAN,
    examples: [
      { expression: '"Yes" | bool', output: true },
      { expression: '0 | bool', output: false },
    ],
    apply: boolOf,
  },
  {
    name: 'json',
    family,
    summary: 'The value as JSON text.',
    takes: ['any'],
    args: [],
    gives: TEXT,
    examples: [
      { expression: 'data | json', data: { a: [1, 'x'] }, output: '{"a":[1,"x"]}' },
      { expression: '"say \\"hi\\"" | json', output: '"say \\"hi\\""' },
    ],
    apply(input, _args, meter) {
      spendValue(meter, input);
      const text = stringifyJson(input);
      spendText(meter, text.length);
      return text;
    },
  },
  {
    name: 'parse_json',
    family,
    summary: 'The value that a JSON text holds.',
    takes: ['string'],
    args: [],
    gives: ANYTHING,
    examples: [{ expression: 'data.text | parse_json', data: { text: '{"a":1}' }, output: { a: 1 } }],
    apply(input, _args, meter) {
      const text = asText(input);
      spend(meter, text.length >> 4);
      const parsed = parseJson(text);
      if (!parsed.ok) throw new ValueError(`${describe(input)} is no JSON (${parsed.code})`);
      return parsed.value;
    },
  },
  {
    name: 'type',
    family,
    summary: 'The name of the value’s type: string, number, boolean, array, object or null.',
    takes: ['any'],
    args: [],
    gives: { enum: ['string', 'number', 'boolean', 'array', 'object', 'null'] },
    examples: [
      { expression: '"x" | type', output: 'string' },
      { expression: '[1, 2] | type', output: 'array' },
    ],
    apply(input) {
      if (input === null) return 'null';
      if (Array.isArray(input)) return 'array';
      return typeof input === 'bigint' ? 'number' : typeof input;
    },
  },
];

/** The input where it is text; a value that the checker could not foresee is refused. */
export function asText(input: unknown): string {
  if (typeof input === 'string') return input;
  throw new ValueError(`it takes text, and this is ${describe(input)}`);
}

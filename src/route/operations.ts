/** What the operators do, as operations of json-logic-js under names of our own, so that other users of that library see theirs unchanged. */
import jsonLogic from 'json-logic-js';
import { spend, spendCharacters, spendItems, spendText } from './logic-budget.ts';

/** The name of an operator of ours among json-logic-js's operations. */
export function operationNamed(operator: string): string {
  return `dragoman ${operator}`;
}

type Operation = (this: unknown, ...values: never[]) => unknown;

/** Bigints past this many bits become doubles, so that a product cannot grow without bound. */
const LARGEST = 2n ** 1024n;

const operations: Readonly<Record<string, Operation>> = {
  /** Calls what was prepared at load with the values of the remaining arguments, and with what `var` reads as `this`. */
  call(this: unknown, run: (scope: unknown, ...values: unknown[]) => unknown, ...values: unknown[]) {
    return run(this, ...values);
  },
  read(this: unknown, read: (scope: unknown) => unknown) {
    const value = read(this);
    return value === undefined ? null : value;
  },
  step(cost: number, value: unknown) {
    spend(cost);
    return value;
  },
  '==': looselyEqual,
  '!=': (a: unknown, b: unknown) => !looselyEqual(a, b),
  '>': (a: unknown, b: unknown) => isBelow(b, a),
  '>=': (a: unknown, b: unknown) => isAtMost(b, a),
  '<'(a: unknown, b: unknown, ...more: unknown[]) {
    return isBelow(a, b) && (more.length === 0 || isBelow(b, more[0]));
  },
  '<='(a: unknown, b: unknown, ...more: unknown[]) {
    return isAtMost(a, b) && (more.length === 0 || isAtMost(b, more[0]));
  },
  in: isIn,
  cat(...values: unknown[]) {
    values.forEach(spendText);
    return values.join('');
  },
  substr(source: unknown, start: number, length?: number) {
    spendText(source);
    if (length === undefined || !(length < 0)) return String(source).substr(start, length);
    const rest = String(source).substr(start);
    return rest.substr(0, rest.length + length);
  },
  merge(...values: unknown[]) {
    for (const value of values) spendItems(Array.isArray(value) ? value.length : 1);
    return ([] as unknown[]).concat(...values);
  },
  '+': (...values: unknown[]) =>
    exactly(values, (a, b) => a + b) ?? values.reduce<number>((sum, value) => sum + asFloat(value), 0),
  '*'(...values: unknown[]) {
    if (values.length === 1) return values[0];
    return exactly(values, (a, b) => a * b) ?? values.map(asFloat).reduce((a, b) => a * b);
  },
  '-'(...values: unknown[]) {
    if (values.length === 1) return exactly([0, values[0]], (a, b) => a - b) ?? -asNumber(values[0]);
    return exactly(values, (a, b) => a - b) ?? asNumber(values[0]) - asNumber(values[1]);
  },
  '/': (a: unknown, b: unknown) => asNumber(a) / asNumber(b),
  '%': (a: unknown, b: unknown) =>
    b === 0 ? Number.NaN : (exactly([a, b], (x, y) => x % y) ?? asNumber(a) % asNumber(b)),
  min: (...values: unknown[]) => extreme(values, (a, b) => a < b) ?? Math.min(...values.map(asNumber)),
  max: (...values: unknown[]) => extreme(values, (a, b) => a > b) ?? Math.max(...values.map(asNumber)),
  exists: (value: unknown) => value !== undefined && value !== null,
  is_type: isType,
  starts_with(text: unknown, part: unknown) {
    const beginning = textOf(part);
    return beginning !== undefined && (textOf(text)?.startsWith(beginning) ?? false);
  },
  ends_with(text: unknown, part: unknown) {
    const end = textOf(part);
    return end !== undefined && (textOf(text)?.endsWith(end) ?? false);
  },
  test(text: unknown, test: (text: string) => boolean) {
    const subject = textOf(text);
    return subject !== undefined && test(subject);
  },
  lower(value: unknown) {
    spendText(value);
    return typeof value === 'string' ? value.toLowerCase() : value;
  },
  upper(value: unknown) {
    spendText(value);
    return typeof value === 'string' ? value.toUpperCase() : value;
  },
};

for (const [name, operation] of Object.entries(operations)) {
  jsonLogic.add_operation(operationNamed(name), operation as (...values: unknown[]) => unknown);
}

function looselyEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'object' && a !== null && typeof b !== 'object') spendText(a);
  if (typeof b === 'object' && b !== null && typeof a !== 'object') spendText(b);
  // biome-ignore lint/suspicious/noDoubleEquals: json-logic's == is JavaScript's
  return a == b;
}

function isBelow(a: unknown, b: unknown): boolean {
  return areComparable(a, b) && (a as number) < (b as number);
}

function isAtMost(a: unknown, b: unknown): boolean {
  return areComparable(a, b) && (a as number) <= (b as number);
}

function areComparable(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return false;
  if (typeof a === 'object') spendText(a);
  if (typeof b === 'object') spendText(b);
  return true;
}

function isIn(value: unknown, among: unknown): boolean {
  if (among instanceof Set) return among.has(value);
  if (Array.isArray(among)) {
    spendItems(among.length);
    return among.indexOf(value) !== -1;
  }
  if (typeof among !== 'string' || among === '' || value === null || value === undefined) return false;
  spendCharacters(among.length);
  spendText(value);
  return among.includes(String(value));
}

function isType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null || value === undefined;
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value);
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

/** What text operators work on: text, or a number as it is written. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    spendCharacters(value.length);
    return value;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

function asNumber(value: unknown): number {
  spendText(value);
  return Number(value);
}

function asFloat(value: unknown): number {
  // Reading it as text makes -0 to 0.
  if (typeof value === 'number') return value + 0;
  spendText(value);
  return Number.parseFloat(value as string);
}

/** The result in whole numbers where one of the values is a bigint and all are whole; else undefined. */
function exactly(values: readonly unknown[], combine: (a: bigint, b: bigint) => bigint): number | bigint | undefined {
  if (!values.some((value) => typeof value === 'bigint')) return undefined;
  if (!values.every((value) => typeof value === 'bigint' || Number.isInteger(value))) return undefined;
  const result = values.map((value) => BigInt(value as number | bigint)).reduce(combine);
  const isSmall = result >= Number.MIN_SAFE_INTEGER && result <= Number.MAX_SAFE_INTEGER;
  return isSmall || result > LARGEST || result < -LARGEST ? Number(result) : result;
}

function extreme(values: readonly unknown[], isBetter: (a: bigint, b: bigint) => boolean): unknown {
  if (!values.some((value) => typeof value === 'bigint')) return undefined;
  const numbers = values.map((value) => (typeof value === 'bigint' ? value : asNumber(value))) as bigint[];
  return numbers.reduce((best, one) => (isBetter(one, best) || Number.isNaN(one as unknown) ? one : best));
}

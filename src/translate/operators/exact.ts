/** Whole numbers of any size: a number where a double holds it exactly, a bigint beyond. */
import { describe, ValueError } from '../run.ts';

/** The whole number that a value holds, or undefined where it holds none. */
export function exactInteger(value: unknown): bigint | number | undefined {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  if (typeof value !== 'string' || value.length > 400) return undefined;
  const text = value.trim();
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A bigint that a double can hold exactly becomes a number again. */
export function fitInteger(value: bigint | number): bigint | number {
  if (typeof value === 'number') return value === 0 ? 0 : value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Digits of a whole number that is worked with: more would take time that grows with their square. */
const WIDEST = 10n ** 1000n;

/** Throws ValueError where a whole number has more than a thousand digits. */
export function notTooWide(value: bigint): bigint {
  if (value < WIDEST && value > -WIDEST) return value;
  throw new ValueError('the number has more than 1000 digits', { code: 'MAPPING_TOO_LARGE' });
}

export function asNumber(value: unknown): number | bigint {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return notTooWide(value);
  throw new ValueError(`it takes a number, and this is ${describe(value)}`);
}

/** A whole number between two bounds, for widths and counts. */
export function asCount(value: unknown, name: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new ValueError(`${name} has to be a whole number from 0 to ${most}`);
}

/** As an argument's check. */
export function isCount(name: string, most: number): (value: unknown) => void {
  return (value) => void asCount(value, name, most);
}

/** Works exactly where both are whole, as doubles otherwise. The result of whole numbers is never rounded. */
export function calculate(
  a: number | bigint,
  b: number | bigint,
  how: { readonly exact: (a: bigint, b: bigint) => bigint; readonly double: (a: number, b: number) => number },
): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = how.double(a, b);
    if (Number.isSafeInteger(result) || !Number.isInteger(a) || !Number.isInteger(b)) return finite(result);
  }
  if (typeof a === 'number' && !Number.isInteger(a)) return finite(how.double(a, Number(b)));
  if (typeof b === 'number' && !Number.isInteger(b)) return finite(how.double(Number(a), b));
  return fitInteger(how.exact(BigInt(a), BigInt(b)));
}

export function finite(value: number): number {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  throw new ValueError('the result is no number that can be written');
}

/** -1, 0 or 1; exact between numbers and bigints. */
export function compare(a: unknown, b: unknown): number {
  const bothNumbers = isNumber(a) && isNumber(b);
  if (!bothNumbers && !(typeof a === 'string' && typeof b === 'string')) {
    throw new ValueError(`${describe(a)} and ${describe(b)} have no order`);
  }
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

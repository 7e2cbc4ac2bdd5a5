/** A moment as senders write it (epoch seconds or milliseconds, ISO 8601 with 0 to 9 fraction digits), read without losing any of it. */
import { describe, ValueError } from '../run.ts';

export interface Moment {
  /** Whole epoch milliseconds, rounded down. */
  readonly ms: number;
  /** What is left, 0 to 999,999 nanoseconds. */
  readonly nanos: number;
}

const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const ISO =
  /^\s*(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?)?\s*(?:([Zz])|([+-])(\d\d):?(\d\d)?)?\s*$/;
const DIGITS = /^\s*(-?)(\d{1,19})(?:\.(\d{1,9})\d*)?\s*$/;

/** Throws ValueError where the value is no time between the years 0 and 9999. */
export function readMoment(value: unknown): Moment {
  const moment = momentOf(value);
  if (!moment) throw new ValueError(`${describe(value)} is no time: epoch seconds or milliseconds, or ISO 8601`);
  return inRange(moment);
}

/** Throws ValueError where a moment could not be written in four digits of year. */
export function inRange(moment: Moment): Moment {
  if (moment.ms >= FIRST_MS && moment.ms <= LAST_MS) return moment;
  throw new ValueError('the time is not between the years 0 and 9999');
}

function momentOf(value: unknown): Moment | undefined {
  if (typeof value === 'bigint') return ofEpoch(value < 0n, value < 0n ? -value : value, '');
  if (typeof value === 'number') return Number.isFinite(value) ? ofNumber(value) : undefined;
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const digits = DIGITS.exec(value);
  if (digits) return ofEpoch(digits[1] === '-', BigInt(digits[2] ?? 0), digits[3] ?? '');
  const iso = ISO.exec(value);
  return iso ? ofIso(iso) : undefined;
}

function ofNumber(value: number): Moment | undefined {
  if (Math.abs(value) >= 1e19) return undefined;
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(6).split('.');
  return ofEpoch(value < 0, BigInt(whole), fraction);
}

/**
 * The size tells the unit: below 10^11 seconds (until the year 5138), below 10^14 milliseconds, below 10^17 microseconds, else
 * nanoseconds.
 */
function ofEpoch(negative: boolean, whole: bigint, fraction: string): Moment {
  const digits = String(whole).length;
  const decimals = digits <= 11 ? 9 : digits <= 14 ? 6 : digits <= 17 ? 3 : 0;
  const nanos = whole * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(9, '0').slice(0, decimals) || 0);
  return ofNanos(negative ? -nanos : nanos);
}

function ofNanos(nanos: bigint): Moment {
  const rest = ((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { ms: Number((nanos - rest) / 1_000_000n), nanos: Number(rest) };
}

function ofIso(match: RegExpExecArray): Moment | undefined {
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', , sign, zoneHour = 0, zoneMinute = 0] =
    match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (!isDay(date) || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (Number(hour) === 24 && (Number(minute) > 0 || Number(second) > 0)) return undefined;
  const offsetMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const clock = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  const nanos = Number(fraction.padEnd(9, '0'));
  return { ms: dayMs(date) + clockMs(clock) - offsetMs + Math.floor(nanos / 1e6), nanos: nanos % 1e6 };
}

export interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

export function isDay({ year, month, day }: Day): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return day <= lastDay;
}

/** Epoch milliseconds of a day's midnight in UTC. */
export function dayMs({ year, month, day }: Day): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

export function clockMs({ hour, minute, second }: { hour: number; minute: number; second: number }): number {
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** ISO 8601 in UTC with milliseconds: `2025-03-19T11:40:25.499Z`. */
export function isoOf({ ms }: Moment): string {
  return new Date(ms).toISOString();
}

/** One run of a compiled mapping: the scope it reads, the work it may still do, and the trace it leaves where one is asked for. */
import type { Position } from '../kit/problem.ts';
import type { Reason } from '../model/outcome.ts';
import type { Tracer } from './trace.ts';

/** What paths, operators and structures are compiled to. Gives a value, `undefined` to leave the key out, or MISSING. */
export type Evaluate = (run: Run) => unknown;

/** A value that is not there and that nothing has handled yet. */
export const MISSING: unique symbol = Symbol('missing');

export interface Run {
  /** `event`, `data`, `raw`, `request`, `params`, and the names of the loops and fragments around the place. */
  scope: Readonly<Record<string, unknown>>;
  readonly meter: Meter;
  readonly trace: Tracer | null;
}

/** Work in units: a loop's step, a made value, sixteen characters of made text. A mapping of eight fields takes about ten. */
const MOST_WORK = 1_000_000;
/** Characters of one text, items of one list. */
export const MOST_TEXT = 2 ** 20;
export const MOST_ITEMS = 100_000;

const TOO_LARGE = { code: 'MAPPING_TOO_LARGE' };

/** Counts what a run has made, so that no payload makes it hang or fill the memory. */
export interface Meter {
  work: number;
}

export function createMeter(): Meter {
  return { work: MOST_WORK };
}

export function spend(meter: Meter, work: number): void {
  meter.work -= work;
  if (meter.work < 0) throw new ValueError(`it takes more than ${MOST_WORK} steps`, TOO_LARGE);
}

/** Refuses a text before it is made. */
export function spendText(meter: Meter, length: number): void {
  if (length > MOST_TEXT) throw new ValueError(`its text would pass ${MOST_TEXT} characters`, TOO_LARGE);
  if (length > 256) spend(meter, length >> 4);
}

/** Refuses a list before it is made. */
export function spendItems(meter: Meter, length: number): void {
  if (length > MOST_ITEMS) throw new ValueError(`its list would pass ${MOST_ITEMS} items`, TOO_LARGE);
  spend(meter, length);
}

/** Charges for a whole value as it will be written: what is in it twice counts twice. */
export function spendValue(meter: Meter, value: unknown): void {
  if (typeof value === 'string') {
    if (value.length > 256) spend(meter, value.length >> 4);
  } else if (typeof value === 'object' && value !== null) {
    const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    spend(meter, 1 + (members.length >> 2));
    for (const member of members) spendValue(meter, member);
  }
}

/** An operator cannot take the value it was given. The message never holds the value: it may be secret. */
export class ValueError extends Error {
  readonly code: string;
  /** What to do, where the value is written in the mapping. */
  readonly advice: string | undefined;
  constructor(message: string, more: { readonly code?: string; readonly advice?: string } = {}) {
    super(message);
    this.code = more.code ?? 'MAPPING_BAD_VALUE';
    this.advice = more.advice;
  }
}

/** A run that cannot go on, with the place in the mapping. */
export class RunError extends Error {
  readonly code: string;
  readonly at: Position;
  constructor(code: string, message: string, at: Position) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Gives a ValueError its place; anything else stays as it is. `who`: the operator that says it. */
export function placed(error: unknown, at: Position, who = ''): unknown {
  return error instanceof ValueError ? new RunError(error.code, `${who}${error.message}`, at) : error;
}

/** The reason of a failed run, for a dead letter. Never throws: an event must not take a worker down. */
export function reasonOf(error: unknown, mapping: string): Reason {
  if (error instanceof RunError) {
    const { file, line, column } = error.at;
    return { code: error.code, message: `mapping ${mapping}, ${file}:${line}:${column}: ${error.message}` };
  }
  if (error instanceof RangeError) {
    return { code: 'MAPPING_TOO_LARGE', message: `mapping ${mapping}: a value is too large or nested too deep` };
  }
  const name = error instanceof Error ? error.name : typeof error;
  return {
    code: 'MAPPING_FAULT',
    message: `mapping ${mapping} met a fault of Dragoman's own (${name}); please report it`,
  };
}

/** A value in words that do not give it away. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'no value';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty text' : `a text of ${value.length} characters`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'boolean') return String(value);
  return 'a number';
}

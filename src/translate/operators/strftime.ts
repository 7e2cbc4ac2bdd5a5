/** Times in a pattern of strftime, written and read. */
import { RE2JS } from 're2js';
import { ValueError } from '../run.ts';
import { clockMs, dayMs, isDay, type Moment } from './moment.ts';
import { offsetText, type Zone } from './time-zone.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const COMPOSED: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', D: '%m/%d/%y', R: '%H:%M' };

/** What a directive is made of: local time as if it were UTC, the moment itself, minutes east of UTC. */
interface Shown {
  readonly local: Date;
  readonly moment: Moment;
  readonly offset: number;
}

const two = (value: number): string => String(value).padStart(2, '0');
const hour12 = (hour: number): number => hour % 12 || 12;

const WRITERS: Readonly<Record<string, (shown: Shown) => string>> = {
  Y: ({ local }) => String(local.getUTCFullYear()).padStart(4, '0'),
  y: ({ local }) => two(local.getUTCFullYear() % 100),
  m: ({ local }) => two(local.getUTCMonth() + 1),
  d: ({ local }) => two(local.getUTCDate()),
  e: ({ local }) => String(local.getUTCDate()).padStart(2, ' '),
  H: ({ local }) => two(local.getUTCHours()),
  I: ({ local }) => two(hour12(local.getUTCHours())),
  M: ({ local }) => two(local.getUTCMinutes()),
  S: ({ local }) => two(local.getUTCSeconds()),
  p: ({ local }) => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
  L: ({ local }) => String(local.getUTCMilliseconds()).padStart(3, '0'),
  f: (shown) => nanosOf(shown).slice(0, 6),
  N: (shown) => nanosOf(shown),
  j: ({ local }) =>
    String(
      Math.floor((local.getTime() - dayMs({ year: local.getUTCFullYear(), month: 1, day: 1 })) / 86_400_000) + 1,
    ).padStart(3, '0'),
  B: ({ local }) => MONTHS[local.getUTCMonth()] ?? '',
  b: ({ local }) => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3),
  A: ({ local }) => DAYS[local.getUTCDay()] ?? '',
  a: ({ local }) => (DAYS[local.getUTCDay()] ?? '').slice(0, 3),
  u: ({ local }) => String(local.getUTCDay() || 7),
  w: ({ local }) => String(local.getUTCDay()),
  s: ({ moment }) => String(Math.floor(moment.ms / 1000)),
  z: ({ offset }) => offsetText(offset, ''),
  ':z': ({ offset }) => offsetText(offset, ':'),
  '%': () => '%',
};

function nanosOf({ local, moment }: Shown): string {
  return String(local.getUTCMilliseconds() * 1_000_000 + moment.nanos).padStart(9, '0');
}

type Piece = { readonly text: string } | { readonly directive: string };

/** Throws ValueError at a directive that is not known. */
function readPattern(pattern: string, known: Readonly<Record<string, unknown>>): Piece[] {
  if (pattern.length > 200) throw new ValueError('a time pattern may have 200 characters at most');
  const full = pattern.replace(/%([FTDR])/g, (_, letter) => COMPOSED[letter] ?? '');
  const pieces: Piece[] = [];
  for (const [whole, directive, text] of full.matchAll(/%(:?.)|([^%]+)|%$/gs)) {
    if (text !== undefined) pieces.push({ text });
    else if (directive !== undefined && Object.hasOwn(known, directive)) pieces.push({ directive });
    else
      throw new ValueError(
        `a time pattern has no ${whole}; it knows ${Object.keys(known)
          .map((one) => `%${one}`)
          .join(' ')} %F %T %D %R`,
      );
  }
  return pieces;
}

export function compileStrftime(pattern: string): (moment: Moment, zone: Zone) => string {
  const pieces = readPattern(pattern, WRITERS);
  return (moment, zone) => {
    const offset = zone(moment.ms);
    const shown = { local: new Date(moment.ms + offset * 60_000), moment, offset };
    return pieces.map((piece) => ('text' in piece ? piece.text : (WRITERS[piece.directive]?.(shown) ?? ''))).join('');
  };
}

interface ReadParts {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly nanos?: number;
  readonly afternoon?: boolean;
  readonly offset?: number;
  readonly epoch?: number;
}

interface Reader {
  readonly pattern: string;
  readonly take: (text: string) => ReadParts;
}

function digits(least: number, most: number, take: (value: number) => ReadParts): Reader {
  return { pattern: `(\\d{${least},${most}})`, take: (text) => take(Number(text)) };
}

function names(list: readonly string[], take: (index: number) => ReadParts): Reader {
  return {
    pattern: `(${list.join('|')})`,
    take: (text) => take(list.findIndex((one) => one.toLowerCase() === text.toLowerCase())),
  };
}

const short = (list: readonly string[]): string[] => list.map((name) => name.slice(0, 3));
const fraction: Reader = {
  pattern: '(\\d{1,9})',
  take: (text) => ({ nanos: Number(text.padEnd(9, '0')) }),
};

const READERS: Readonly<Record<string, Reader>> = {
  Y: digits(4, 4, (value) => ({ year: value })),
  y: digits(2, 2, (value) => ({ year: value + (value < 69 ? 2000 : 1900) })),
  m: digits(1, 2, (value) => ({ month: value })),
  d: digits(1, 2, (value) => ({ day: value })),
  e: { pattern: ' ?(\\d{1,2})', take: (text) => ({ day: Number(text) }) },
  H: digits(1, 2, (value) => ({ hour: value })),
  I: digits(1, 2, (value) => ({ hour: value % 12 })),
  M: digits(1, 2, (value) => ({ minute: value })),
  S: digits(1, 2, (value) => ({ second: value })),
  p: { pattern: '([AaPp][Mm])', take: (text) => ({ afternoon: text[0]?.toLowerCase() === 'p' }) },
  L: fraction,
  f: fraction,
  N: fraction,
  B: names(MONTHS, (index) => ({ month: index + 1 })),
  b: names(short(MONTHS), (index) => ({ month: index + 1 })),
  A: names(DAYS, () => ({})),
  a: names(short(DAYS), () => ({})),
  s: { pattern: '(-?\\d{1,12})', take: (text) => ({ epoch: Number(text) }) },
  z: { pattern: '(Z|[+-]\\d\\d:?\\d\\d)', take: readOffset },
  ':z': { pattern: '(Z|[+-]\\d\\d:?\\d\\d)', take: readOffset },
  '%': { pattern: '(%)', take: () => ({}) },
};

function readOffset(text: string): ReadParts {
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return { offset: text === 'Z' ? 0 : minutes * (text.startsWith('-') ? -1 : 1) };
}

/** Reads a whole text by the pattern; undefined where it does not fit or names no day. */
export function compileStrptime(pattern: string): (text: string, zone: Zone) => Moment | undefined {
  const pieces = readPattern(pattern, READERS);
  const readers = pieces.flatMap((piece) => ('directive' in piece ? [READERS[piece.directive] as Reader] : []));
  const source = pieces.map((piece) =>
    'text' in piece ? RE2JS.quote(piece.text) : (READERS[piece.directive] as Reader).pattern,
  );
  // Not the built-in engine: a row of %H%H%H… would let it try every way to share the digits out.
  const whole = RE2JS.compile(source.join(''), RE2JS.CASE_INSENSITIVE);
  return (text, zone) => {
    const matcher = whole.matcher(text);
    if (text.length > 400 || !matcher.matches()) return undefined;
    const parts = readers.map((reader, index) => reader.take(matcher.group(index + 1) ?? ''));
    return momentOfParts(Object.assign({}, ...parts) as ReadParts, zone);
  };
}

function momentOfParts(parts: ReadParts, zone: Zone): Moment | undefined {
  const { year = 1970, month = 1, day = 1, minute = 0, second = 0, nanos = 0, afternoon, offset, epoch } = parts;
  const hour = (parts.hour ?? 0) + (afternoon === true && (parts.hour ?? 0) < 12 ? 12 : 0);
  const rest = { nanos: nanos % 1e6 };
  if (epoch !== undefined) return { ms: epoch * 1000 + Math.floor(nanos / 1e6), ...rest };
  if (!isDay({ year, month, day }) || hour > 23 || minute > 59 || second > 60) return undefined;
  const local = dayMs({ year, month, day }) + clockMs({ hour, minute, second }) + Math.floor(nanos / 1e6);
  if (offset !== undefined) return { ms: local - offset * 60_000, ...rest };
  const first = local - zone(local) * 60_000;
  return { ms: local - zone(first) * 60_000, ...rest };
}

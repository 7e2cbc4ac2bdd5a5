/** Leaves of the configuration that are amounts: durations, sizes, rates. */
import { formatDuration, parseDuration, parseRate, parseSize } from '../../kit/duration.ts';
import { nearest } from '../../kit/problem.ts';
import type { Rate } from '../../model/source.ts';
import { type Shape, wrongType } from '../shape.ts';
import { type Bounds, scalarOf, settle, textLeaf, type WithExample } from './leaf.ts';

const DAY_MS = 86_400_000;

/** A duration in milliseconds, at most 365 days unless said otherwise. A bare number has no unit, so it is refused. */
export function duration({ least, most }: Bounds = { least: 0, most: 365 * DAY_MS }): Shape<number> {
  const expects = 'a duration such as 15s, 2m, 1h30m or 30d';
  const leaf = textLeaf<number>({
    expects,
    example: '15s',
    isPublic: true,
    schema: { pattern: '^((\\d+(\\.\\d+)?(ms|s|m|h|d))+|.*\\$\\{.*)$' },
    parse: (text) => {
      const value = parseDuration(text.trim());
      if (value === undefined) return { wrong: `must be ${expects}`, try: durationLike(text) };
      if (value >= least && value <= most) return { value };
      const wrong = `must lie between ${formatDuration(least)} and ${formatDuration(most)}`;
      return { wrong, try: formatDuration(value < least ? least : most), code: 'CONFIG_OUT_OF_RANGE' };
    },
  });
  return {
    ...leaf,
    read: (node, spot) => {
      const isNumber = node.kind === 'value' && typeof node.value === 'number';
      return isNumber ? (wrongType(node, expects, { spot, advice: `${node.value}s` }) as never) : leaf.read(node, spot);
    },
  };
}

/** A duration, or one of some words that stand for something else. */
export function durationOr<const W extends string>(word: W, bounds?: Bounds): Shape<number | W> {
  const plain = duration(bounds);
  return {
    expects: `${word}, or ${plain.expects}`,
    schema: { anyOf: [{ const: word }, plain.schema] },
    read: (node, spot) => {
      const filled = node.kind === 'value' ? spot.reader.fill(node, { isPublic: true }) : undefined;
      if (filled?.value === word) return word;
      const isMeant = filled?.isFilled === false && nearest(filled.written, [word]) !== undefined;
      return isMeant
        ? settle(node, { wrong: `must be ${word}, or a duration`, try: word }, spot)
        : plain.read(node, spot);
    },
  };
}

/** A size in bytes. A bare number is bytes. */
export function size({ least, most, example = '1MiB' }: Bounds & WithExample<string>): Shape<number> {
  const expects = 'a size such as 512KB, 1MiB or 10GB';
  return {
    expects,
    schema: {
      anyOf: [
        { type: 'integer', minimum: least },
        { type: 'string', pattern: '^(\\d+(\\.\\d+)?\\s*([KMGT]i?)?B|.*\\$\\{.*)$' },
      ],
    },
    read: (node, spot) => {
      const value = scalarOf(node, spot);
      if (value === undefined) return undefined as never;
      const isAmount = typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value));
      if (!isAmount) return wrongType(node, expects, { spot, advice: example }) as never;
      const bytes = parseSize(String(value).trim());
      if (bytes === undefined)
        return settle(node, { wrong: `must be ${expects}`, try: sizeLike(String(value)) ?? example }, spot);
      if (bytes >= least && bytes <= most) return bytes;
      const wrong = bytes < least ? `must be ${sizeText(least)} or more` : `must be ${sizeText(most)} or less`;
      return settle(node, { wrong, try: sizeText(bytes < least ? least : most), code: 'CONFIG_OUT_OF_RANGE' }, spot);
    },
  };
}

export function rate(): Shape<Rate> {
  const expects = 'a rate such as 20/s, 100/m or 1000/h';
  return textLeaf({
    expects,
    example: '20/s',
    isPublic: true,
    schema: { pattern: '^(\\d+/(s|m|h|d)|.*\\$\\{.*)$' },
    parse: (text) => {
      const value = parseRate(text.trim());
      return value ? { value } : { wrong: `must be ${expects}`, try: rateLike(text) };
    },
  });
}

const UNITS: readonly (readonly [pattern: RegExp, unit: string])[] = [
  [/^(ms|msecs?|millis(econds?)?)$/i, 'ms'],
  [/^(s|secs?|seconds?)$/i, 's'],
  [/^(m|mins?|minutes?)$/i, 'm'],
  [/^(h|hrs?|hours?)$/i, 'h'],
  [/^(d|days?)$/i, 'd'],
];

function sizeText(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB']) {
    const count = bytes / (parseSize(`1${unit}`) ?? 1);
    if (Number.isInteger(count)) return `${count}${unit}`;
  }
  return `${bytes}B`;
}

/** `15 sec` was meant as `15s`. */
function durationLike(text: string): string {
  const [, amount, word = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  if (amount === undefined) return '15s';
  const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1];
  if (unit) return `${amount}${unit}`;
  if (/^w(eeks?)?$/i.test(word)) return `${Number(amount) * 7}d`;
  return `${amount}s`;
}

/** `10 gb` was meant as `10GB`. */
function sizeLike(text: string): string | undefined {
  const [, amount, prefix = '', binary = ''] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*$/i.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return `${amount}${prefix.toUpperCase()}${binary === '' ? '' : 'i'}B`;
}

/** `20 per second` was meant as `20/s`. */
function rateLike(text: string): string {
  const [, count, unit] = /^\s*([1-9]\d*)\s*(?:\/|per)\s*(s|m|h|d)/i.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return `${count}/${unit.toLowerCase()}`;
  return /^[1-9]\d*$/.test(text.trim()) ? `${text.trim()}/s` : '20/s';
}

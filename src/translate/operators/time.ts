/** Operators on times and spans of time. The time of now is none of them: the same event gives the same output on every try. */
import type { Schema } from '../../model/schema.ts';
import { describe, type Meter, spendText, ValueError } from '../run.ts';
import { asText } from './convert.ts';
import { asNumber, exactInteger } from './exact.ts';
import { inRange, isoOf, type Moment, readMoment } from './moment.ts';
import { type Argument, INTEGER, NUMBER, type Operator, TEXT, textArgument, type ValueType } from './operator.ts';
import { readSpan, SPAN_FORMATS, type SpanFormat, writeSpan } from './spans.ts';
import { compileStrftime, compileStrptime } from './strftime.ts';
import { zoneNamed } from './time-zone.ts';

const family = 'Time';
const takes: readonly ValueType[] = ['string', 'number'];
const ISO_TIME: Schema = { type: 'string', format: 'date-time' };
const unit: Argument = textArgument('unit', { optional: true, choices: ['s', 'ms'] });
const zone: Argument = textArgument('zone', {
  optional: true,
  words: ['UTC'],
  check: (value) => void zoneNamed(asText(value)),
});

type Prepare = NonNullable<Operator['prepare']>;

/** An operator whose pattern and zone are made ready once where they are known at load. */
function prepared(definition: Omit<Operator, 'family' | 'apply' | 'prepare'>, prepare: Prepare): Operator {
  return { ...definition, family, prepare, apply: (input, args, meter) => prepare(args)(input, meter) };
}

function unitMs(value: unknown): number {
  if (value === undefined || value === 's') return 1000;
  if (value === 'ms') return 1;
  throw new ValueError('the unit is s or ms');
}

function writerFor(format: unknown, zoneName: unknown): (moment: Moment) => unknown {
  const place = zoneNamed(zoneName === undefined ? 'UTC' : asText(zoneName));
  switch (format) {
    case undefined:
    case 'iso':
      if (zoneName === undefined) return isoOf;
      return isoIn(place);
    case 's':
      return ({ ms }) => Math.floor(ms / 1000);
    case 'ms':
      return ({ ms }) => ms;
    default: {
      const text = asText(format);
      if (!text.includes('%')) throw new ValueError('the format is iso, s, ms or a pattern such as "%Y-%m-%d"');
      const write = compileStrftime(text);
      return (moment) => write(moment, place);
    }
  }
}

function isoIn(place: ReturnType<typeof zoneNamed>): (moment: Moment) => string {
  const write = compileStrftime('%Y-%m-%dT%H:%M:%S.%L%:z');
  return (moment) => write(moment, place);
}

function givesTime(_input: Schema, [format]: readonly Schema[]): Schema {
  if (format === undefined || format.const === 'iso') return ISO_TIME;
  if (format.const === 's' || format.const === 'ms') return INTEGER;
  return format.const === undefined ? { type: ['string', 'integer'] } : TEXT;
}

/** Milliseconds of a span: text such as 1h30m, or a number of seconds. */
function spanMs(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) * 1000;
  const ms = readSpan(asText(value));
  if (ms === undefined) throw new ValueError('this is no span of time: 90, "1h30m", "-5m", "01:30:00" or "PT1H30M"');
  return ms;
}

function numberOf(input: unknown): number {
  if (typeof input !== 'string') return Number(asNumber(input));
  const number = exactInteger(input) ?? (/^\s*-?\d{1,15}\.\d{1,15}\s*$/.test(input) ? Number(input) : undefined);
  if (number === undefined) throw new ValueError(`${describe(input)} is no number`);
  return Number(number);
}

export const timeOperators: readonly Operator[] = [
  prepared(
    {
      name: 'time',
      summary:
        'A time, in another form. In: epoch seconds or milliseconds (as number or digits) or ISO 8601 with any offset and 0 to 9 fraction digits. Out: `iso` (UTC, milliseconds; as it is by default), `s`, `ms`, or a strftime pattern, in UTC or the zone.',
      takes,
      args: [textArgument('format', { optional: true, words: ['iso', 's', 'ms'] }), zone],
      gives: givesTime,
      examples: [
        { expression: '1757215990 | time', output: '2025-09-07T03:33:10.000Z' },
        { expression: '"1757215994597" | time iso', output: '2025-09-07T03:33:14.597Z' },
        { expression: '"2025-09-07T00:16:11.747461123+08:00" | time ms', output: 1757175371747 },
        { expression: '"2025-09-07T00:16:11.747461+08:00" | time s', output: 1757175371 },
        { expression: '1757215994 | time "%Y-%m-%d %H:%M" "Asia/Shanghai"', output: '2025-09-07 11:33' },
        { expression: '1757215994 | time iso "+08:00"', output: '2025-09-07T11:33:14.000+08:00' },
      ],
    },
    ([format, zoneName]) => {
      const write = writerFor(format, zoneName);
      return (input) => write(readMoment(input));
    },
  ),
  prepared(
    {
      name: 'parse_time',
      summary:
        'The time, as ISO 8601 in UTC, that a text holds in a strptime pattern; in the zone where the pattern has none.',
      takes: ['string'],
      args: [textArgument('pattern'), zone],
      gives: ISO_TIME,
      examples: [
        {
          expression: '"2025-09-07_00-16-11" | parse_time "%Y-%m-%d_%H-%M-%S" "+08:00"',
          output: '2025-09-06T16:16:11.000Z',
        },
        {
          expression: '"Sun, 07 Sep 2025 03:33:14 +0000" | parse_time "%a, %d %b %Y %H:%M:%S %z"',
          output: '2025-09-07T03:33:14.000Z',
        },
      ],
    },
    ([pattern, zoneName]) => {
      const read = compileStrptime(asText(pattern));
      const place = zoneNamed(zoneName === undefined ? 'UTC' : asText(zoneName));
      return (input) => {
        const moment = read(asText(input), place);
        if (!moment) throw new ValueError(`${describe(input)} is no time in this pattern`);
        return isoOf(inRange(moment));
      };
    },
  ),
  prepared(
    {
      name: 'add_time',
      summary: 'The time, as ISO 8601 in UTC, so much later: "1h30m", "-5m", "PT90S" or a number of seconds.',
      takes,
      args: [{ name: 'span', types: ['string', 'number'], check: (value) => void spanMs(value) }],
      gives: ISO_TIME,
      examples: [
        { expression: '"2025-09-07T00:16:11+08:00" | add_time "6h"', output: '2025-09-06T22:16:11.000Z' },
        { expression: '1757215994 | add_time -14', output: '2025-09-07T03:33:00.000Z' },
      ],
    },
    ([span]) => {
      const later = spanMs(span);
      return (input) => {
        const { ms, nanos } = readMoment(input);
        return isoOf(inRange({ ms: ms + Math.round(later), nanos }));
      };
    },
  ),
  {
    name: 'time_since',
    family,
    summary: 'The seconds, or milliseconds, from another time to this one.',
    takes,
    args: [{ name: 'start', types: takes, check: (value) => void readMoment(value) }, unit],
    gives: (_input, [, of]) => (of?.const === 'ms' ? INTEGER : NUMBER),
    examples: [
      { expression: '"2025-03-19T11:41:21.499Z" | time_since "2025-03-19T11:40:25.499Z"', output: 56 },
      { expression: '"2025-03-19T11:41:21.499Z" | time_since "2025-03-19T11:40:25.5Z" ms', output: 55999 },
    ],
    apply: (input, [start, of]) => (readMoment(input).ms - readMoment(start).ms) / unitMs(of),
  },
  {
    name: 'duration',
    family,
    summary:
      'A number of seconds, or milliseconds, as `clock` 01:02:03 (the default), `clock_ms` 01:02:03.500, `iso` PT1H2M3S or `plain` 1h2m3s.',
    takes,
    args: [textArgument('format', { optional: true, choices: SPAN_FORMATS }), unit],
    gives: TEXT,
    examples: [
      { expression: '3723 | duration', output: '01:02:03' },
      { expression: '55588 | duration clock_ms ms', output: '00:00:55.588' },
      { expression: '52.967 | duration iso', output: 'PT52.967S' },
      { expression: '"5400" | duration plain', output: '1h30m' },
    ],
    apply(input, [format, of]) {
      const ms = numberOf(input) * unitMs(of);
      if (!(Math.abs(ms) < 1e15)) throw new ValueError('the span is too long');
      const chosen = format === undefined ? 'clock' : SPAN_FORMATS.find((one) => one === format);
      if (chosen === undefined) throw new ValueError(`the format is ${SPAN_FORMATS.join(', ')}`);
      return writeSpan(ms, chosen satisfies SpanFormat);
    },
  },
  {
    name: 'parse_duration',
    family,
    summary: 'The seconds, or milliseconds, of a span: 01:02:03, PT1H2M3S or 1h2m3s.',
    takes: ['string'],
    args: [unit],
    gives: NUMBER,
    examples: [
      { expression: '"01:02:03.5" | parse_duration', output: 3723.5 },
      { expression: '"PT1M2S" | parse_duration ms', output: 62000 },
    ],
    apply(input, [of], meter: Meter) {
      spendText(meter, asText(input).length);
      const ms = readSpan(asText(input));
      if (ms === undefined) throw new ValueError(`${describe(input)} is no span of time`);
      return ms / unitMs(of);
    },
  },
];

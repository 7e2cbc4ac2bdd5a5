/** Times as senders write them, and as targets want them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from './evaluate-expression.ts';

const run = (expression: string, value: unknown): unknown => evaluateExpression(`data.x | ${expression}`, { x: value });

describe('a time', () => {
  const read: readonly [value: unknown, iso: string][] = [
    [0, '1970-01-01T00:00:00.000Z'],
    [1757215994, '2025-09-07T03:33:14.000Z'],
    [1757215994.5, '2025-09-07T03:33:14.500Z'],
    [1757215994597, '2025-09-07T03:33:14.597Z'],
    ['1757215994', '2025-09-07T03:33:14.000Z'],
    ['1757215994.597', '2025-09-07T03:33:14.597Z'],
    [' 1757215994597 ', '2025-09-07T03:33:14.597Z'],
    [1757215994597123, '2025-09-07T03:33:14.597Z'],
    [1757215994597123456n, '2025-09-07T03:33:14.597Z'],
    [-1, '1969-12-31T23:59:59.000Z'],
    [-0.5, '1969-12-31T23:59:59.500Z'],
    ['2025-09-07T00:16:11Z', '2025-09-07T00:16:11.000Z'],
    ['2025-09-07T00:16:11.7Z', '2025-09-07T00:16:11.700Z'],
    ['2025-09-07T00:16:11.747461+08:00', '2025-09-06T16:16:11.747Z'],
    ['2025-09-07T00:16:11.747461123+08:00', '2025-09-06T16:16:11.747Z'],
    ['2025-09-07T00:16:11.999999999Z', '2025-09-07T00:16:11.999Z'],
    ['2025-09-07T00:16:11,5-0330', '2025-09-07T03:46:11.500Z'],
    ['2025-09-07 00:16+08', '2025-09-06T16:16:00.000Z'],
    ['2025-09-07', '2025-09-07T00:00:00.000Z'],
    ['2024-02-29T24:00:00Z', '2024-03-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ];
  it.each(read)('%s is read', (value, iso) => {
    expect(run('time', value)).toBe(iso);
  });

  const refused = [
    '',
    'now',
    '2025-13-01',
    '2025-02-30',
    '2025-09-07T25:00',
    '2025-09-07T00:60',
    '2025-9-7',
    'x'.repeat(100),
    1e30,
    Number.NaN,
    '99999-01-01',
  ];
  it.each(refused)('%s is refused', (value) => {
    expect(() => run('time', value)).toThrow(/is no time|not between/);
  });

  const written: readonly [expression: string, value: unknown][] = [
    ['time s', 1757215994],
    ['time ms', 1757215994597],
    ['time "%F %T.%L"', '2025-09-07 03:33:14.597'],
    ['time "%Y%m%d-%H%M%S-%f-%N"', '20250907-033314-597123-597123456'],
    ['time "%a %A %b %B %e %j %u %w %y %I %p %%"', 'Sun Sunday Sep September  7 250 7 0 25 03 AM %'],
    ['time "%s %z %:z" "+05:30"', '1757215994 +0530 +05:30'],
    ['time "%D %R" "America/New_York"', '09/06/25 23:33'],
    ['time iso "Asia/Shanghai"', '2025-09-07T11:33:14.597+08:00'],
    ['time iso UTC', '2025-09-07T03:33:14.597+00:00'],
  ];
  it.each(written)('is written by %s', (expression, value) => {
    expect(run(expression, '2025-09-07T03:33:14.597123456Z')).toBe(value);
  });

  it('comes back from every form it is written in', () => {
    const ms = fc.integer({ min: Date.UTC(1974, 0), max: Date.UTC(2500, 0) });
    fc.assert(
      fc.property(ms, (epoch) => {
        expect(run('time | time ms', epoch)).toBe(epoch);
        expect(run('time iso "+05:45" | time ms', epoch)).toBe(epoch);
        expect(
          run(
            'time "%d.%m.%Y %H:%M:%S.%L" "Europe/Berlin" | parse_time "%d.%m.%Y %H:%M:%S.%L" "Europe/Berlin" | time ms',
            epoch,
          ),
        ).toBeCloseTo(epoch, -7);
      }),
    );
  });
});

describe('parsing a time by a pattern', () => {
  const cases: readonly [pattern: string, text: string, iso: string][] = [
    ['"%Y-%m-%d_%H-%M-%S"', '2025-09-07_00-16-11', '2025-09-07T00:16:11.000Z'],
    ['"%d/%b/%Y:%H:%M:%S %z"', '07/Sep/2025:00:16:11 +0800', '2025-09-06T16:16:11.000Z'],
    ['"%B %e, %Y %I:%M %p"', 'september  7, 2025 12:30 PM', '2025-09-07T12:30:00.000Z'],
    ['"%I %p"', '12 am', '1970-01-01T00:00:00.000Z'],
    ['"%s.%N"', '1757215994.597123', '2025-09-07T03:33:14.597Z'],
    ['"%y%m%d"', '700101', '1970-01-01T00:00:00.000Z'],
    ['"[%Y]"', '[2025]', '2025-01-01T00:00:00.000Z'],
    ['"%H:%M" "Asia/Shanghai"', '08:00', '1970-01-01T00:00:00.000Z'],
  ];
  it.each(cases)('%s reads %s', (pattern, text, iso) => {
    expect(run(`parse_time ${pattern}`, text)).toBe(iso);
  });

  it('refuses what does not fit, at once', () => {
    expect(() => run('parse_time "%Y-%m-%d"', '2025-02-30')).toThrow(/no time in this pattern/);
    expect(() => run(`parse_time "${'%H'.repeat(90)}"`, `${'1'.repeat(170)}x`)).toThrow(/no time in this pattern/);
  });
});

describe('a span of time', () => {
  const cases: readonly [expression: string, value: unknown, result: unknown][] = [
    ['duration', 0, '00:00:00'],
    ['duration', 359_999, '99:59:59'],
    ['duration', 52.967, '00:00:52'],
    ['duration clock ms', '55588', '00:00:55'],
    ['duration clock_ms ms', 55_588, '00:00:55.588'],
    ['duration iso', 3723.5, 'PT1H2M3.5S'],
    ['duration iso', 0, 'PT0S'],
    ['duration plain', -90, '-1m30s'],
    ['parse_duration', '1:02:03', 3723],
    ['parse_duration', '02:03', 123],
    ['parse_duration', 'P1DT1S', 86_401],
    ['parse_duration ms', '1.5s', 1500],
    ['parse_duration', '-5m', -300],
    ['add_time "-1d"', 86_400, '1970-01-01T00:00:00.000Z'],
    ['add_time "PT1H"', 0, '1970-01-01T01:00:00.000Z'],
  ];
  it.each(cases)('%s of %s', (expression, value, result) => {
    expect(run(expression, value)).toBe(result);
  });

  it.each(['', 'P', 'PT', 'soon', '1:2:3:4', '5'])('refuses %s', (text) => {
    expect(() => run('parse_duration', text)).toThrow(/no span of time/);
  });

  it('never leaves the years 0 to 9999', () => {
    expect(() => run('add_time 1e15', 0)).toThrow(/not between/);
    expect(() => run('add_time "9999999h"', '9999-12-31')).toThrow(/not between/);
  });
});

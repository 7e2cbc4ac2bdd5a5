import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/cli/terminal.ts';
import { parseWhen } from '../../src/cli/when.ts';

const NOW = Date.parse('2026-11-23T03:05:00Z');

function refusalOf(text: string): string {
  try {
    return `${parseWhen(text, NOW)}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message;
  }
}

describe('--since', () => {
  it.each([
    ['10m', '2026-11-23T02:55:00Z'],
    ['1h30m', '2026-11-23T01:35:00Z'],
    ['2026-11-22', '2026-11-22T00:00:00Z'],
    ['2026-11-23 03:00', '2026-11-23T03:00:00Z'],
    ['2026-11-23 03:00:01Z', '2026-11-23T03:00:01Z'],
    ['2026-11-23t03:00:01.5z', '2026-11-23T03:00:01.500Z'],
    ['2026-11-23T03:00+08:00', '2026-11-22T19:00:00Z'],
  ])('takes %s in UTC, whatever the zone of the machine', (text, time) => {
    expect(parseWhen(text, NOW)).toBe(Date.parse(time));
  });

  it('is left out where nothing is given', () => {
    expect(parseWhen(undefined, NOW)).toBeUndefined();
  });

  it.each([
    ['10', '10m, or 10h'],
    ['0', '2h, 30m, or 2026-01-31T12:00:00Z'],
    ['2026', '2h, 30m, or 2026-01-31T12:00:00Z'],
    ['may', '2h, 30m, or 2026-01-31T12:00:00Z'],
    ['', '2h, 30m, or 2026-01-31T12:00:00Z'],
    ['2026-02-30', '2h, 30m, or 2026-01-31T12:00:00Z'],
    ['2026-11-23T25:00', '2h, 30m, or 2026-01-31T12:00:00Z'],
    ['-10m', '10m'],
    ['10min', '10m'],
    ['10 Minutes ago', '10m'],
    ['1 hour', '1h'],
    ['2w', '14d'],
    ['today', '2026-11-23'],
    ['yesterday', '2026-11-22'],
    ['3:00', '2026-11-23T03:00Z'],
    ['23:59', '2026-11-22T23:59Z'],
    ['1795402212', '2026-11-23T02:50:12.000Z'],
    ['1795402212025', '2026-11-23T02:50:12.025Z'],
  ])('takes %j for no time, and says what may be meant', (text, meant) => {
    expect(refusalOf(text)).toBe(`Error: "${text}" is no time\n  Try: ${meant}`);
    for (const one of meant.split(', or ')) if (!one.includes(',')) expect(parseWhen(one, NOW)).toBeLessThan(NOW);
  });
});

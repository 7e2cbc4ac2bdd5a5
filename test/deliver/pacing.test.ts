import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakerPauseMs, createPacer } from '../../src/deliver/pacing.ts';

/** Takes as soon as it may, from `starts` on, and tells when it could. */
function takeAll(rate: { count: number; perMs: number }, fleet: number, starts: readonly number[]): number[] {
  const pacer = createPacer(rate, fleet);
  let now = 0;
  return starts.map((start) => {
    now = Math.max(now, start);
    for (let wait = pacer.take(now); wait > 0; wait = pacer.take(now)) now += wait;
    return now;
  });
}

describe('the pacer', () => {
  it('never lets more than its rate through, in any stretch of time', () => {
    const rates = fc.record({ count: fc.integer({ min: 1, max: 20 }), perMs: fc.constantFrom(1000, 60_000) });
    const starts = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(rates, starts, (rate, moments) => {
        const taken = takeAll(
          rate,
          1,
          [...moments].sort((a, b) => a - b),
        );
        for (const [index, at] of taken.entries()) {
          const later = taken[index + rate.count];
          if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(rate.perMs);
        }
      }),
    );
  });

  it.each([
    // rate, relays, how many go in the first minute from each
    [{ count: 60, perMs: 60_000 }, 1, 60],
    [{ count: 60, perMs: 60_000 }, 3, 20],
    [{ count: 1, perMs: 1000 }, 4, 15],
    [{ count: 5, perMs: 60_000 }, 2, 2],
  ])('%j among %i relays lets %i through in a minute', (rate, fleet, count) => {
    const taken = takeAll(rate, fleet, Array<number>(200).fill(0));
    expect(taken.filter((at) => at < 60_000).length).toBe(count);
  });

  it('lets everything through where there is no rate', () => {
    const pacer = createPacer(null, 1);
    expect([pacer.take(0), pacer.take(0), pacer.take(0)]).toEqual([0, 0, 0]);
  });
});

describe('the pause of a breaker', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [9, 60_000],
    [5000, 60_000],
  ])('after opening %i times in a row is %i ms', (openings, ms) => {
    expect(breakerPauseMs({ pauseMs: 1000, longestMs: 60_000 }, openings)).toBe(ms);
  });
});

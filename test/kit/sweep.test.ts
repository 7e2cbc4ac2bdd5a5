import { describe, expect, it } from 'vitest';
import { createSweep } from '../../src/kit/sweep.ts';
import { ManualClock } from './manual-clock.ts';

describe('the sweep', () => {
  it('expires each item at its own time, not before and not much later, with one timer', async () => {
    const clock = new ManualClock();
    const expired = new Map<number, number>();
    const expire = (item: number) => void expired.set(item, clock.monotonic());
    const sweep = createSweep<number>({ clock, coarseMs: 100, expire });
    const timeouts = [50, 1000, 1001, 3000, 500];
    for (const timeout of timeouts) sweep.watch(timeout, timeout);
    expect(clock.pending).toBe(1);
    await clock.advance(5000);
    for (const timeout of timeouts) {
      expect(expired.get(timeout)).toBeGreaterThanOrEqual(timeout);
      expect(expired.get(timeout)).toBeLessThanOrEqual(timeout + 100);
    }
    expect(clock.pending).toBe(0);
  });

  it('does not expire what is done, and is not told twice', async () => {
    const clock = new ManualClock();
    const expired: string[] = [];
    const sweep = createSweep<string>({ clock, coarseMs: 100, expire: (item) => void expired.push(item) });
    const place = sweep.watch('a', 100);
    sweep.watch('b', 100);
    sweep.done('a', place);
    sweep.watch('c', 100); // in the place of `a`
    sweep.done('a', place);
    expect(sweep.items().toSorted()).toEqual(['b', 'c']);
    await clock.advance(1000);
    expect(expired.toSorted()).toEqual(['b', 'c']);
    sweep.done('c', place);
    expect(sweep.items()).toEqual([]);
  });

  it('watches what an expiry adds', async () => {
    const clock = new ManualClock();
    const expired: number[] = [];
    const sweep = createSweep<number>({
      clock,
      coarseMs: 100,
      expire(item) {
        expired.push(item);
        if (item < 3) sweep.watch(item + 1, 500);
      },
    });
    sweep.watch(1, 500);
    await clock.advance(10_000);
    expect(expired).toEqual([1, 2, 3]);
    expect(clock.pending).toBe(0);
  });
});

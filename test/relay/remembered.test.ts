import { describe, expect, it } from 'vitest';
import { remembered } from '../../src/relay/remembered.ts';
import { ManualClock } from '../kit/manual-clock.ts';

describe('an answer that is remembered', () => {
  it('is worked out once for all who ask within a moment', async () => {
    const clock = new ManualClock();
    let loads = 0;
    const ask = remembered(async () => ++loads, 1000, clock);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    await clock.advance(999);
    expect(await ask()).toBe(1);
    await clock.advance(1);
    expect(await ask()).toBe(2);
  });

  it('is asked for anew after a failure', async () => {
    let loads = 0;
    const load = async (): Promise<number> => {
      if (++loads === 1) throw new Error('away');
      return loads;
    };
    const ask = remembered(load, 1000, new ManualClock());
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { LINE_MS, leaseMsFor, tryMsFor } from '../../src/deliver/lease-time.ts';
import { target } from './rig.ts';

describe('a lease', () => {
  it.each([
    // quick tries, timeout, milliseconds beside the turn in the line
    [1, 15_000, 20_000],
    [2, 15_000, 36_000],
    [3, 15_000, 53_000],
    [3, 1000, 11_000],
    [0, 1000, 6000],
  ])('for %i quick tries of %i ms lasts %i ms longer than the wait in the line', (quick, timeoutMs, ms) => {
    const patient = target({ timeoutMs, retry: { quick, schedule: [], retryOn: [], deadOn: [] } });
    expect(leaseMsFor(patient) - LINE_MS).toBe(ms);
  });

  it('is long enough for one more try when its turn comes, whatever the timeout', () => {
    for (const timeoutMs of [1, 1000, 600_000]) {
      const patient = target({ timeoutMs });
      expect(leaseMsFor(patient) - LINE_MS).toBeGreaterThan(tryMsFor(patient));
    }
  });
});

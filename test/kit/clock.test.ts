import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { ManualClock } from './manual-clock.ts';

describe('the system clock', () => {
  it('fires once, and not when it was cancelled', async () => {
    const fired: string[] = [];
    const cancelled = systemClock.after(0, () => fired.push('cancelled'));
    cancelled.cancel();
    cancelled.cancel();
    await new Promise<void>((resolve) => {
      systemClock.after(-5, () => fired.push('at once'));
      const keepAlive = setInterval(() => {}, 1);
      systemClock.after(1, () => {
        clearInterval(keepAlive);
        resolve();
      });
    });
    expect(fired).toEqual(['at once']);
  });

  it('does not fire early where a delay is longer than the system takes', async () => {
    const fired: string[] = [];
    const timer = systemClock.after(2 ** 40, () => fired.push('early'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    timer.cancel();
    expect(fired).toEqual([]);
  });
});

describe('the hand-moved clock', () => {
  it('fires timers in the order of their time, each at its own moment', async () => {
    const clock = new ManualClock(1000);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b ${clock.now()} ${clock.monotonic()}`));
    clock.after(10, () => {
      fired.push(`a ${clock.now()}`);
      clock.after(5, () => fired.push(`inner ${clock.now()}`));
    });
    clock.after(10, () => fired.push('a second')).cancel();
    clock.after(31, () => fired.push('late'));
    await clock.advance(30);
    expect(fired).toEqual(['a 1010', 'inner 1015', 'b 1020 20']);
    expect([clock.now(), clock.monotonic(), clock.pending]).toEqual([1030, 30, 1]);
  });

  it('lets promises that a timer resolves run before the next timer', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    void wait(1).then(async () => {
      await null;
      order.push('after the first');
    });
    clock.after(2, () => order.push('second'));
    await clock.advance(2);
    expect(order).toEqual(['after the first', 'second']);
  });

  it('jumps without moving durations', async () => {
    const clock = new ManualClock(1000);
    const fired: number[] = [];
    clock.after(10, () => fired.push(clock.now()));
    clock.jump(86_400_000);
    expect(clock.monotonic()).toBe(0);
    await clock.advance(9);
    expect(fired).toEqual([]);
    await clock.advance(1);
    expect(fired).toEqual([86_401_010]);
  });
});

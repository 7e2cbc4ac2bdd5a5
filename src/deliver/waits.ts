/** Waits that end early when the relay stops. */
import type { Clock } from '../kit/clock.ts';

export interface Waits {
  wait(ms: number): Promise<void>;
  /** Ends every wait, and every later one at once. */
  endAll(): void;
}

export function createWaits(clock: Clock): Waits {
  const wakers = new Set<() => void>();
  let isOver = false;
  return {
    wait(ms) {
      if (isOver) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          timer.cancel();
          wakers.delete(wake);
          resolve();
        };
        const timer = clock.after(ms, wake);
        wakers.add(wake);
      });
    },
    endAll() {
      isOver = true;
      for (const wake of [...wakers]) wake();
    },
  };
}

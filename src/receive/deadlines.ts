/** At the door: how long a body may take to arrive, watched by one timer for all requests instead of one each. */
import type { Clock } from '../kit/clock.ts';

/** How far past its deadline a request may be noticed. */
const SWEEP_MS = 500;

export interface Deadlines<T> {
  /** Watches `item` until it is removed or `afterMs` have passed. */
  add(item: T, afterMs: number): void;
  remove(item: T): void;
}

/** Calls `expire` once for each item that is still there after its time. */
export function createDeadlines<T>(clock: Pick<Clock, 'monotonic' | 'after'>, expire: (item: T) => void): Deadlines<T> {
  const open = new Map<T, number>();
  let isSweeping = false;
  const sweep = (): void => {
    isSweeping = false;
    const now = clock.monotonic();
    for (const [item, at] of open) {
      if (at > now) continue;
      open.delete(item);
      expire(item);
    }
    if (open.size > 0) start();
  };
  const start = (): void => {
    isSweeping = true;
    clock.after(SWEEP_MS, sweep);
  };
  return {
    add(item, afterMs) {
      open.set(item, clock.monotonic() + afterMs);
      if (!isSweeping) start();
    },
    remove(item) {
      open.delete(item);
    },
  };
}

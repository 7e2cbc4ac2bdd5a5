/** Ends requests that take too long, all of them with one timer: a timer or an AbortSignal for each is dear at thousands a second. */
import type { Clock, Timer } from '../kit/clock.ts';

export interface Sweep<T> {
  /** Watches over a request until `done` is called; `expire` of the sweep is called once where `timeoutMs` pass before that. */
  watch(item: T, timeoutMs: number): void;
  done(item: T): void;
  items(): Iterable<T>;
}

/** Milliseconds by which a request may end too late. */
const COARSE_MS = 100;

export function createSweep<T>(clock: Clock, expire: (item: T) => void): Sweep<T> {
  const deadlines = new Map<T, number>();
  let timer: Timer | undefined;

  function arm(delayMs: number): void {
    timer = clock.after(Math.max(1, Math.min(delayMs, COARSE_MS)), sweep);
  }

  function sweep(): void {
    timer = undefined;
    const now = clock.monotonic();
    let nearest = Number.POSITIVE_INFINITY;
    for (const [item, deadline] of deadlines) {
      if (deadline <= now) {
        deadlines.delete(item);
        expire(item);
      } else nearest = Math.min(nearest, deadline);
    }
    if (deadlines.size > 0 && !timer) arm(nearest - now);
  }

  return {
    watch(item, timeoutMs) {
      deadlines.set(item, clock.monotonic() + timeoutMs);
      if (!timer) arm(timeoutMs);
    },
    done(item) {
      deadlines.delete(item);
    },
    items: () => deadlines.keys(),
  };
}

/** How fast a target answers: what a line may hold follows from it, and people are shown it. */
import type { Clock } from '../kit/clock.ts';

export interface Throughput {
  /** One request has been answered, or has failed. */
  count(): void;
  /** A delivery was under way for so many milliseconds. */
  took(ms: number): void;
  /** A moving mean, at least 1. */
  meanMs(): number;
  /** Over the last 10 to 20 seconds. */
  perSecond(): number;
}

const WINDOW_MS = 10_000;

/** Until a target has shown how fast it is. */
const FIRST_GUESS_MS = 500;

export function createThroughput(clock: Clock): Throughput {
  let mean = FIRST_GUESS_MS;
  let windowStart = clock.monotonic();
  let current = 0;
  let last = 0;

  function roll(): void {
    const windows = Math.floor((clock.monotonic() - windowStart) / WINDOW_MS);
    if (windows === 0) return;
    last = windows === 1 ? current : 0;
    current = 0;
    windowStart += windows * WINDOW_MS;
  }

  return {
    count() {
      roll();
      current++;
    },
    took(ms) {
      mean += (ms - mean) / 16;
    },
    meanMs: () => Math.max(1, mean),
    perSecond() {
      roll();
      return (last + current) / ((WINDOW_MS + clock.monotonic() - windowStart) / 1000);
    },
  };
}

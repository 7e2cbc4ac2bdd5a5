/** Time as a thing that is passed in, so that a test can move it by hand. */

export interface Timer {
  /** Stops the timer; may be called twice and after it has fired. */
  cancel(): void;
}

export interface Clock {
  /** Wall-clock time in epoch milliseconds. */
  now(): number;
  /** Monotonic milliseconds since some fixed moment: for durations, which a jump of the wall clock must not change. */
  monotonic(): number;
  /** Calls `fire` once after `delayMs` milliseconds. Does not keep the process alive. */
  after(delayMs: number, fire: () => void): Timer;
}

/** The longest delay that Node's timers take without firing at once, in milliseconds (about 24.8 days). */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(delayMs, 0), LONGEST_DELAY_MS));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

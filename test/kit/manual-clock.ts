/** A clock that tests move by hand: nothing happens until `advance` is called. */
import type { Clock, Timer } from '../../src/kit/clock.ts';

interface Waiting {
  readonly due: number;
  readonly fire: () => void;
}

export class ManualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  /** In the order of their creation, so that timers due at the same moment fire in that order. */
  readonly #timers = new Set<Waiting>();

  /** Starts at `wallMs`, epoch milliseconds. */
  constructor(wallMs = Date.UTC(2026, 0, 1)) {
    this.#wall = wallMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, fire: () => void): Timer {
    const waiting: Waiting = { due: this.#monotonic + Math.max(0, delayMs), fire };
    this.#timers.add(waiting);
    return { cancel: () => this.#timers.delete(waiting) };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves both times on by `ms`. Timers that come due fire in order, each at its own moment, timers that they start included;
   * after each of them, and at the end, what was waiting on promises and immediates has had its turn.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#moveTo(next.due);
      this.#timers.delete(next);
      next.fire();
      await settle();
    }
    this.#moveTo(end);
    await settle();
  }

  /** The wall clock jumps by `ms` (either way), as when someone sets it; durations and timers do not notice. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #moveTo(monotonic: number): void {
    this.#wall += Math.max(0, monotonic - this.#monotonic);
    this.#monotonic = Math.max(this.#monotonic, monotonic);
  }

  #nextUntil(end: number): Waiting | undefined {
    let next: Waiting | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }
}

/** Lets promise callbacks and immediates that are already on their way run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

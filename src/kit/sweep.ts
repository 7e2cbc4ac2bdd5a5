/** Watches over what may take too long, all of it with one timer: a timer or an AbortSignal for each is dear at thousands a second. */
import type { Clock, Timer } from './clock.ts';

export interface Sweep<T> {
  /** `expire` of the sweep is called once where `timeoutMs` pass before `done`, which is given the place that is returned here. */
  watch(item: T, timeoutMs: number): number;
  /** May be called late, or twice. */
  done(item: T, place: number): void;
  /** All that are watched. */
  items(): T[];
}

export interface SweepOptions<T> {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Milliseconds by which an item may expire too late. */
  readonly coarseMs: number;
  expire(item: T): void;
}

/** Items have places in two arrays; see `Chain` for why not in a map. */
export function createSweep<T>({ clock, coarseMs, expire }: SweepOptions<T>): Sweep<T> {
  const items: (T | undefined)[] = [];
  const ends: number[] = [];
  const free: number[] = [];
  let timer: Timer | undefined;

  function arm(delayMs: number): void {
    timer = clock.after(Math.max(1, Math.min(delayMs, coarseMs)), sweep);
  }

  function sweep(): void {
    timer = undefined;
    const now = clock.monotonic();
    let nearest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < items.length; place++) {
      const item = items[place];
      if (item === undefined) continue;
      const end = ends[place] as number;
      if (end > now) {
        nearest = Math.min(nearest, end);
        continue;
      }
      release(place);
      expire(item);
    }
    if (free.length < items.length && !timer) arm(nearest - now);
  }

  function release(place: number): void {
    items[place] = undefined;
    free.push(place);
  }

  return {
    watch(item, timeoutMs) {
      const place = free.pop() ?? items.length;
      items[place] = item;
      ends[place] = clock.monotonic() + timeoutMs;
      if (!timer) arm(timeoutMs);
      return place;
    },
    done(item, place) {
      if (items[place] === item) release(place);
    },
    items: () => items.filter((item) => item !== undefined),
  };
}

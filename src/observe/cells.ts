/** Counts what happens with every event, and hands it to prom-client when that is read: called each time, it would hash the label values each time. */
import type { Counter, Histogram } from 'prom-client';
import { oncePerPair } from '../kit/once.ts';

interface Countable {
  inc(): void;
}

interface Observable {
  observe(value: number): void;
}

/** Finds what counts under label values, in the order of their names. */
type ByLabels<T> = (first: string, second?: string) => T;

/** Observations are handed over together, at the latest when so many have gathered. */
const MOST_GATHERED = 1024;

export function byLabels(counter: Counter, ...names: readonly [string, string?]): ByLabels<Countable> {
  const cells: { readonly child: Counter.Internal; pending: number; inc(): void }[] = [];
  collectWith(counter, () => {
    for (const cell of cells) {
      if (cell.pending > 0) cell.child.inc(cell.pending);
      cell.pending = 0;
    }
  });
  return childOf((labels) => {
    const cell = { child: counter.labels(labels), pending: 0, inc: () => void cell.pending++ };
    cells.push(cell);
    return cell;
  }, names);
}

export function histogramByLabels(histogram: Histogram, ...names: readonly [string, string?]): ByLabels<Observable> {
  const flushes: (() => void)[] = [];
  collectWith(histogram, () => {
    for (const flush of flushes) flush();
  });
  return childOf((labels) => {
    const child = histogram.labels(labels);
    // one table for good: one that grows and is let go of gets old meanwhile, again and again
    const gathered = new Float64Array(MOST_GATHERED);
    let count = 0;
    const flush = (): void => {
      for (const value of gathered.subarray(0, count)) child.observe(value);
      count = 0;
    };
    flushes.push(flush);
    return {
      observe(value) {
        gathered[count++] = value;
        if (count === MOST_GATHERED) flush();
      },
    };
  }, names);
}

/** prom-client calls this before it reads the metric. */
function collectWith(metric: Counter | Histogram, collect: () => void): void {
  (metric as unknown as { collect: () => void }).collect = collect;
}

function childOf<T>(
  find: (labels: Record<string, string>) => T,
  [firstName, secondName]: readonly [string, string?],
): ByLabels<T> {
  const child = oncePerPair((first, second) =>
    find({ [firstName]: first, ...(secondName === undefined ? {} : { [secondName]: second }) }),
  );
  return (first, second = '') => child(first, second);
}

/** Counters that are there before they first count: Prometheus sees no increase from nothing to 1, so a rule would miss the first. */
import type { Metrics } from './metrics.ts';

export interface Counted {
  readonly sources: Iterable<string>;
  /** As they are written in labels. */
  readonly targets: Iterable<string>;
}

/** Those that rules watch begin at 0; what has counted already is left alone. To be called whenever there are others. */
export function beginCounts({ received, rejected, settled, reloads }: Metrics, { sources, targets }: Counted): void {
  for (const source of sources) {
    received.inc({ source }, 0);
    rejected.inc({ source, code: 'STORE_UNAVAILABLE' }, 0);
  }
  for (const target of targets) settled.inc({ target, outcome: 'dead' }, 0);
  for (const result of ['loaded', 'rejected']) reloads.inc({ result }, 0);
}

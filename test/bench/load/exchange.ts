/** Between the benchmark and its processes: what load is asked for, what came of it, and one clock for all of them. */

export interface Load {
  /** The connections go to these in turns. */
  readonly ports: readonly number[];
  readonly path: string;
  /** Connections, each with one request under way. */
  readonly connections: number;
  /** The number of the first event; each further one counts up. */
  readonly from: number;
  /** Ends after so many events, or after so long: exactly one of the two is there. */
  readonly events?: number;
  readonly durationMs?: number;
  /** Requests a second, sent when they are due whatever becomes of the others; left out: each as soon as the one before is answered. */
  readonly ratePerS?: number;
  /** Events go to so many rooms in turns; 1000 by default. */
  readonly rooms?: number;
}

export interface Loaded {
  readonly sent: number;
  /** Answered 2xx. */
  readonly accepted: number;
  /** On the clock of `nowMs`. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** From the moment at which a request was due to the end of its answer, milliseconds. */
  readonly latency: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export type ToGenerator =
  | ({ readonly do: 'load' } & Load)
  | { readonly do: 'knock'; readonly port: number; readonly path: string };
/** The answer to a knock is the moment of the first 2xx. */
export type FromGenerator = Loaded | { readonly answeredAt: number } | { readonly failed: string };

/** So many requests whose path begins with `under` and does not end in `except`. */
export interface Wanted {
  readonly received: number;
  readonly except?: string;
  readonly under?: string;
}

/**
 * `await` is answered once what is wanted has come, or after `withinMs` without; everything else at once. `hang` leaves requests for a path
 * without an answer, until `release` answers those that wait for one and all that come.
 */
export type ToSink =
  | { readonly do: 'forget' }
  | { readonly do: 'hang'; readonly path: string }
  | { readonly do: 'release' }
  | ({ readonly do: 'await'; readonly withinMs: number } & Wanted);
export type FromSink =
  | { readonly port: number }
  | { readonly forgotten: true }
  | { readonly hangs: string }
  /** So many were waiting. */
  | { readonly released: number }
  | Received
  | { readonly failed: string };

export interface Received {
  /** When the first one came, and the last of the awaited ones. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** From the moment at which the sender was due to send, milliseconds. */
  readonly latency: Quantiles;
}

/** Milliseconds on a clock that every process of this machine shares. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Collects times and says below what the given parts of them are. */
export function createTimes() {
  let times = new Float64Array(1 << 16);
  let count = 0;
  return {
    add(ms: number): void {
      if (count === times.length) {
        const longer = new Float64Array(2 * count);
        longer.set(times);
        times = longer;
      }
      times[count++] = ms;
    },
    clear(): void {
      count = 0;
    },
    quantiles(): Quantiles {
      const sorted = times.slice(0, count).sort();
      const at = (part: number): number => sorted[Math.min(count - 1, Math.floor(part * count))] ?? Number.NaN;
      return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
    },
  };
}

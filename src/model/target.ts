/** A target: where deliveries go, how fast, and how patiently. */
import type { FormatOptions } from './format.ts';
import type { Rate } from './source.ts';

/** The built-in group that a rule or an alarm names to mean every subscriber, each of whom is a target of its own. */
export const SUBSCRIBERS = 'subscribers';

export interface Target {
  readonly name: string;
  readonly format: string;
  /** Absolute http or https; its query is kept; credentials in it become an Authorization header. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole answer, body included. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly concurrency: number;
  readonly rate: Rate | null;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  /** A path in the scope (`data.room_id`): deliveries with the same value there go out in order, those without one in none; null keeps none. */
  readonly orderBy: readonly string[] | null;
  /** Standard Webhooks secrets (`whsec_…`): the first signs, all of them do during rotation; empty: unsigned. */
  readonly sign: readonly string[];
  readonly options: FormatOptions;
  readonly enabled: boolean;
  /** `configured`: may be on a private network. `subscriber`: only where `allowPrivate` has its address. */
  readonly trust: 'configured' | 'subscriber';
  /** CIDRs. */
  readonly allowPrivate: readonly string[];
}

export interface RetryPolicy {
  /** Tries within one lease, seconds apart: 1 is a single try. */
  readonly quick: number;
  /** Milliseconds before each further round; after the last one the delivery is dead. */
  readonly schedule: readonly number[];
  /** Statuses that are tried again though they would be dead by default. */
  readonly retryOn: readonly number[];
  /** Statuses that are dead at once though they would be tried again by default. A 410 among them does not stop the target. */
  readonly deadOn: readonly number[];
}

export interface BreakerPolicy {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** The first pause before a probe; it doubles up to `longestMs`. */
  readonly pauseMs: number;
  readonly longestMs: number;
}

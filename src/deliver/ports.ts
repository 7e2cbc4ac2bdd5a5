/** What the delivery stage needs of the rest of the house; the relay hands it in. */
import type { Clock } from '../kit/clock.ts';
import type { SharedState } from '../kit/shared-state.ts';
import type { LeasedDelivery, Settlement } from '../model/delivery.ts';
import type { EventScope, WrittenRequest } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import type { Lookup } from './dns.ts';

export interface DispatcherPorts {
  readonly queue: QueuePort;
  readonly shared: SharedState;
  /** Today's targets by name; asked anew whenever one is needed. */
  targets(): ReadonlyMap<string, Target>;
  /** Translates; called once for a delivery that has no stored requests. `scope` is there where the event was just accepted. */
  prepare(leased: LeasedDelivery, scope: EventScope | undefined): Prepared;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  random(): number;
  readonly report: DeliverReport;
  /** Which span of which trace an attempt is, and what its request says of that; left out where nothing is traced. */
  readonly traced?: (attempt: TracedAttempt) => {
    readonly traceparent: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** For the `user-agent` header. */
  readonly version: string;
  /** Relays that an event may pass; 3 by default. */
  readonly maxHops?: number;
  /** How many relays work on this store: rate and concurrency are divided by it. */
  fleetSize?(): number;
  /** Milliseconds that the clock that those relays share is ahead of `clock`; 0 by default. */
  fleetOffsetMs?(): number;
  /** Where several relays share the store; without it every lease is taken to be this relay's until it ends. */
  readonly leases?: {
    /** False while others may have taken over what this relay has leased: nothing is begun then. */
    areHeld(): boolean;
    /** Calls back when all leases until now have been taken over. Returns how to stop. */
    onLost(listener: () => void): () => void;
  };
  /** Name resolution; the system's by default. */
  readonly lookup?: Lookup;
  /** Milliseconds between looks into the queue; 1,000 by default. */
  readonly pollMs?: number;
  /** Milliseconds before the first quick try; each further one doubles it. 1,000 by default. */
  readonly quickWaitMs?: number;
}

export interface TracedAttempt {
  readonly event: string;
  /** Those that the event came with. */
  readonly headers: Readonly<Record<string, string>>;
  readonly delivery: string;
  readonly attempt: number;
}

export type Prepared =
  | { readonly kind: 'requests'; readonly requests: readonly WrittenRequest[] }
  /** The mapping says that nothing is sent. */
  | { readonly kind: 'dropped'; readonly reason: Reason }
  | { readonly kind: 'dead'; readonly reason: Reason };

/** The part of the store's queue that delivery uses, with the same promises. */
export interface QueuePort {
  claim(wanted: {
    readonly target: string;
    readonly limit: number;
    readonly now: number;
    readonly leaseUntil: number;
    readonly ordered: boolean;
    readonly concurrency: number;
  }): Promise<readonly LeasedDelivery[]>;
  settle(settlements: readonly Settlement[]): Promise<readonly ('settled' | 'lost')[]>;
  due(): Promise<ReadonlyMap<string, number>>;
  hasten(request: {
    readonly target: string;
    readonly now: number;
    readonly limit: number;
  }): Promise<{ readonly hastened: number; readonly more: boolean }>;
  onHint(listener: (target: string) => void): () => void;
}

/** What happens, to be logged and counted. None of it may throw. */
export interface DeliverReport {
  deliveryAttempted(facts: AttemptFacts): void;
  deliverySettled(facts: SettledFacts): void;
  leaseLost(facts: { readonly delivery: string; readonly target: string }): void;
  breakerOpened(facts: { readonly target: string; readonly until: number; readonly reason: string }): void;
  breakerClosed(facts: { readonly target: string }): void;
  /** `until` is null where only an operator ends it. */
  targetPaused(facts: { readonly target: string; readonly until: number | null; readonly reason: string }): void;
  targetResumed(facts: { readonly target: string }): void;
  /** The store could not be reached; said once until it answers again. */
  queueFailed(error: string): void;
  /** A fault of our own, which did not stop the relay. */
  defect(where: string, error: unknown): void;
}

export interface AttemptFacts {
  readonly delivery: string;
  readonly rule: string;
  readonly target: string;
  readonly attempt: number;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly outcome: string;
  readonly code: string;
  readonly message: string;
  readonly durationMs: number;
  /** The attempt's span, where attempts are traced. */
  readonly traceparent?: string;
}

export interface SettledFacts {
  readonly delivery: string;
  readonly rule: string;
  readonly target: string;
  readonly outcome: string;
  readonly code: string;
  readonly message: string;
  /** Since the event was received. */
  readonly ageMs: number;
}

/** A delivery: one event on its way to one target because of one rule, with every attempt that was made. */
import type { EventEnvelope, RawRequest, WrittenRequest } from './event.ts';
import type { Outcome, Reason } from './outcome.ts';

/**
 * `waiting`: to be sent, or sent again, at `dueAt`. `delivered`: the target answered 2xx to every request. `dropped`: the
 * mapping said that nothing is sent. `dead`: a dead letter. `expired`: retention or its schedule took it before it was finished.
 */
export type DeliveryState = 'waiting' | 'delivered' | 'dropped' | 'dead' | 'expired';

/** `accepted`: has deliveries. `unmatched`: no rule matched. `ignored`: of a type that its format does not know. */
export type EventState = 'accepted' | 'unmatched' | 'ignored';

/** What a rule makes of an event at the door. */
export interface NewDelivery {
  /** `dlv_…_N`, N from 1 in the order of the rules and their targets. */
  readonly id: string;
  readonly rule: string;
  readonly target: string;
  /** The mapping's name, or null where the body is forwarded byte for byte. */
  readonly mapping: string | null;
  /** The value of the target's `order_by`, as text; null where the target keeps no order, or the event has no value there. */
  readonly orderKey: string | null;
  /** Set where the rule's filter failed: the delivery is a dead letter from the start. */
  readonly dead: Reason | null;
}

export interface AcceptedEvent extends EventEnvelope {
  readonly state: EventState;
  readonly request: RawRequest;
}

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly rule: string;
  readonly target: string;
  readonly mapping: string | null;
  readonly orderKey: string | null;
  readonly state: DeliveryState;
  /**
   * The number of its last attempt, over all its requests. A lease that ended without a word counts as one more: an attempt may have been made
   * under it, and the next one has to have a higher number.
   */
  readonly attempts: number;
  /** How many tries its current request has had on the long schedule: the index into `retry.schedule`. */
  readonly round: number;
  /** How many of its requests (a mapping may emit several) have been delivered. */
  readonly progress: number;
  /** What it was translated to at the first try; null before that. A retry sends these bytes. */
  readonly requests: readonly WrittenRequest[] | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly dueAt: number;
  readonly finishedAt: number | null;
  /** The last failure, or why it was dropped. */
  readonly reason: Reason | null;
  /** How often it was replayed. */
  readonly replays: number;
}

/** A lease: the right to send a delivery until `until`. A later claim gives a higher `token`, and an older token is refused. */
export interface Lease {
  readonly token: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A delivery to be sent now, with its event. */
export interface LeasedDelivery {
  readonly delivery: Delivery;
  readonly event: AcceptedEvent;
  readonly lease: Lease;
}

/** One HTTP request made for a delivery. */
export interface Attempt {
  /** From 1, over all of the delivery's requests and replays: the `dragoman-attempt` header. */
  readonly number: number;
  /** Which of the delivery's requests, from 0. */
  readonly request: number;
  /** The full URL that was dialled, without credentials; headers as sent, secrets masked. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** The answer, or null where there was none. */
  readonly response: AttemptResponse | null;
  /** Why there was no usable answer: `TIMEOUT`, `CONNECTION_REFUSED`; null where there was one. */
  readonly error: Reason | null;
  /** What was sent, where the delivery has been translated anew since; absent where it is the delivery's `requests[request]`. */
  readonly sent?: WrittenRequest;
}

export interface AttemptResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The first 16 KiB of the answer. */
  readonly body: Uint8Array;
  readonly truncated: boolean;
}

/** What is written of a delivery in a worker's hands. */
export interface Settlement {
  readonly deliveryId: string;
  readonly lease: Lease;
  readonly result:
    | Outcome
    | { readonly kind: 'dropped'; readonly reason: Reason }
    | { readonly kind: 'released' }
    /** The lease goes on: what was tried is written before it is tried again, so that no two tries can have one number. */
    | { readonly kind: 'continued' };
  /** Tries that were made under this lease and are not yet written. */
  readonly attempts: readonly Attempt[];
  readonly progress: number;
  readonly round: number;
  /** What it was translated to, if this lease was the first to translate it; null leaves what is stored. */
  readonly requests: readonly WrittenRequest[] | null;
}

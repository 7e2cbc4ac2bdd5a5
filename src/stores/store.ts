/**
 * The port of the stores: what the stages need of whatever keeps events. Both stores pass `test/stores/conformance.ts`.
 * Every promise of this file rejects with a `StoreUnavailable` where the store cannot be reached or cannot write.
 */
import type { SharedState } from '../kit/shared-state.ts';
import type {
  AcceptedEvent,
  Attempt,
  Delivery,
  DeliveryState,
  EventState,
  LeasedDelivery,
  NewDelivery,
  Settlement,
} from '../model/delivery.ts';
import type { Reason } from '../model/outcome.ts';

/** The store cannot answer now (disk full, read-only, connection lost): the door says 503 and the sender tries again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The store must not be opened at all: in use by another process, newer than this program, corrupt, configured unsafely. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
  readonly code: string;
  readonly try: string | undefined;
  constructor(code: string, message: string, advice?: string) {
    super(message);
    this.code = code;
    this.try = advice;
  }
}

export interface Store extends AsyncDisposable {
  readonly inbox: Inbox;
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly shared: SharedState;
  readonly fleet: Fleet;
  /** Resolves when a write that takes the way of an event's has gone through to the disk; rejects where none can. May be called at any time. */
  check(): Promise<void>;
  /** Finishes what is under way, writes what waits to be written, and closes. May be called twice. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The relays that share this store. */
export interface Fleet {
  /** How many are alive, this one included. */
  size(): number;
  /**
   * False where this relay has not reached the store for so long (frozen, cut off) that others may have taken over what it has leased: it begins no
   * attempt then. True again once the store has answered; `onLost` has been called before that where something was taken over.
   */
  holdsLeases(): boolean;
  /** Calls back when all leases given to this relay until now have been taken over. Returns how to stop. */
  onLost(listener: () => void): () => void;
  /** Milliseconds that the clock that all relays share is ahead of this one's; 0 where a relay is alone. */
  offsetMs(): number;
}

export interface Inbox {
  /**
   * Saves an event and its deliveries in one transaction, and resolves after the fsync of its commit. Calls that arrive while
   * a commit is under way share the next one. A second event of the same source with the same key is not saved.
   * Deliveries in `hold` are leased to the caller from the insert on, until `holdUntil`; the others are due at once. One that is dead
   * from the start, or whose order key has an unfinished delivery before it, is not held: it is not among `held`.
   */
  save(arrival: Arrival): Promise<Saved>;
}

export interface Arrival {
  readonly event: AcceptedEvent;
  readonly deliveries: readonly NewDelivery[];
  /** Of each delivery, in their order: whether the caller will send it itself. One that is left out is for all. */
  readonly hold: readonly boolean[];
  /** Epoch milliseconds. */
  readonly holdUntil: number;
}

export type Saved =
  | { readonly kind: 'saved'; readonly held: readonly LeasedDelivery[] }
  /** `id` is the first event's. */
  | { readonly kind: 'duplicate'; readonly id: string };

export interface Queue {
  /**
   * Leases up to `limit` deliveries of a target that are due at `now`, oldest due first. Of deliveries with an order key only the first
   * unfinished one of each key is given out. A delivery whose lease has run out counts as due, and its `attempts` as one more.
   */
  claim(wanted: ClaimRequest): Promise<readonly LeasedDelivery[]>;
  /**
   * Writes what came of leased deliveries; shares a commit with other writes. `lost` where the lease was taken over by someone else:
   * nothing is written then. The answers stand in the order of the settlements. It outlives a crash of the relay, but may wait
   * for its fsync until an event is saved: where the machine itself dies before, the lease ends as if nothing had been said.
   */
  settle(settlements: readonly Settlement[]): Promise<readonly ('settled' | 'lost')[]>;
  /** When each target next has something due (a past time: now), for those that have anything waiting. No counting. */
  due(): Promise<ReadonlyMap<string, number>>;
  /**
   * Makes up to `limit` waiting deliveries of a target that nobody has leased, and that are due after `now`, due at `now`; the soonest first. `more`
   * where there may be others.
   */
  hasten(request: HastenRequest): Promise<{ readonly hastened: number; readonly more: boolean }>;
  /** Calls back when another relay, a replay or a command may have made deliveries due. A hint: it may be missed. Returns how to stop. */
  onHint(listener: (target: string) => void): () => void;
}

export interface ClaimRequest {
  readonly target: string;
  readonly limit: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly leaseUntil: number;
  /** True where the target keeps an order by key. */
  readonly ordered: boolean;
  /** The most leases that all relays together may hold on this target. */
  readonly concurrency: number;
}

export interface HastenRequest {
  readonly target: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly limit: number;
}

/**
 * What admin and commands read, and replay. Pages run from new to old; `before` is the cursor that the last page gave. A page may be
 * shorter than its limit, even empty, and yet have a `next`: a search stops after a while and goes on from there when it is asked to.
 */
export interface Ledger {
  events(query: EventQuery): Promise<Page<EventSummary>>;
  event(id: string): Promise<AcceptedEvent | undefined>;
  deliveries(query: DeliveryQuery): Promise<Page<Delivery>>;
  deliveriesOf(eventId: string): Promise<readonly Delivery[]>;
  delivery(id: string): Promise<Delivery | undefined>;
  attempts(deliveryId: string): Promise<readonly Attempt[]>;
  /** Of waiting deliveries with an order key: the id of the first waiting one of their target and key, but for those that are it themselves. */
  ahead(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Makes deliveries due at `now`, in one transaction; unknown ids are left out. `retranslate` also forgets what they were translated to, but for what
   * its attempts have sent, which stays with them. A finished one is sent again: a dead letter goes on with the request that it died at; any other, and
   * a retranslated one, starts anew. One that waits is sent before its time, and keeps its place in its order; where somebody has leased it, it is left alone.
   */
  replay(request: ReplayRequest): Promise<Replayed>;
  /** Every accepted event accounted for, from counters that are kept in the same transactions as what they count. */
  balance(): Promise<Balance>;
  /** The same, counted from the rows: slow, and must agree. */
  recount(): Promise<Balance>;
  /** Waiting deliveries of each target and the time the oldest was created. */
  backlog(): Promise<ReadonlyMap<string, { readonly waiting: number; readonly oldestAt: number }>>;
  /**
   * How many dead letters each target has, and the id of the newest delivery that has failed and not arrived since, dead or waiting; without targets
   * that have none. It looks at each of them: for whoever asks once.
   */
  failing(): Promise<ReadonlyMap<string, { readonly dead: number; readonly newest: string }>>;
  /** Deletes finished events received before `before` and, oldest first, finished ones past `maxBytes`; at most `limit` events a call. */
  prune(request: {
    readonly before: number;
    readonly maxBytes: number;
    readonly limit: number;
  }): Promise<{ readonly events: number; readonly more: boolean }>;
  /**
   * Ends deliveries as `expired` that wait for `target`, are leased to nobody and were created before `before`. Nothing else makes a delivery
   * expire: retention waits for what is not finished, so what waits for a target that is no longer configured is ended with this first.
   */
  expire(request: {
    readonly target: string;
    readonly before: number;
    readonly now: number;
    readonly reason: Reason;
    readonly limit: number;
  }): Promise<{ readonly expired: number; readonly more: boolean }>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

export interface EventQuery {
  readonly source?: string;
  readonly type?: string;
  readonly state?: EventState | DeliveryState;
  /** Found in the id, the key or the body. */
  readonly text?: string;
  /** Epoch milliseconds, `since` inclusive, `until` exclusive. */
  readonly since?: number;
  readonly until?: number;
  readonly before?: string;
  readonly limit: number;
}

export interface EventSummary {
  readonly id: string;
  readonly key: string;
  readonly source: string;
  readonly format: string;
  readonly type: string;
  readonly time: string;
  readonly receivedAt: number;
  readonly state: EventState;
  readonly deliveries: Readonly<Partial<Record<DeliveryState, number>>>;
}

export interface DeliveryQuery {
  readonly state?: DeliveryState;
  readonly target?: string;
  readonly rule?: string;
  readonly since?: number;
  readonly until?: number;
  readonly before?: string;
  readonly limit: number;
}

export interface ReplayRequest {
  readonly ids: readonly string[];
  /** Translate anew instead of sending the same bytes. */
  readonly retranslate: boolean;
  readonly now: number;
}

export interface Replayed {
  /** Finished before. */
  readonly replayed: number;
  /** Waiting before, and due now. */
  readonly hastened: number;
}

/** `accepted` = `unmatched` + `ignored` + events with deliveries; `deliveries` = the sum of its states. */
export interface Balance {
  readonly accepted: number;
  readonly unmatched: number;
  readonly ignored: number;
  /** Accepted events by what became of them; an event counts once, under the first of waiting, dead, expired, delivered, dropped that one of its deliveries is in. */
  readonly events: Readonly<Record<DeliveryState, number>>;
  readonly deliveries: Readonly<Record<DeliveryState, number>>;
  /** Events that retention has deleted; they stay in `accepted` and in the states they ended in. */
  readonly pruned: number;
}

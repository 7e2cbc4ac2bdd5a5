/** What the admin API needs of the rest of the house; the relay hands it in. */
import type { Clock } from '../kit/clock.ts';
import type { AcceptedEvent, Attempt, Delivery, DeliveryState, EventState } from '../model/delivery.ts';
import type { Format } from '../model/format.ts';
import type { Json } from '../model/json.ts';
import type * as api from './api-schema.ts';
import type { Inspector } from './inspector.ts';
import type { Mask } from './mask.ts';
import type { Rejections } from './rejections.ts';
import type { Refused } from './reply.ts';
import type { Tail } from './tail.ts';
import type { Traffic } from './traffic.ts';

export interface ApiPorts {
  readonly clock: Clock;
  readonly mask: Mask;
  readonly ledger: LedgerPort;
  readonly inspector: Inspector;
  readonly traffic: Traffic;
  readonly tail: Tail;
  readonly rejections: Rejections;
  readonly formats: ReadonlyMap<string, Format>;
  relay(): Promise<api.Overview['relay']>;
  /** Sources and rules of the configuration of now, those that are switched off included. */
  picture(): Picture;
  targets(): readonly TargetFacts[];
  /** By an operator, for every relay on the store. The target is there. */
  pause(target: string): Promise<void>;
  resume(target: string): Promise<void>;
  ping(target: string): Promise<api.PingResult>;
  /** Alarms that are on. */
  alarms(): api.Overview['alarms'];
  /** What does not add up in the ledger's sums. */
  imbalances(balance: Balance): readonly string[];
  /** The normalised payload; null where it is not read any more. */
  dataOf(event: AcceptedEvent): Json;
  explain(event: AcceptedEvent): api.Explanation;
  /** What holds those that wait, by id; without those that wait for their time only. */
  held(deliveries: readonly Delivery[]): Promise<ReadonlyMap<string, api.Held>>;
  deliveriesById(
    ids: readonly string[],
  ): Promise<{ readonly deliveries: readonly Delivery[]; readonly unknown: readonly string[] }>;
  preview(about: {
    readonly delivery: Delivery;
    readonly event: AcceptedEvent;
    readonly retranslate: boolean;
  }): Preview;
  /** Deliveries have become due. */
  wake(): void;
  readonly playground: PlaygroundPorts;
}

export type Preview = Pick<api.ReplayPreview, 'before' | 'after' | 'nothing' | 'differences'>;

/** Mappings, and what they make of events; nothing is sent. */
export interface PlaygroundPorts {
  mappings(): readonly api.Mapping[];
  /** Undefined where there is no such mapping. */
  mapping(name: string): api.MappingDetail | undefined;
  check(request: api.CheckRequest): api.CheckAnswer;
  translate(request: api.TranslateRequest): Promise<api.TranslateAnswer | Refused>;
  saveTest(mapping: string, request: api.SaveTestRequest): Promise<api.SaveTestAnswer | Refused>;
}

export interface Picture {
  readonly sources: readonly Pick<api.Flow['sources'][number], 'name' | 'format' | 'path' | 'enabled'>[];
  readonly rules: readonly Pick<api.Flow['rules'][number], 'name' | 'enabled' | 'sources' | 'targets'>[];
}

export type TargetFacts = Omit<api.Target, 'waiting' | 'oldest_waiting_at' | 'last_hour'>;

/** The part of the store's ledger that is read here, with the same promises. */
export interface LedgerPort {
  events(query: EventQuery): Promise<Page<EventRow>>;
  event(id: string): Promise<AcceptedEvent | undefined>;
  deliveries(query: DeliveryQuery): Promise<Page<Delivery>>;
  deliveriesOf(eventId: string): Promise<readonly Delivery[]>;
  delivery(id: string): Promise<Delivery | undefined>;
  attempts(deliveryId: string): Promise<readonly Attempt[]>;
  replay(request: {
    readonly ids: readonly string[];
    readonly retranslate: boolean;
    readonly now: number;
  }): Promise<{ readonly replayed: number; readonly hastened: number }>;
  balance(): Promise<Balance>;
  backlog(): Promise<Backlog>;
}

/** By the names of targets, those that are gone among them; only where something waits. Times in epoch milliseconds. */
export type Backlog = ReadonlyMap<string, { readonly waiting: number; readonly oldestAt: number }>;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

export interface EventQuery {
  readonly source?: string;
  readonly type?: string;
  readonly state?: EventState | DeliveryState;
  readonly text?: string;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly before?: string;
  readonly limit: number;
}

export interface DeliveryQuery {
  readonly state?: DeliveryState;
  readonly target?: string;
  readonly rule?: string;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly before?: string;
  readonly limit: number;
}

export type EventRow = Omit<AcceptedEvent, 'request'> & {
  readonly deliveries: Readonly<Partial<Record<DeliveryState, number>>>;
};

export interface Balance {
  readonly accepted: number;
  readonly unmatched: number;
  readonly ignored: number;
  readonly events: Readonly<Record<DeliveryState, number>>;
  readonly deliveries: Readonly<Record<DeliveryState, number>>;
  readonly pruned: number;
}

/** What alarms need of the rest of the house; the relay hands it in. */
import { hash } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import type { SharedState } from '../kit/shared-state.ts';
import type { JsonObject } from '../model/json.ts';

export type Alarm = {
  readonly name: string;
  /** Said again after so long while it lasts; null: said once. */
  readonly repeatMs: number | null;
} & Condition;

export type Condition =
  | { readonly kind: 'silent'; readonly sources: readonly string[]; readonly forMs: number | 'usual' }
  | {
      readonly kind: 'unfinished';
      readonly source: string;
      readonly started: string;
      readonly ended: string;
      /** A path in the scope. */
      readonly same: readonly string[];
      readonly withinMs: number;
    }
  | { readonly kind: 'dead-letters'; readonly above: number; readonly targets: readonly string[] | null }
  | { readonly kind: 'breaker-open'; readonly targets: readonly string[] | null; readonly forMs: number };

/** Tells conditions apart that an alarm of one name has had, briefly. */
export function markOf(condition: object): string {
  return hash('sha256', JSON.stringify(condition)).slice(0, 8);
}

export interface AlarmPorts {
  readonly clock: Clock;
  /** Those of the configuration of now that are switched on. */
  alarms(): readonly Alarm[];
  /** Dead letters of a target, of all subscribers, or of all targets where it is null, by target; counted up to `most` in all and no further. */
  deadLetters(target: string | null, most: number): Promise<ReadonlyMap<string, number>>;
  /** Epoch milliseconds of the newest event of a source in the store; undefined where there is none. */
  lastHeard(source: string): Promise<number | undefined>;
  /** Targets that nothing is sent to because of what they answered. */
  failingTargets(): readonly FailingTarget[];
  /**
   * Takes an event of the relay's own into the inbox, as if it had come through the door: routed, saved, deduplicated by `id` and
   * `type`. False where it could not be saved.
   */
  receive(event: JsonObject): Promise<boolean>;
  /** The store's shared state, with its promises. */
  readonly shared: SharedPort;
  /** False while other relays share it. */
  isAlone(): boolean;
  failed(where: string, error: unknown): void;
}

export type SharedPort = Pick<SharedState, 'list' | 'put'>;

export interface FailingTarget {
  readonly name: string;
  /** `breaker`: theirs is not closed. `stopped`: it has answered that it is gone. */
  readonly why: 'breaker' | 'stopped';
  /** One of the group that `SUBSCRIBERS` names. */
  readonly isSubscriber: boolean;
}

/** An alarm that is on. */
export interface AlarmOn {
  readonly name: string;
  /** A source, a target, the value at `same`, or `all targets`. */
  readonly about: string;
  /** Epoch milliseconds: when the thing began that it is about. */
  readonly since: number;
  readonly message: string;
}

/** The configuration as the rest of the relay sees it: checked, complete, frozen, with every default filled in. */

import type { Position } from '../kit/problem.ts';
import type { YamlNode } from '../kit/yaml.ts';
import type { JsonObject } from '../model/json.ts';
import type { Source } from '../model/source.ts';
import type { Target } from '../model/target.ts';

export interface Config {
  /** The file it was read from, absolute. */
  readonly path: string;
  readonly server: ServerConfig;
  readonly admin: AdminConfig;
  readonly store: StoreConfig;
  /** The folder of mappings, absolute. */
  readonly mappingsDir: string;
  readonly retention: RetentionConfig;
  /** What mappings and rules read as `params.…`. */
  readonly params: JsonObject;
  /** In the order of the file. */
  readonly sources: readonly Source[];
  readonly targets: readonly Target[];
  readonly rules: readonly RuleConfig[];
  /** Null where the subscription API is not served. */
  readonly subscriptions: SubscriptionsConfig | null;
  /** Where the relay is to register itself: one for each source that has `register:`. */
  readonly registrations: readonly RegistrationConfig[];
  readonly alarms: readonly AlarmConfig[];
  readonly log: { readonly level: LogLevel; readonly format: 'auto' | 'json' | 'pretty' };
  readonly inspector: { readonly enabled: boolean; readonly keep: number };
  readonly places: Places;
}

/** Where stands what only formats and mappings can judge. */
export interface Places {
  /** The values under `params`, by their names. */
  readonly params: ReadonlyMap<string, Position>;
  /** `order_by`, by the names of the targets. */
  readonly orderBy: ReadonlyMap<string, Position>;
  /** `same`, by the names of the alarms. */
  readonly same: ReadonlyMap<string, Position>;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface ServerConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** False: the peer's own address counts. A number: so many proxies stand in front. CIDRs: those proxies are believed. */
  readonly trustProxy: false | number | readonly string[];
  /** Bytes of all request headers together. */
  readonly maxHeaderBytes: number;
  /** How long a stop waits for what is under way. */
  readonly graceMs: number;
  /** Relays that an event may pass before it is taken for a loop. */
  readonly maxHops: number;
}

export interface AdminConfig {
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
  /** Host names that are answered beside the address itself and `localhost`; lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** True where only this machine can reach it. */
  readonly isLoopback: boolean;
}

export type StoreConfig =
  | { readonly kind: 'sqlite' /** Absolute. */; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string /** Connections. */; readonly pool: number };

export interface RetentionConfig {
  /** Finished events older than this are removed; null keeps them. */
  readonly ms: number | null;
  /** The store is kept below this size; null lets it grow. */
  readonly bytes: number | null;
}

export interface RuleConfig {
  readonly name: string;
  readonly at: Position;
  /** Null: every configured source. The built-in `dragoman` only where it is named. */
  readonly from: readonly string[] | null;
  /** Null: every event type. */
  readonly on: readonly string[] | null;
  /** json-logic with its text leaves filled in, each node in its place; null: always. */
  readonly when: YamlNode | null;
  /** A mapping's name and where it is written; null: the one for the pair of formats. */
  readonly translate: { readonly name: string; readonly at: Position } | null;
  /** Names of targets, or `subscribers`. */
  readonly to: readonly string[];
  readonly enabled: boolean;
}

export interface SubscriptionsConfig {
  readonly tokenId: string;
  readonly tokenSecret: string;
  readonly format: string;
  /** CIDRs that subscribers may live in although they are private. */
  readonly allowPrivate: readonly string[];
  /** Subscribers at most. */
  readonly limit: number;
  /** Characters of a subscriber's URL at most. */
  readonly longestUrl: number;
  /** A subscriber that fails for so long is switched off. */
  readonly switchOffAfterMs: number;
}

export interface RegistrationConfig {
  readonly source: string;
  readonly at: Position;
  /** The API server's base URL, without a trailing slash. */
  readonly api: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  /** Where the API server is to post: this source as seen from there. */
  readonly uri: string;
  readonly events: 'all' | readonly string[];
}

export type AlarmConfig = {
  readonly name: string;
  readonly at: Position;
  readonly enabled: boolean;
  /** Said again after so long while it lasts; null: said once. */
  readonly repeatMs: number | null;
} & AlarmCondition;

export type AlarmCondition =
  /** No event for so long; `usual` learns from the source's own past. */
  | { readonly kind: 'silent'; readonly sources: readonly string[]; readonly forMs: number | 'usual' }
  /** `started` without an `ended` that has the same value at `same`, a path in the scope. */
  | {
      readonly kind: 'unfinished';
      readonly source: string;
      readonly started: string;
      readonly ended: string;
      readonly same: readonly string[];
      readonly withinMs: number;
    }
  | { readonly kind: 'dead-letters'; readonly above: number; readonly targets: readonly string[] | null }
  | { readonly kind: 'breaker-open'; readonly targets: readonly string[] | null; readonly forMs: number };

/** An event on its way: as it came through the door, as it was recognised, and as rules and mappings see it. */
import type { Json, JsonObject } from './json.ts';

/**
 * What came through the door, byte for byte, without credentials: the door has taken a `secret` out of the query and the
 * authorization out of the headers before anything behind it sees the request.
 */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** The query without `?`, as received: `action=create&chid=a%20b`; empty where there is none. */
  readonly search: string;
  /** Lower-case names; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body after content decoding (gzip, deflate, br); empty where there is none. */
  readonly body: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** A wrong field of a payload. `path` as a user would write it: `payload.room_info.room_id`, `recordUrl[2]`. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** What a format makes of a request. */
export type Reading =
  | { readonly kind: 'event'; readonly event: RecognisedEvent }
  /** Well-formed, but of a type that the format does not know: answered 2xx, recorded and counted. */
  | { readonly kind: 'ignored'; readonly type: string }
  /** No JSON, no UTF-8, nested too deep: answered 400. */
  | { readonly kind: 'malformed'; readonly code: string; readonly message: string }
  /** Fields missing or wrong: answered 422 with every one of them. */
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] };

export interface RecognisedEvent {
  readonly type: string;
  /** The sender's id, or a key derived from the event's own values: two requests with one key are one event. */
  readonly key: string;
  /** When it happened, ISO 8601 UTC; the time of receipt where the sender does not say. */
  readonly time: string;
  /** The normalised payload: the same fields and units whatever version of the sender wrote it. */
  readonly data: JsonObject;
  /** The payload as received, parsed. */
  readonly raw: Json;
}

/** The envelope of an accepted event. */
export interface EventEnvelope {
  /** `evt_…`, given by the relay. */
  readonly id: string;
  readonly key: string;
  readonly source: string;
  readonly format: string;
  readonly type: string;
  readonly time: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What rules and mappings can see: `event.…`, `data.…`, `raw.…`, `request.…`, `params.…`. */
export interface EventScope {
  readonly event: {
    readonly id: string;
    readonly key: string;
    readonly type: string;
    readonly source: string;
    readonly format: string;
    readonly time: string;
    readonly received_at: string;
  };
  readonly data: JsonObject;
  readonly raw: Json;
  readonly request: {
    readonly method: string;
    readonly query: Readonly<Record<string, string>>;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly params: JsonObject;
}

/** An event that a mapping has emitted, for the target format's writer. */
export interface EmittedEvent {
  readonly type: string;
  /** The target format's normalised data. */
  readonly data: JsonObject;
  /** A UUID that is the same on every try and after a restart: the sender's own where it is one, else derived. */
  readonly id: string;
  /** When the source event happened, ISO 8601 UTC. */
  readonly time: string;
}

/** An HTTP request to be made of a target, relative to its configured URL. */
export interface WrittenRequest {
  /** The event type it stands for, to be shown. */
  readonly event: string;
  readonly method: string;
  /** Path segments after the configured URL, already encoded: `/rooms/1`. */
  readonly urlSuffix?: string;
  /** Added behind the query that the configured URL has. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes to send; null for none. */
  readonly body: Uint8Array | null;
}

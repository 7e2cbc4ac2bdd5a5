/** A webhook format describes itself: what it reads, what it writes, with schemas and samples as data. */
import type { EmittedEvent, FieldProblem, RawRequest, Reading, WrittenRequest } from './event.ts';
import type { Schema } from './schema.ts';

export interface Format {
  /** The key in YAML: `bsr`. */
  readonly name: string;
  /** For people: `BSR (BiliBili ShadowReplay)`. */
  readonly title: string;
  /** One paragraph for the catalogue. */
  readonly about: string;
  /** What a source of this format takes; another method is answered 405 with these in `Allow`. */
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'PATCH')[];
  /** Body types that a source takes; another content type is answered 415. */
  readonly bodies: readonly ('json' | 'form')[];
  /** What a sender gets for an accepted event: 202 with `{id, status}`, or 200 with an empty body. */
  readonly reply: 'accepted' | 'empty';
  /** The event types by name, in the order of the format's documentation. */
  readonly events: Readonly<Record<string, EventType>>;
  /** True where any event type may come in (`json`): paths are then not checked against a schema. */
  readonly open?: boolean;
  /** True where a mapping names no `emit` and writes the request freely (`json`); its one event type is then `request`. */
  readonly free?: boolean;
  /** What a source of this format may configure beside the common keys, under its own names; an object schema. */
  readonly sourceOptions?: Schema;
  /** The same for a target: `version` of `bsr`. */
  readonly targetOptions?: Schema;
  /** Recognises a request. Pure; never throws for any bytes. */
  read(request: RawRequest, options: FormatOptions): Reading;
  /** Why a field that a mapping writes out makes every event unwritable, whatever it holds; undefined where that is not known. Pure. */
  refuses?(field: WrittenPart): { readonly message: string; readonly try: string } | undefined;
  /** Makes the request for an event that satisfies `events[type].write`. Pure. */
  write(event: EmittedEvent, options: FormatOptions): WriteResult;
}

export type FormatOptions = Readonly<Record<string, unknown>>;

/** What is known of a field of `data` before there is an event. */
export interface WrittenPart {
  /** The event type. */
  readonly type: string;
  /** `['headers', 'x-room']`; empty for `data` itself. */
  readonly path: readonly string[];
  /** Where it is the same for every event; undefined where it is not. Of an object: its fields, as far as they are sure to be there. */
  readonly value: unknown;
  /** Of a text with values of the event in it: what is written before, between and behind them. */
  readonly texts?: readonly string[] | undefined;
}

export type WriteResult =
  | { readonly kind: 'written'; readonly request: WrittenRequest }
  | { readonly kind: 'unwritable'; readonly problems: readonly FieldProblem[] };

export interface EventType {
  /** One line: `a broadcast began`. */
  readonly about: string;
  /** The normalised data as `read` gives it. A field under `required` is there in every event. */
  readonly read: Schema;
  /** The normalised data that `write` takes: a field under `required` must be given, others may be left out. */
  readonly write: Schema;
  /** The payload on the wire, for `raw.…` paths: of every generation that is read. */
  readonly raw?: Schema;
  readonly samples: readonly Sample[];
}

/** A request as the sender's documentation prints it, or built from it. */
export interface Sample {
  /** `documented`, `v2.15`, `v2.16`: unique within the event type. The first is the one that is sent by default. */
  readonly name: string;
  readonly method: string;
  /** Without `?`. */
  readonly search?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 text. */
  readonly body?: string;
}

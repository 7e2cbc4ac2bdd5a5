/** What a try asks of its target's connections, and what it is told: the same for plain HTTP and for TLS. */

export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values that HTTP allows, without those of the connection itself (`host`, `content-length`). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** Told of one request: `begun`, then `head`, `data` as often as bytes come, and `end`; or `failed`, at any moment and as the last. */
export interface AnswerListener {
  begun(request: Abortable): void;
  /** Of the final answer; names in lower case, values of the same name joined by commas. */
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** The bytes are the listener's own. */
  data(chunk: Uint8Array): void;
  end(): void;
  failed(error: unknown): void;
}

export interface Abortable {
  /** Cuts the connection, where the answer has not ended. May be called twice, and from within the listener. */
  abort(): void;
}

/** The connections to one target, each for one request at a time. */
export interface Connections {
  /** Sends at once, or as soon as a connection is free. Throws where the request is none that HTTP allows. */
  dispatch(request: WireRequest, listener: AnswerListener): void;
  /** Nothing more is dispatched: closes each connection once what is under way there has ended. */
  retire(): void;
  /** Cuts all of them; what is under way fails with the error. */
  destroy(error: Error): Promise<void>;
}

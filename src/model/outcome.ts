/** What came of an attempt. Everything behind the attempt switches on this and on nothing else. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** To be tried again at `at`, epoch milliseconds. */
  | { readonly kind: 'retry'; readonly at: number; readonly reason: Reason }
  /** A dead letter: nothing more is tried until someone replays it. */
  | { readonly kind: 'dead'; readonly reason: Reason };

/** Why: a stable code (`HTTP_410`, `TIMEOUT`, `MAPPING_MISSING_VALUE`, `RETRIES_EXHAUSTED`) and a sentence for people. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

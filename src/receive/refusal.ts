/** What the door says when it does not take a request: each refusal with its status, its stable code and a sentence. */
import type { FieldProblem } from '../model/event.ts';

/** Every code of the door's own, with its status. A format's codes (`JSON_…`) come beside them, always with 400. */
export const REFUSALS = {
  HTTP_MALFORMED: 400,
  HOST_MISSING: 400,
  TARGET_MALFORMED: 400,
  BODY_EMPTY: 400,
  BODY_UNEXPECTED: 400,
  BODY_INCOMPLETE: 400,
  BODY_CORRUPT: 400,
  SECRET_MISSING: 401,
  SECRET_WRONG: 401,
  SIGNATURE_MISSING: 401,
  SIGNATURE_WRONG: 401,
  SIGNATURE_STALE: 401,
  ADDRESS_REFUSED: 403,
  SOURCE_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  BODY_TOO_LARGE: 413,
  CONTENT_TYPE_UNSUPPORTED: 415,
  CHARSET_UNSUPPORTED: 415,
  CONTENT_ENCODING_UNSUPPORTED: 415,
  EXPECTATION_UNSUPPORTED: 417,
  EVENT_INVALID: 422,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  SOURCE_BUSY: 503,
  STORE_UNAVAILABLE: 503,
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly FieldProblem[];
  /** The value of `Allow`. */
  readonly allow?: string;
  /** Seconds. */
  readonly retryAfterS?: number;
}

/** What a refusal may carry beside its code and sentence. */
export type RefusalDetails = Pick<Refusal, 'problems' | 'allow' | 'retryAfterS'>;

export function refusal(code: RefusalCode, message: string, details?: RefusalDetails): Refusal {
  return { kind: 'refusal', status: REFUSALS[code], code, message, ...details };
}

/** A payload with a million wrong fields is not answered with a million lines. */
const MOST_PROBLEMS = 100;

/** The JSON that a sender gets: `{"error":{"code","message","problems":[{path,message}]}}`. */
export function refusalBody(refused: Refusal): string {
  const problems = (refused.problems ?? []).slice(0, MOST_PROBLEMS);
  return JSON.stringify({ error: { code: refused.code, message: refused.message, problems } });
}

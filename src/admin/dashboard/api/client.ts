/** Calls of the admin API on the page's own origin; the browser adds the token that it has asked its user for. */
import type { ErrorAnswer } from '../../api-schema.ts';
import { parseExact } from '../show/exact-json.ts';

/** What the API, or the way to it, has refused. `status` 0: nothing answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The answer as JSON, or undefined where it has none. Throws `ApiError`, and an `AbortError` where it was called off. */
export async function call<T>(path: string, { method = 'GET', body, signal }: CallOptions = {}): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'UNREACHABLE', 'the relay does not answer');
  });
  const text = await response.text();
  const answer = text === '' ? undefined : parseAnswer(text, response);
  if (response.ok) return answer as T;
  const { error } = (answer ?? {}) as Partial<ErrorAnswer>;
  throw new ApiError(response.status, error?.code ?? `HTTP_${response.status}`, error?.message ?? response.statusText);
}

/** `/api/events?source=bsr` of parts; what is empty is left out. */
export function apiPath(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return `/api/${parts.map(encodeURIComponent).join('/')}${search}`;
}

/** Undefined for an error that is no JSON, as what stands between a browser and the relay may give. */
function parseAnswer(text: string, { ok, status }: Response): unknown {
  try {
    return parseExact(text);
  } catch {
    if (ok) throw new ApiError(status, 'ANSWER_NOT_JSON', 'the answer is no JSON');
    return undefined;
  }
}

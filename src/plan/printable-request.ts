/** A request that a mapping made, in the form that people and machines read: the body as JSON where it is JSON. */
import { decodeUtf8, parseJson } from '../kit/json.ts';
import type { WrittenRequest } from '../model/event.ts';
import { queryObject } from '../translate/testing/expected-request.ts';

export interface PrintableRequest {
  readonly event: string;
  readonly method: string;
  readonly url_suffix?: string;
  /** A name that is repeated has a list. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export function printableRequest(request: WrittenRequest): PrintableRequest {
  return {
    event: request.event,
    method: request.method,
    ...(request.urlSuffix ? { url_suffix: request.urlSuffix } : {}),
    ...(request.query?.length ? { query: queryObject(request.query) } : {}),
    headers: request.headers,
    body: request.body === null ? null : bodyValue(request.body),
  };
}

function bodyValue(bytes: Uint8Array): unknown {
  const parsed = parseJson(bytes);
  return parsed.ok ? parsed.value : (decodeUtf8(bytes) ?? Buffer.from(bytes).toString('base64'));
}

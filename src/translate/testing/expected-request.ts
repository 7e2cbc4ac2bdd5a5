/** What a test expects of a request, held against the request that was written. Only what a test gives is compared. */
import { decodeUtf8, parseJson } from '../../kit/json.ts';
import type { WrittenRequest } from '../../model/event.ts';
import { type Difference, differences } from './difference.ts';

export interface ExpectedRequest {
  readonly event?: string;
  readonly method?: string;
  readonly url_suffix?: string;
  /** All of it; a name that is repeated has a list. */
  readonly query?: unknown;
  /** Those that are named. */
  readonly headers?: unknown;
  /** All of it: JSON where the body is JSON, else text; null for none. */
  readonly body?: unknown;
}

export const EXPECTED_KEYS = ['event', 'method', 'url_suffix', 'query', 'headers', 'body'] as const;

export function compareRequests(expected: readonly ExpectedRequest[], actual: readonly WrittenRequest[]): Difference[] {
  const counts = { path: 'requests', expected: expected.length, actual: actual.length };
  const length = Math.max(expected.length, actual.length);
  const each = Array.from({ length }).flatMap((_, index): readonly Difference[] => {
    const [one, written, path] = [expected[index], actual[index], `[${index}]`];
    if (one && written) return compareRequest(one, written, path);
    return [{ path, expected: one, actual: written && actualRequest(written) }];
  });
  return expected.length === actual.length ? each : [counts, ...each];
}

function compareRequest(expected: ExpectedRequest, written: WrittenRequest, path: string): Difference[] {
  const actual = actualRequest(written);
  return EXPECTED_KEYS.filter((key) => expected[key] !== undefined).flatMap((key) => {
    const here = key === 'headers' ? namedOnly(actual.headers, expected.headers) : actual[key];
    return differences(comparable(key, expected[key]), here, `${path}.${key}`);
  });
}

/** A request as a test writes it. */
export function actualRequest(
  request: WrittenRequest,
): ExpectedRequest & { readonly headers: Readonly<Record<string, string>> } {
  return {
    event: request.event,
    method: request.method,
    url_suffix: request.urlSuffix ?? '',
    query: queryObject(request.query ?? []),
    headers: request.headers,
    body: request.body === null ? null : bodyValue(request.body),
  };
}

/** The parameters of a query by name; one that is repeated has a list. */
export function queryObject(
  pairs: readonly (readonly [string, string])[],
): Readonly<Record<string, string | readonly string[]>> {
  const byName = Map.groupBy(pairs, ([name]) => name);
  const entries = [...byName].map(([name, all]) => [
    name,
    all.length === 1 ? (all[0]?.[1] ?? '') : all.map(([, value]) => value),
  ]);
  return Object.fromEntries(entries);
}

function bodyValue(bytes: Uint8Array): unknown {
  const parsed = parseJson(bytes);
  return parsed.ok ? parsed.value : (decodeUtf8(bytes) ?? `${bytes.length} bytes that are no text`);
}

/** Queries and headers hold text: a number in the test's YAML means its digits. */
function comparable(key: (typeof EXPECTED_KEYS)[number], value: unknown): unknown {
  if ((key !== 'query' && key !== 'headers') || typeof value !== 'object' || value === null) return value;
  const text = (one: unknown): unknown => (Array.isArray(one) ? one.map(text) : String(one));
  const lower = (name: string): string => (key === 'headers' ? name.toLowerCase() : name);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [lower(name), text(one)]));
}

function namedOnly(headers: Readonly<Record<string, string>>, expected: unknown): unknown {
  if (typeof expected !== 'object' || expected === null) return headers;
  const names = new Set(Object.keys(expected).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.has(name)));
}

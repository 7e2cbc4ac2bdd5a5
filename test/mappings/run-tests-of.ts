/** Runs the tests that stand beside a mapping, as `dragoman test` does. */
import { parse } from 'yaml';
import { formats } from '../../src/formats/index.ts';
import { parseJson, stringifyJson } from '../../src/kit/json.ts';
import type { RawRequest, WrittenRequest } from '../../src/model/event.ts';
import type { Format } from '../../src/model/format.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { buildScope } from '../../src/receive/scope.ts';
import type { Mapping } from '../../src/translate/mapping.ts';
import { type Prepared, prepareRequests } from '../../src/translate/prepare.ts';
import { eventOf, jsonRequest, sampleRequest } from '../formats/request.ts';

const RECEIVED_AT = Date.parse('2026-01-01T00:00:00.000Z');

interface WrittenTest {
  readonly name: string;
  readonly event: { readonly sample?: string };
  readonly params?: JsonObject;
  readonly target?: JsonObject;
  readonly expect?: unknown;
  readonly expect_drop?: string;
  readonly expect_error?: string;
}

export interface TestedMapping {
  readonly passed: number;
  readonly failures: readonly { readonly test: string; readonly expected: unknown; readonly actual: unknown }[];
}

export function runTestsOf(mapping: Mapping, file: { readonly path: string; readonly text: string }): TestedMapping {
  const tests = parse(file.text, { intAsBigInt: true }) as WrittenTest[];
  const results = tests.map((test) => ({ test: test.name, ...runTest(mapping, test) }));
  const failures = results.filter(({ expected, actual }) => comparable(expected) !== comparable(actual));
  return { passed: results.length - failures.length, failures };
}

function runTest(mapping: Mapping, test: WrittenTest): { readonly expected: unknown; readonly actual: unknown } {
  const from = formats.get(mapping.from) as Format;
  const request = { ...requestOf(from, test), receivedAt: RECEIVED_AT };
  const recognised = eventOf(from.read(request, {}));
  const envelope = { id: 'evt_1', source: from.name, format: from.name, receivedAt: RECEIVED_AT, ...recognised };
  const scope = buildScope({ envelope, request, recognised, params: test.params ?? {} });
  const target = { format: formats.get(mapping.to) as Format, options: test.target ?? {} };
  const { expect = null, expect_drop: drop = null, expect_error: error = null } = test;
  return {
    expected: { expect, drop, error },
    actual: outcome(prepareRequests({ mapping, scope, target }), { drop, error }),
  };
}

function requestOf(from: Format, { event }: WrittenTest): RawRequest {
  if (event.sample === undefined) return jsonRequest(stringifyJson(event));
  const [type = '', name] = event.sample.split('/');
  const sample = from.events[type]?.samples.find((one) => name === undefined || one.name === name);
  if (!sample) throw new Error(`there is no sample ${event.sample}`);
  return sampleRequest(sample);
}

/** What happened, in the words of a test: the part of a reason that was expected stands for all of it. */
function outcome(
  prepared: Prepared,
  { drop, error }: { readonly drop: string | null; readonly error: string | null },
): unknown {
  if (prepared.kind === 'requests') return { expect: prepared.requests.map(shown), drop: null, error: null };
  const { message } = prepared.reason;
  const said = (part: string | null) => (part !== null && message.includes(part) ? part : message);
  return prepared.kind === 'dropped'
    ? { expect: null, drop: said(drop), error: null }
    : { expect: null, drop: null, error: said(error) };
}

function shown({ method, urlSuffix, query, headers, body }: WrittenRequest): object {
  const parsed = body && parseJson(new TextDecoder().decode(body));
  const { 'content-type': _, ...own } = headers;
  return {
    method,
    ...(urlSuffix && { path: urlSuffix }),
    ...(query && { query: Object.fromEntries(query) }),
    ...(Object.keys(own).length > 0 && { headers: own }),
    ...(parsed && { body: parsed.ok ? parsed.value : undefined }),
  };
}

/** Text that is the same for the same value, whatever the order of its keys and the size of its numbers. */
function comparable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(comparable).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${comparable(inner)}`).join()}}`;
  }
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** An event and what today's mapping makes of it, as a test beside the mapping. */
import { Document } from 'yaml';
import { parseJson } from '../kit/json.ts';
import type { RawRequest } from '../model/event.ts';
import type { FormatOptions } from '../model/format.ts';
import type { JsonObject } from '../model/json.ts';
import type { Mapping } from '../translate/mapping.ts';
import type { Prepared } from '../translate/prepare.ts';
import { queryObject } from '../translate/testing/expected-request.ts';
import { printableRequest } from './printable-request.ts';

export interface CapturedTest {
  readonly name: string;
  readonly request: RawRequest;
  readonly mapping: Mapping;
  /** The configuration's; only those that the mapping declares are written. */
  readonly params: JsonObject;
  /** Options of the source and of the target; empty where they have none. */
  readonly sourceOptions: FormatOptions;
  readonly options: FormatOptions;
  readonly prepared: Prepared;
}

/** Headers of a sender that a test needs; the others may hold what nobody may see. */
const KEPT_HEADERS: ReadonlySet<string> = new Set(['content-type', 'webhook-id', 'x-event', 'x-github-event']);

/** A list of this one test, to be put behind those that are there. */
export function capturedTest(captured: CapturedTest): string {
  return new Document([testOf(captured)]).toString({ lineWidth: 0, flowCollectionPadding: true });
}

function testOf({
  name,
  request,
  mapping,
  params,
  sourceOptions,
  options,
  prepared,
}: CapturedTest): Readonly<Record<string, unknown>> {
  const used = Object.entries(params).filter(([param]) => mapping.params.has(param));
  return {
    name,
    event: eventOf(request),
    received_at: new Date(request.receivedAt).toISOString(),
    ...(used.length > 0 ? { params: Object.fromEntries(used) } : {}),
    ...(Object.keys(sourceOptions).length > 0 ? { source: sourceOptions } : {}),
    ...(Object.keys(options).length > 0 ? { target: options } : {}),
    ...expectationOf(prepared),
  };
}

/** A POST of JSON is its payload; any other request is written with its method, query and headers. */
function eventOf(request: RawRequest): unknown {
  const body = parseJson(request.body);
  if (request.method === 'POST' && request.search === '' && body.ok) return body.value;
  const headers = Object.entries(request.headers).filter(([name]) => KEPT_HEADERS.has(name));
  return {
    method: request.method,
    ...(request.search === '' ? {} : { query: queryObject([...new URLSearchParams(request.search)]) }),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
    ...(body.ok ? { body: body.value } : request.body.length > 0 ? { body: Buffer.from(request.body).toString() } : {}),
  };
}

function expectationOf(prepared: Prepared): Readonly<Record<string, unknown>> {
  switch (prepared.kind) {
    case 'requests':
      return {
        expect: prepared.requests.map((request) => {
          const { headers: _headers, body, ...rest } = printableRequest(request);
          return body === null ? rest : { ...rest, body };
        }),
      };
    case 'dropped':
      return { expect_drop: prepared.reason.message };
    case 'dead':
      return { expect_error: prepared.reason.code };
  }
}

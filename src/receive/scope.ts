/** Behind the door: what rules and mappings can see of an event, made at receipt and made again after a restart. */

import type { AcceptedEvent } from '../model/delivery.ts';
import type { EventEnvelope, EventScope, RawRequest, RecognisedEvent } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';

const NO_QUERY: Readonly<Record<string, string>> = Object.freeze({});

/** The parts of a recognised event that a scope shows. */
export type Recognised = Pick<RecognisedEvent, 'data' | 'raw'>;

export interface ScopeParts {
  readonly envelope: EventEnvelope;
  readonly request: Pick<RawRequest, 'method' | 'search' | 'headers'>;
  readonly recognised: Recognised;
  readonly params: JsonObject;
}

/** Shares the data, headers and params it is given; nothing is copied. */
export function buildScope({ envelope, request, recognised, params }: ScopeParts): EventScope {
  return {
    event: {
      id: envelope.id,
      key: envelope.key,
      type: envelope.type,
      source: envelope.source,
      format: envelope.format,
      time: envelope.time,
      received_at: isoTime(envelope.receivedAt),
    },
    data: recognised.data,
    raw: recognised.raw,
    request: { method: request.method, query: queryOf(request.search), headers: request.headers },
    params,
  };
}

/** The scope of an event that comes out of the store: the same as when it came through the door, with the params of today. */
export function scopeOfStored(event: AcceptedEvent, recognised: Recognised, params: JsonObject): EventScope {
  return buildScope({ envelope: event, request: event.request, recognised, params });
}

/** The parameters of a query. Of a repeated name the first one counts. */
export function queryOf(search: string): Readonly<Record<string, string>> {
  if (search === '') return NO_QUERY;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (!Object.hasOwn(query, name)) query[name] = value;
  }
  return query;
}

let lastMs = Number.NaN;
let lastIso = '';

/** ISO 8601 UTC of epoch milliseconds; requests that arrive in one millisecond share the text. */
function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastIso = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastIso;
}

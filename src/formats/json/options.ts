/** Where a `json` source says what an event's type, id and time are. */
import { dottedSteps } from '../../kit/value-at.ts';
import type { RawRequest } from '../../model/event.ts';
import type { Json } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';

const place = (what: string): Schema => ({
  anyOf: [
    { type: 'string', minLength: 1, description: 'a path in the body: `order.id`, `events[0].kind`' },
    one('path', 'a path in the body: `order.id`, `events[0].kind`'),
    one('header', 'a header of the request: `x-github-event`'),
    one('query', 'a name in the query of the request'),
  ],
  description: what,
});

const typePlace = place(
  'what names the event type: a path in the body (`type: kind`), or { path: kind }, { header: x-github-event }, { query: t }, ' +
    '{ const: order.created }; `request` where it is left out',
);

export const jsonSourceOptions: Schema = {
  type: 'object',
  properties: {
    type: {
      ...typePlace,
      anyOf: [...(typePlace.anyOf ?? []), one('const', 'every event of this source has this type')],
    },
    id: place(
      'what tells a repeat from a new event, together with the type: a path in the body, or { header: … }, { query: … }; where ' +
        'it is left out, a hash of query and body is the id',
    ),
    time: place(
      'when the event happened: epoch seconds or milliseconds, or ISO 8601; the time of receipt where it is left out or missing',
    ),
  },
  additionalProperties: false,
};

function one(name: string, description: string): Schema {
  return {
    type: 'object',
    properties: { [name]: { type: 'string', minLength: 1, description } },
    required: [name],
    additionalProperties: false,
  };
}

/** What an option leads to in a request: its value, and its name for messages. */
export interface Found {
  readonly value: Json | undefined;
  readonly name: string;
}

/** Follows an option; undefined where it is not set. Paths read own members only. */
export function lookUp(option: unknown, request: RawRequest, data: Json): Found | undefined {
  if (typeof option === 'string') return { name: option, value: follow(option, data) };
  if (typeof option !== 'object' || option === null) return undefined;
  const { path, header, query, const: constant } = option as Readonly<Record<string, unknown>>;
  if (typeof constant === 'string') return { name: 'const', value: constant };
  if (typeof path === 'string') return { name: path, value: follow(path, data) };
  if (typeof header === 'string') {
    const name = header.toLowerCase();
    return { name: `header ${name}`, value: Object.hasOwn(request.headers, name) ? request.headers[name] : undefined };
  }
  if (typeof query !== 'string') return undefined;
  return { name: `query ${query}`, value: new URLSearchParams(request.search).get(query) ?? undefined };
}

function follow(path: string, data: Json): Json | undefined {
  let here: Json | undefined = data;
  for (const step of dottedSteps(path)) {
    if (step === '' && here === data) continue; // `[0].kind` begins with an empty step
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string, Json>>)[step];
  }
  return here;
}

/** The one event of the format `json`: a request with any JSON, in and out. */
import type { EventType } from '../../model/format.ts';
import type { Schema } from '../../model/schema.ts';
import { jsonSample } from '../sample.ts';

const scalar = { type: ['string', 'number', 'boolean'] } as const;

export const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;

export const requestWrite: Schema = {
  type: 'object',
  properties: {
    method: { type: 'string', enum: METHODS, description: 'POST by default' },
    path: {
      type: 'string',
      description:
        "appended to the target's URL, already encoded: /rooms/${data.room_id | urlencode}; no `..`, no encoded slash",
      examples: ['/rooms/26966466'],
    },
    query: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean', 'array'], items: scalar },
      description: "added to the query of the target's URL; a list repeats its name",
    },
    headers: {
      type: 'object',
      additionalProperties: scalar,
      description: 'added to the headers; not host, content-length, transfer-encoding, webhook-… or dragoman-…',
    },
    body: { description: 'text is sent as it stands, anything else as JSON; no body where it is left out' },
  },
  required: [],
  additionalProperties: false,
};

export const jsonEvents = {
  request: {
    about: 'any JSON value',
    read: {},
    raw: {},
    write: requestWrite,
    samples: [
      jsonSample(
        'example',
        '{"kind":"order.created","order":{"id":9007199254740993,"total":12.5},"created_at":"2026-03-19T11:40:25.499Z"}',
      ),
      jsonSample('a list', '[{"room":1},{"room":2}]'),
      jsonSample('a text', '"hello"'),
    ],
  },
} satisfies Record<string, EventType>;

/** Describes everything that a rule or a mapping can see of one event: what filters and mappings are checked against at load. */
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';

/** The schema of an EventScope of the given format and event type; `params` describes the constants that are in reach. */
export function scopeSchema(about: {
  readonly format: Format;
  readonly type: string;
  readonly params: Schema;
}): Schema {
  const { format, type, params } = about;
  const known = format.open ? undefined : format.events[type];
  return closed({
    event: closed({
      id: text("the relay's own id of the event: `evt_…`"),
      key: text("the sender's id, or a key derived from the event's own values"),
      type: format.open ? text('the event type') : { type: 'string', const: type, description: 'the event type' },
      source: text('the name of the source that it came from'),
      format: { type: 'string', const: format.name, description: "the source's format" },
      time: time('when it happened; when it was received where the sender does not say'),
      received_at: time('when it was received'),
    }),
    data: known?.read ?? {},
    raw: known?.raw ?? {},
    request: closed({
      method: text('how it arrived: `POST`'),
      query: texts('the query of the request, without the secret'),
      headers: texts('the headers of the request by lower-case name, without credentials'),
    }),
    params,
  });
}

function closed(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function text(description: string): Schema {
  return { type: 'string', description };
}

function time(description: string): Schema {
  return { type: 'string', format: 'date-time', description: `${description} (ISO 8601, UTC)` };
}

function texts(description: string): Schema {
  return { type: 'object', additionalProperties: { type: 'string' }, description };
}

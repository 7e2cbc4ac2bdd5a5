/** The four events of eyeson StreamRec, told apart by `status`. */
import Type from 'typebox';
import type { EventType } from '../../model/format.ts';
import type { Schema, SchemaType } from '../../model/schema.ts';
import { rawSchema } from '../raw-schema.ts';
import { streamrecSamples } from './samples.ts';

const text = (description: string) => Type.String({ minLength: 1, description });
const time = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', description: `${description} (ISO 8601, as sent)` }));
const msg = Type.Optional(Type.String({ description: 'a message for people' }));
const recId = text('the recording');
const clientId = text('the client that was recorded');

const uploadReady = Type.Object(
  {
    msg,
    rec_id: recId,
    client_id: clientId,
    recording_started_at: time('when recording began'),
    recording_first_frame_written_at: time('when the first frame was written; left out where nothing was'),
    recording_first_peerframe_captured_at: time(
      "when the first frame was captured by the client's clock, not the server's",
    ),
    recording_stopped_at: time('when recording ended'),
    recording_file_duration_ms: Type.Optional(Type.Integer({ minimum: 0, description: 'milliseconds' })),
    recording_file_size_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'bytes' })),
  },
  { additionalProperties: false },
);
const uploadFailed = Type.Object(
  {
    msg,
    rec_id: recId,
    client_id: clientId,
    upload_status_code: Type.Optional(
      Type.Integer({ description: 'the HTTP status that the upload got; 0 or left out where there was no connection' }),
    ),
  },
  { additionalProperties: false },
);
const sessionFinished = Type.Object(
  {
    msg,
    rec_id: Type.Optional(recId),
    client_id: clientId,
    started_at: time('when the session began'),
    stopped_at: time('when the session ended'),
  },
  { additionalProperties: false },
);
const supervisorSessionFinished = Type.Object(
  {
    supervisor_session_id: text("the supervisor's session"),
    supervisor_client_id: Type.Optional(text('the supervisor')),
    agent_session_id: Type.Optional(text('the session that was watched')),
    agent_client_id: Type.Optional(text('the client that was watched')),
    started_at: time('when the supervisor came'),
    stopped_at: time('when the supervisor left'),
  },
  { additionalProperties: false },
);

export const streamrecEvents = {
  upload_ready: {
    about: "a recording was uploaded to the customer's own URL (webm; no URL is sent)",
    ...both(uploadReady),
    samples: streamrecSamples.upload_ready,
  },
  upload_failed: { about: 'the upload failed', ...both(uploadFailed), samples: streamrecSamples.upload_failed },
  session_finished: { about: 'a session ended', ...both(sessionFinished), samples: streamrecSamples.session_finished },
  supervisor_session_finished: {
    about: 'a supervisor left',
    ...both(supervisorSessionFinished),
    samples: streamrecSamples.supervisor_session_finished,
  },
} satisfies Record<string, EventType>;

export type StreamrecEventName = keyof typeof streamrecEvents;

/** The payload of an event on the wire: what is not required may also be empty, zero or null, which says nothing. */
export function wireSchema(data: Schema): Schema {
  const required = data.required ?? [];
  const properties = Object.entries(data.properties ?? {}).map(([name, schema]): [string, Schema] => {
    if (required.includes(name)) return [name, schema];
    const { minLength: _, ...loose } = schema;
    const zero: readonly SchemaType[] = schema.format === 'date-time' ? ['integer', 'null'] : ['null'];
    return [name, { ...loose, type: [schema.type as SchemaType, ...zero] }];
  });
  const status: Schema = { type: 'string', description: 'the event type' };
  return { type: 'object', properties: { status, ...Object.fromEntries(properties) }, required };
}

function both(data: Schema): { readonly read: Schema; readonly write: Schema; readonly raw: Schema } {
  return { read: data, write: data, raw: rawSchema(wireSchema(data)) };
}

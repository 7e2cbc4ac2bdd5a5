/** The three events of a Sigma livestream channel. */
import Type from 'typebox';
import type { EventType } from '../../model/format.ts';
import type { Schema } from '../../model/schema.ts';
import { rawSchema } from '../raw-schema.ts';
import { sigmaSamples } from './samples.ts';

const text = (description: string) => Type.Optional(Type.String({ description }));
const uri = (description: string) => Type.Optional(Type.String({ format: 'uri', description }));
const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

const MODES = ['normal', 'low-latency', 'ultra-low-latency'];
const STATUSES = ['coming', 'init', 'live', 'ended', 'error'];
const HEALTHS = ['excellent', 'acceptable', 'unstable'];

/** The channel by its names on the wire; any field but `id` may be missing. */
export const channelData = Type.Object(
  {
    id: Type.String({ minLength: 1, description: 'the channel', examples: ['5201198'] }),
    name: text('its name'),
    description: text('its description'),
    accountId: text('the account that it belongs to'),
    tags: Type.Optional(Type.Array(Type.String(), { description: 'its tags' })),
    mode: Type.Optional(Type.String({ description: `one of ${MODES.join(', ')}`, examples: MODES })),
    status: Type.Optional(Type.String({ description: `one of ${STATUSES.join(', ')}`, examples: STATUSES })),
    health: Type.Optional(Type.String({ description: `one of ${HEALTHS.join(', ')}`, examples: HEALTHS })),
    duration: Type.Optional(Type.Number({ description: 'seconds' })),
    catchup: Type.Optional(Type.Boolean({ description: 'whether it can be watched from its start' })),
    createdAt: time('when the channel was made'),
    startTime: time('when the broadcast began'),
    stopTime: time('when the broadcast stopped'),
    livestreamUrl: uri('where it can be watched; only while live'),
    videoUrl: uri('the whole broadcast as HLS; only once ended'),
    recordUrl: Type.Optional(
      Type.Array(Type.String({ format: 'uri' }), {
        description: 'the recorded mp4 files, several of them are several files; only where recording is on',
      }),
    ),
    thumbnailUrl: uri('an image; where thumbnails are on'),
  },
  { additionalProperties: false },
);

/** What a target takes: the values that Sigma documents, and no others. */
export const channelWrite: Schema = {
  ...channelData,
  properties: {
    ...channelData.properties,
    mode: { type: 'string', enum: MODES, description: 'the latency mode' },
    status: { type: 'string', enum: STATUSES, description: 'the state of the channel' },
    health: { type: 'string', enum: HEALTHS, description: 'the health of the feed' },
  },
};

const optional = Object.entries(channelData.properties as Readonly<Record<string, Schema>>).filter(
  ([name]) => name !== 'id',
);
const onWire = Object.fromEntries(
  optional.map(([name, schema]) => [name, { ...schema, type: [schema.type as 'string', 'null'] } satisfies Schema]),
);

/** The channel on the wire, beside the envelope's fields or in `channel`; a field that is null says nothing. */
export const channelOnWire: Schema = {
  type: 'object',
  properties: { id: channelData.properties.id, ...onWire },
  required: ['id'],
};
export const envelopeProperties: Readonly<Record<string, Schema>> = {
  event: { type: 'string', description: 'the event type' },
  eventTime: {
    type: 'integer',
    minimum: 0,
    maximum: 253_402_300_799_999,
    description: 'when it happened, epoch milliseconds',
  },
};

const raw = rawSchema({
  type: 'object',
  properties: { ...envelopeProperties, ...channelOnWire.properties, channel: channelOnWire },
});
const event = { read: channelData, write: channelWrite, raw };

export const sigmaEvents = {
  channel_live: { about: 'the broadcast began', ...event, samples: sigmaSamples.channel_live },
  channel_stop: {
    about: 'the broadcaster cut the feed; it may come back',
    ...event,
    samples: sigmaSamples.channel_stop,
  },
  channel_ended: {
    about: 'final: sent after the stop timeout; an ended channel never restarts',
    ...event,
    samples: sigmaSamples.channel_ended,
  },
} satisfies Record<string, EventType>;

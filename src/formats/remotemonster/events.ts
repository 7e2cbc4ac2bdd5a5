/** The three events of RemoteMonster Livecast; the wire names none of them, so the names are ours. */
import Type from 'typebox';
import type { EventType } from '../../model/format.ts';
import type { Schema } from '../../model/schema.ts';
import { either } from '../either.ts';
import { rawSchema } from '../raw-schema.ts';
import { remotemonsterSamples } from './samples.ts';

const channelId = Type.String({
  minLength: 1,
  description: 'the channel: 4 to 1024 characters without : ; * $ ` and without Hangul',
  examples: ['bilibili_26966466'],
});
const decimal = '^\\d+(\\.\\d+)?$';

const recordData = Type.Object(
  {
    id: channelId,
    url: Type.String({ minLength: 1, format: 'uri', description: 'the recorded file: one mp4 that can be downloaded' }),
    duration: Type.Optional(
      Type.String({ pattern: decimal, description: 'seconds, as text; written as whole seconds', examples: ['62'] }),
    ),
    filesize: Type.Optional(
      Type.String({ pattern: decimal, description: 'bytes, as text; left out where unknown', examples: ['5304911'] }),
    ),
    thumbnail: Type.Optional(
      Type.String({ minLength: 1, format: 'uri', description: 'an image; left out where there is none' }),
    ),
  },
  { additionalProperties: false },
);
const channelData = Type.Object({ chid: channelId }, { additionalProperties: false });

const text = { type: ['string', 'null'] } as const;
const amount = either<string | number | bigint | null>(['string', 'number', 'null'], 'text, or a bare number');

/** What is taken off the wire before it is normalised; the channel is under `id`, or `chid` with older senders. */
export const recordOnWire: Schema = {
  type: 'object',
  properties: { url: recordData.properties.url, duration: amount, filesize: amount, thumbnail: text },
  required: ['url'],
};

const rawRecord = rawSchema({
  type: 'object',
  properties: { id: channelId, chid: channelId, ...recordOnWire.properties },
});
const rawChannel = rawSchema({
  type: 'object',
  properties: {
    action: { type: 'string', description: 'create or close' },
    chid: channelId,
    id: channelId,
  },
});
const channel = { read: channelData, write: channelData, raw: rawChannel };

export const remotemonsterEvents = {
  'record.done': {
    about: 'a recording was made; the file is removed 6 hours later',
    read: recordData,
    write: recordData,
    raw: rawRecord,
    samples: remotemonsterSamples['record.done'],
  },
  'channel.create': {
    about: 'a channel was created: a broadcast began',
    ...channel,
    samples: remotemonsterSamples['channel.create'],
  },
  'channel.close': {
    about: 'a channel was closed: a broadcast ended',
    ...channel,
    samples: remotemonsterSamples['channel.close'],
  },
} satisfies Record<string, EventType>;

/** The nine events of BSR: what each says, how it is read and written, and what stands on the wire. */
import type { EventType } from '../../model/format.ts';
import type { Schema } from '../../model/schema.ts';
import { rawSchema } from '../raw-schema.ts';
import { archiveData, clipData, liveData, recorderData } from './data.ts';
import { archivePayload, clipPayload, documentedLive, envelope, newerLive, recorderPayload } from './generations.ts';
import { bsrSamples } from './samples.ts';

/** What the writer cannot do without; for the rest BSR has an honest unknown: `""`, or 0 where it writes a number. */
export const recorderWrite = requiring(recorderData, ['platform', 'room_id', 'auto_start']);
export const liveWrite = requiring(liveData, ['platform', 'room_id']);
export const archiveWrite = requiring(archiveData, ['platform', 'room_id', 'live_id']);
export const clipWrite = requiring(clipData, ['platform', 'room_id', 'file']);

const recorder = {
  read: recorderData,
  write: recorderWrite,
  raw: rawSchema(envelope(recorderPayload)),
};
const live = { read: liveData, write: liveWrite, raw: rawSchema(envelope(documentedLive), envelope(newerLive)) };
const archive = { read: archiveData, write: archiveWrite, raw: rawSchema(envelope(archivePayload)) };
const clip = { read: clipData, write: clipWrite, raw: rawSchema(envelope(clipPayload)) };

export const bsrEvents = {
  'recorder.added': { about: 'a room was added', ...recorder, samples: bsrSamples['recorder.added'] },
  'recorder.removed': { about: 'a room was removed', ...recorder, samples: bsrSamples['recorder.removed'] },
  'live.started': {
    about: 'a broadcast began (not the same as recording)',
    ...live,
    samples: bsrSamples['live.started'],
  },
  'live.ended': { about: 'a broadcast ended', ...live, samples: bsrSamples['live.ended'] },
  'record.started': { about: 'recording began', ...live, samples: bsrSamples['record.started'] },
  'record.ended': {
    about:
      'recording ended, which one live_id can do several times; names no file, and is a phantom where live_id is empty',
    ...live,
    samples: bsrSamples['record.ended'],
  },
  'archive.deleted': { about: 'a recording was deleted', ...archive, samples: bsrSamples['archive.deleted'] },
  'clip.generated': { about: 'a clip file was made', ...clip, samples: bsrSamples['clip.generated'] },
  'clip.deleted': { about: 'a clip was deleted', ...clip, samples: bsrSamples['clip.deleted'] },
} satisfies Record<string, EventType>;

export type BsrEventName = keyof typeof bsrEvents;

function requiring(schema: Schema, required: readonly string[]): Schema {
  return { ...schema, required };
}

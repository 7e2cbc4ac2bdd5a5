/** Loads mapping texts as the relay does, against two small formats whose every field has a purpose in a test. */

import { formats } from '../../src/formats/index.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import type { EventScope } from '../../src/model/event.ts';
import type { Format } from '../../src/model/format.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Schema } from '../../src/model/schema.ts';
import { compileLogic } from '../../src/route/filter.ts';
import { type LoadedMappings, loadMappings } from '../../src/translate/load.ts';
import type { Mapping } from '../../src/translate/mapping.ts';

const text: Schema = { type: 'string' };

const shot: Schema = {
  type: 'object',
  properties: {
    id: text,
    title: { type: ['string', 'null'] },
    mode: { enum: ['fast', 'slow'] },
    seconds: { type: 'number' },
    size: { type: 'integer' },
    live: { type: 'boolean' },
    urls: { type: 'array', items: text },
    files: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: text, note: text },
        required: ['name'],
        additionalProperties: false,
      },
    },
    room: { type: 'object', properties: { name: text, cover: text }, required: ['name'], additionalProperties: false },
  },
  required: ['id', 'mode', 'seconds', 'size', 'live', 'urls', 'files', 'room'],
  additionalProperties: false,
};

const taken: Schema = {
  type: 'object',
  properties: {
    id: { ...text, description: 'the id of the shot' },
    length: text,
    bytes: { type: 'integer' },
    kind: { enum: ['a', 'b'] },
    list: { type: 'array', items: text },
    place: { type: 'object', properties: { name: text }, required: ['name'], additionalProperties: false },
    code: { ...text, pattern: '^[A-Z]+$', maxLength: 4 },
    live: { type: 'boolean' },
    at: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
  },
  required: ['id'],
  additionalProperties: false,
};

function format(name: string, more: Partial<Format> & Pick<Format, 'events'>): Format {
  return {
    name,
    title: name,
    about: name,
    methods: ['POST'],
    bodies: ['json'],
    reply: 'accepted',
    read: () => ({ kind: 'ignored', type: '' }),
    write: (event) => ({
      kind: 'written',
      request: { event: event.type, method: 'POST', headers: {}, body: Buffer.from(JSON.stringify(event.data)) },
    }),
    ...more,
  };
}

const camera = format('camera', {
  events: {
    'shot.taken': { about: 'a shot', read: shot, write: shot, samples: [] },
    'shot.lost': { about: 'no shot', read: { ...shot, required: ['id'] }, write: shot, samples: [] },
  },
});
const album = format('album', {
  events: {
    added: { about: 'added', read: taken, write: taken, samples: [] },
    removed: {
      about: 'removed',
      read: taken,
      write: { type: 'object', properties: { id: text }, additionalProperties: false },
      samples: [],
    },
  },
});

export const testFormats: ReadonlyMap<string, Format> = new Map([
  ['camera', camera],
  ['album', album],
  ['json', formats.get('json') as Format],
]);

export function load(
  files: Readonly<Record<string, string>>,
  tables: Readonly<Record<string, string | Uint8Array>> = {},
): LoadedMappings {
  return loadMappings({
    files: Object.entries(files).map(([path, content]) => ({ path, text: content })),
    formats: testFormats,
    scopeSchema,
    compileLogic,
    readTable: (path) => (Object.hasOwn(tables, path) ? Buffer.from(tables[path] ?? '') : undefined),
  });
}

/** A mapping from camera to album whose `shot.taken` is the given YAML, indented by two. */
export function shotTaken(entry: string, top = ''): string {
  const indented = entry.trim().replace(/^/gm, '    ');
  return `from: camera\nto: album\n${top}translate:\n  shot.lost: { drop: nothing }\n  shot.taken:\n${indented}\n`;
}

export function loadOne(text: string, tables: Readonly<Record<string, string>> = {}): Mapping {
  const { mappings, problems } = load({ 'one.yaml': text }, tables);
  const mapping = mappings.get('one');
  if (!mapping) throw new Error(JSON.stringify(problems, undefined, 1));
  return mapping;
}

export const SHOT: JsonObject = {
  id: 's1',
  mode: 'fast',
  seconds: 61.6,
  size: 9_007_199_254_740_993n,
  live: true,
  urls: ['https://x/a.mp4', 'https://x/b.mp4'],
  files: [{ name: 'a', note: 'n' }, { name: 'b' }],
  room: { name: 'r' },
};

export function scopeOf(data: Json, more: { readonly params?: JsonObject; readonly type?: string } = {}): EventScope {
  return {
    event: {
      id: 'evt_1',
      key: 'k1',
      type: more.type ?? 'shot.taken',
      source: 'cam',
      format: 'camera',
      time: '2026-01-01T00:00:00.000Z',
      received_at: '2026-01-01T00:00:01.000Z',
    },
    data: data as JsonObject,
    raw: data,
    request: { method: 'POST', query: {}, headers: {} },
    params: more.params ?? {},
  };
}

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkData } from '../../src/formats/check-data.ts';
import { formats } from '../../src/formats/index.ts';
import { parseJson, stringifyJson } from '../../src/kit/json.ts';
import type { RecognisedEvent } from '../../src/model/event.ts';
import type { EventType, Format, FormatOptions, Sample } from '../../src/model/format.ts';
import { fieldAt, leavesDocumented } from '../../src/model/schema.ts';
import {
  bodyText,
  eventOf,
  jsonRequest,
  rawRequest,
  sampleRequest,
  write,
  writtenOf,
  writtenRequest,
  wrongPaths,
} from './request.ts';

interface Case {
  readonly format: Format;
  readonly type: string;
  readonly event: EventType;
  readonly sample: Sample;
}

const all = [...formats.values()];
const cases: Case[] = all.flatMap((format) =>
  Object.entries(format.events).flatMap(([type, event]) =>
    event.samples.map((sample) => ({ format, type, event, sample })),
  ),
);
const named = cases.map((one): [string, Case] => [`${one.format.name} ${one.type} (${one.sample.name})`, one]);
const eventful = named.filter(([, { format }]) => !format.free);
const posted = eventful.filter(([, { sample }]) => sample.body?.startsWith('{'));

/** The options under which a format writes, each a wire generation of its own. */
function writings(format: Format): FormatOptions[] {
  return format.name === 'bsr' ? [{ version: 'documented' }, { version: '2.15' }, { version: '2.16' }] : [{}];
}

/**
 * What has to survive a translation into another wire generation: everything but what that generation cannot say. BSR's documented
 * one has no platform_live_id and no parent, and whole seconds in archives; the newer ones have no total_length.
 */
function meaning({ type, data }: RecognisedEvent): object {
  const { total_length, total_length_approximate, platform_live_id, parent_id, ...kept } = data;
  return type === 'archive.deleted' ? { ...kept, length: Math.round(Number(data.length)) } : kept;
}

/** What a sender never leaves out: without it an event cannot be told, placed or addressed. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'bsr recorder.added': [
    'id',
    'event',
    'payload',
    'timestamp',
    'payload.room_id',
    'payload.platform',
    'payload.created_at',
    'payload.auto_start',
  ],
  'bsr recorder.removed': [
    'id',
    'event',
    'payload',
    'timestamp',
    'payload.room_id',
    'payload.platform',
    'payload.created_at',
    'payload.auto_start',
  ],
  'bsr live documented': ['id', 'event', 'payload', 'timestamp', 'payload.room_id', 'payload.platform'],
  'bsr live newer': [
    'id',
    'event',
    'payload',
    'timestamp',
    'payload.room_info',
    'payload.room_info.room_id',
    'payload.room_info.platform',
    'payload.live_id',
  ],
  'bsr archive.deleted': [
    'id',
    'event',
    'payload',
    'timestamp',
    'payload.platform',
    'payload.live_id',
    'payload.room_id',
    'payload.length',
    'payload.size',
  ],
  'bsr clip.generated': [
    'id',
    'event',
    'payload',
    'timestamp',
    'payload.id',
    'payload.room_id',
    'payload.platform',
    'payload.file',
    'payload.length',
    'payload.size',
  ],
  'bsr clip.deleted': [
    'id',
    'event',
    'payload',
    'timestamp',
    'payload.id',
    'payload.room_id',
    'payload.platform',
    'payload.file',
    'payload.length',
    'payload.size',
  ],
  'remotemonster record.done': ['id'],
  'remotemonster channel.create': ['chid'],
  'remotemonster channel.close': ['chid'],
  'sigma flat': ['event', 'eventTime', 'id'],
  'sigma nested': ['event', 'eventTime', 'channel.id'],
  'streamrec upload_ready': ['status', 'rec_id', 'client_id'],
  'streamrec upload_failed': ['status', 'rec_id', 'client_id'],
  'streamrec session_finished': ['status', 'client_id'],
  'streamrec supervisor_session_finished': ['status', 'supervisor_session_id'],
};

function requiredOf({ format, type, sample }: Case): readonly string[] {
  if (format.name === 'sigma') return REQUIRED[sample.name === 'nested' ? 'sigma nested' : 'sigma flat'] ?? [];
  if (/^(live|record)\./.test(type) && format.name === 'bsr') {
    return REQUIRED[sample.name === 'documented' ? 'bsr live documented' : 'bsr live newer'] ?? [];
  }
  return REQUIRED[`${format.name} ${type}`] ?? [];
}

/** A copy of the JSON object with the member at the path replaced, or removed where `value` is undefined. */
function changed(body: string, path: readonly string[], value: unknown): unknown {
  const copy = JSON.parse(body) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((here, step) => here[step] as Record<string, unknown>, copy);
  const last = path.at(-1) ?? '';
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

function leafPaths(value: unknown, above: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[...above]];
  return Object.entries(value).flatMap(([name, member]) => leafPaths(member, [...above, name]));
}

describe('every format', () => {
  it('reads and writes nineteen event types in all, and json its one', () => {
    const types = all.filter((format) => !format.free).flatMap((format) => Object.keys(format.events));
    expect(types).toHaveLength(19);
    expect([...formats.keys()]).toEqual(['bsr', 'remotemonster', 'sigma', 'streamrec', 'json']);
    expect(Object.keys(formats.get('json')?.events ?? {})).toEqual(['request']);
  });

  it.each(all.map((format) => [format.name, format] as const))('%s describes itself', (name, format) => {
    expect(formats.get(name)).toBe(format);
    expect(format.title).not.toBe('');
    expect(format.about.length).toBeGreaterThan(50);
    for (const event of Object.values(format.events)) {
      expect(event.about).not.toBe('');
      const names = event.samples.map((sample) => sample.name);
      expect(new Set(names).size).toBe(names.length);
      expect(names[0]).toBe(format.free ? 'example' : 'documented');
      const described = Object.values(event.read.properties ?? {});
      expect(described.filter((field) => !field.description)).toEqual([]);
    }
  });

  it.each(['bsr', 'sigma', 'streamrec', 'remotemonster'])(
    '%s has the documented payloads as samples, word for word',
    (name) => {
      const lines = readFileSync(new URL(`../fixtures/${name}/documented.jsonl`, import.meta.url), 'utf8')
        .trim()
        .split('\n');
      const bodies = cases
        .filter(({ format, sample }) => format.name === name && sample.name === 'documented')
        .map(({ sample }) => sample.body);
      for (const line of lines) expect(bodies).toContain(line);
    },
  );
});

describe('every sample', () => {
  it.each(named)('%s is read as the event that it is filed under', (_, { format, type, event, sample }) => {
    const request = sampleRequest(sample);
    const read = eventOf(format.read(request, {}));
    expect(read.type).toBe(type);
    expect(checkData(event.read, read.data)).toEqual([]);
    expect(checkData(event.raw ?? {}, read.raw)).toEqual([]);
    expect(new Date(read.time).toISOString()).toBe(read.time);
    expect(eventOf(format.read(sampleRequest(sample), {})).key).toBe(read.key);
  });

  it.each(eventful)('%s, written and read again, means the same', (_, { format, event, sample }) => {
    const first = eventOf(format.read(sampleRequest(sample), {}));
    for (const options of writings(format)) {
      expect(checkData(event.write, first.data)).toEqual([]);
      const written = writtenOf(write(format, first, options));
      const second = eventOf(format.read(writtenRequest(written), {}));
      expect(second.type).toBe(first.type);
      expect(meaning(second)).toEqual(meaning(first));
      if (format.name !== 'remotemonster' && first.type !== 'upload_failed') expect(second.time).toBe(first.time);
    }
  });

  it.each(posted)('%s without one of its required fields is invalid, and says which', (_, one) => {
    const required = requiredOf(one);
    expect(required.length).toBeGreaterThan(0);
    for (const path of required) {
      const body = changed(one.sample.body ?? '', path.split('.'), undefined);
      expect(wrongPaths(one.format.read(jsonRequest(body), {}))).toContain(path);
    }
  });

  it.each(posted)('%s with a field of the wrong type is invalid, and says which', (_, { format, event, sample }) => {
    for (const path of leafPaths(JSON.parse(sample.body ?? ''))) {
      expect(fieldAt(event.raw ?? {}, path)).toBeDefined();
      expect(leavesDocumented(event.raw ?? {}, path)).toBeUndefined();
      const body = changed(sample.body ?? '', path, { wrong: true });
      expect(wrongPaths(format.read(jsonRequest(body), {}))).toEqual([path.join('.')]);
    }
  });

  it.each(posted)('%s with a field that nobody knows is read all the same', (_, { format, sample }) => {
    const plain = eventOf(format.read(sampleRequest(sample), {}));
    const extended = eventOf(format.read(jsonRequest({ ...JSON.parse(sample.body ?? ''), unheard_of: [1] }), {}));
    expect(extended.data).toEqual(plain.data);
    expect(extended.key).toBe(plain.key);
  });
});

describe('an event type that the format does not know', () => {
  it.each([
    ['bsr', { id: 'x', event: 'stream.exploded', payload: {}, timestamp: 1 }, 'stream.exploded'],
    ['bsr', { event: 'constructor' }, 'constructor'],
    ['remotemonster', { action: 'pause', chid: 'abcd' }, 'channel.pause'],
    ['remotemonster', { action: 'toString', chid: 'abcd' }, 'channel.toString'],
    ['sigma', { event: 'channel_paused', eventTime: 1, id: '1' }, 'channel_paused'],
    ['streamrec', { status: 'recording_started' }, 'recording_started'],
    ['streamrec', { status: 'hasOwnProperty' }, 'hasOwnProperty'],
  ])('of %s is ignored: %j', (name, body, type) => {
    expect(formats.get(name)?.read(jsonRequest(body), {})).toEqual({ kind: 'ignored', type });
  });

  it.each([
    ['bsr', 'event'],
    ['sigma', 'event'],
    ['streamrec', 'status'],
    ['remotemonster', 'action'],
  ])('of %s is no such thing where the name is missing or no text', (name, field) => {
    const format = formats.get(name);
    for (const body of [{}, { [field]: 5 }, { [field]: '' }, { [field]: ['live.started'] }]) {
      expect(format && wrongPaths(format.read(jsonRequest(body), {}))).toEqual([field]);
    }
  });

  it('is cut and cleaned, since it is stored and shown', () => {
    const reading = formats.get('bsr')?.read(jsonRequest({ event: `a\n\u0000\ud800${'x'.repeat(500)}` }), {});
    expect(reading).toMatchObject({ kind: 'ignored' });
    const type = reading?.kind === 'ignored' ? reading.type : '';
    expect(type).toHaveLength(100);
    expect(type.startsWith('a���x')).toBe(true);
  });
});

describe('a body that is no JSON object', () => {
  const posting = all.filter((format) => format.name !== 'json').map((format) => [format.name, format] as const);

  it.each(posting)('is malformed or invalid for %s, by what it is', (_, format) => {
    const codes = ['', '{', '{"a":1e400}', '{"__proto__":1}', `${'['.repeat(100)}${']'.repeat(100)}`].map((body) => {
      const reading = format.read(jsonRequest(body), {});
      return reading.kind === 'malformed' ? reading.code : reading.kind;
    });
    expect(codes).toEqual(['JSON_EMPTY', 'JSON_MALFORMED', 'JSON_NUMBER', 'JSON_KEY', 'JSON_TOO_DEEP']);
    expect(format.read(rawRequest({ body: Uint8Array.of(0x22, 0xff, 0x22) }), {})).toMatchObject({
      code: 'JSON_NOT_UTF8',
    });
    for (const body of ['[]', '"x"', '5', 'null', 'true'])
      expect(wrongPaths(format.read(jsonRequest(body), {}))).toEqual(['body']);
  });
});

describe('whatever the bytes are', () => {
  const anyFormat = fc.constantFrom(...all);
  const anyOptions = fc.constantFrom<FormatOptions>(
    {},
    { type: 'a.b', id: { path: 'c' }, time: 't' },
    { type: { const: 'x' }, id: 'id' },
  );

  function holds(format: Format, request: Parameters<Format['read']>[0], options: FormatOptions): void {
    const reading = format.read(request, options);
    if (reading.kind === 'invalid') expect(reading.problems.length).toBeGreaterThan(0);
    if (reading.kind !== 'event') return;
    const { type, key, time, data, raw } = reading.event;
    expect(checkData(format.open ? {} : (format.events[type]?.read ?? { enum: [] }), data)).toEqual([]);
    expect(key).toMatch(/^[^\p{Cc}]{1,200}$/u);
    expect(key.isWellFormed()).toBe(true);
    expect(new Date(time).toISOString()).toBe(time);
    expect(parseJson(stringifyJson(raw))).toMatchObject({ ok: true });
  }

  it('reading does not throw: random bytes, queries and headers', () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      search: fc.string(),
      body: fc.uint8Array({ maxLength: 200 }),
      headers: fc.constantFrom<Record<string, string>>({}, { 'content-type': 'application/x-www-form-urlencoded' }),
    });
    fc.assert(
      fc.property(anyFormat, request, anyOptions, (format, parts, options) =>
        holds(format, rawRequest(parts), options),
      ),
    );
  });

  it('reading does not throw: random JSON', () => {
    fc.assert(
      fc.property(anyFormat, fc.json(), anyOptions, (format, body, options) =>
        holds(format, jsonRequest(body), options),
      ),
    );
  });

  it('reading does not throw: samples with members replaced or removed', () => {
    const one = fc.constantFrom(...cases.filter(({ sample }) => sample.body?.startsWith('{')));
    const wrong = fc.oneof(
      fc.jsonValue(),
      fc.bigInt(),
      fc.constantFrom('', '0', null, -1, 1e21, 2n ** 80n, '\ud800', 'x'.repeat(500)),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(one, fc.nat(), wrong, ({ format, sample }, at, value) => {
        const paths = leafPaths(JSON.parse(sample.body ?? ''));
        holds(format, jsonRequest(changed(sample.body ?? '', paths[at % paths.length] ?? [], value)), {});
      }),
      { numRuns: 500 },
    );
  });

  it('writing does not throw, and what is written can be read again', () => {
    const one = fc.constantFrom(...cases.filter(({ format }) => !format.free));
    const value = fc.oneof(fc.jsonValue(), fc.bigInt(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(one, fc.nat(), value, ({ format, sample, type }, at, replacement) => {
        const { data } = eventOf(format.read(sampleRequest(sample), {}));
        const name = Object.keys(data)[at % Object.keys(data).length] ?? '';
        for (const options of writings(format)) {
          const result = write(format, { type, data: { ...data, [name]: replacement as never } }, options);
          if (result.kind === 'unwritable') expect(result.problems.length).toBeGreaterThan(0);
          else expect(eventOf(format.read(writtenRequest(result.request), {})).type).toBe(type);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('writing refuses data that the schema does not allow, field by field', () => {
    for (const format of all) {
      for (const type of Object.keys(format.events)) {
        const result = write(format, { type, data: { surprise: 1 } });
        expect(result).toMatchObject({ kind: 'unwritable' });
        if (result.kind !== 'unwritable') continue;
        expect(result.problems.map(({ path }) => path)).toContain('surprise');
        const required = format.events[type]?.write.required ?? [];
        expect(result.problems.map(({ path }) => path)).toEqual(expect.arrayContaining([...required]));
      }
      if (!format.free)
        expect(write(format, { type: 'toString', data: {} })).toMatchObject({ problems: [{ path: 'emit' }] });
    }
  });
});

describe('a body that is written', () => {
  it('is JSON with its content type', () => {
    const written = cases
      .filter(({ format }) => !format.free)
      .map(({ format, sample }) => {
        const event = eventOf(format.read(sampleRequest(sample), {}));
        return writtenOf(write(format, event));
      });
    for (const request of written.filter(({ method }) => method === 'POST')) {
      expect(request.headers).toEqual({ 'content-type': 'application/json' });
      expect(parseJson(bodyText(request))).toMatchObject({ ok: true });
    }
  });
});

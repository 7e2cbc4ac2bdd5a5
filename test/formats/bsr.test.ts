import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { parseJson } from '../../src/kit/json.ts';
import { bodyText, eventOf, jsonRequest, problemsOf, sampleRequest, write, writtenOf, wrongPaths } from './request.ts';

const userInfo = {
  user_id: '1609526545',
  user_name: '栞栞Shiori',
  user_avatar: 'https://i1.hdslb.com/bfs/face/47.jpg',
};

function newer(event: string, payload: object = {}, room: object = {}): object {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    event,
    payload: {
      room_info: {
        platform: 'bilibili',
        room_id: '26966466',
        room_title: 't',
        room_cover: 'https://c/x.jpg',
        status: true,
        ...room,
      },
      user_info: userInfo,
      platform_live_id: '1757210000',
      live_id: '1757215994597',
      recording: true,
      enabled: true,
      ...payload,
    },
    timestamp: 1757216040,
  };
}

function documented(event: string, payload: object = {}): object {
  return {
    id: '00000000-0000-4000-8000-000000000002',
    event,
    payload: {
      room_id: 26966466,
      room_info: { room_id: 26966466, room_title: 't', room_cover: 'https://c/x.jpg' },
      user_info: userInfo,
      total_length: 52.96700000000001,
      current_live_id: '1757215994597',
      live_status: true,
      is_recording: true,
      auto_start: true,
      platform: 'bilibili',
      ...payload,
    },
    timestamp: 1757216040,
  };
}

function archive(payload: object = {}): object {
  const whole = {
    platform: 'bilibili',
    live_id: '1',
    room_id: '5',
    title: '',
    length: 9.25,
    size: 0,
    created_at: '',
    cover: null,
    parent_id: '',
  };
  return { id: 'a', event: 'archive.deleted', payload: { ...whole, ...payload }, timestamp: 1 };
}

const read = (body: unknown) => eventOf(bsr.read(jsonRequest(body), {}));
const samples = Object.entries(bsr.events).flatMap(([type, { samples: all }]) =>
  all.map((sample) => [`${type} (${sample.name})`, type, sample] as const),
);

describe('reading bsr', () => {
  it('reads the three wire generations of a record.ended into one event', () => {
    const old = read(documented('record.ended'));
    const now = read(newer('record.ended'));
    expect(now.data).toEqual({
      ...old.data,
      platform_live_id: '1757210000',
      total_length: 45.403,
      total_length_approximate: true,
    });
    expect(old.data).toEqual({
      platform: 'bilibili',
      room_id: '26966466',
      room_title: 't',
      room_cover: 'https://c/x.jpg',
      user_id: '1609526545',
      user_name: '栞栞Shiori',
      user_avatar: 'https://i1.hdslb.com/bfs/face/47.jpg',
      live_id: '1757215994597',
      live_status: true,
      recording: true,
      auto_start: true,
      total_length: 52.96700000000001,
      total_length_approximate: false,
    });
  });

  it('reads the printed v2.16 payload', () => {
    const line = readFileSync(new URL('../fixtures/bsr/v2.16.jsonl', import.meta.url), 'utf8').trim();
    expect(bsr.events['record.ended']?.samples.find(({ name }) => name === 'v2.16')?.body).toBe(line);
    expect(read(line)).toMatchObject({
      type: 'record.ended',
      key: '56fd03e5-3965-4c2e-a6a9-bb6932347eb3',
      time: '2025-09-07T03:34:00.000Z',
      data: { room_id: '26966466', live_id: '1757215994597', total_length: 45.403, total_length_approximate: true },
    });
  });

  it.each([
    ['documented live.started', documented('live.started', { live_status: false }), true],
    ['documented live.ended', documented('live.ended', { live_status: true }), false],
    ['documented record.started', documented('record.started', { live_status: true }), true],
    ['newer live.started', newer('live.started', {}, { status: true }), true],
    ['newer live.ended', newer('live.ended', {}, { status: false }), false],
  ])('gives live_status after the change: %s', (_, body, status) => expect(read(body).data.live_status).toBe(status));

  it.each([
    [26966466, '26966466'],
    ['26966466', '26966466'],
    ['@name', '@name'],
    ['https://live.example.com/a?b=c', 'https://live.example.com/a?b=c'],
    ['007', '007'],
    [0, '0'],
    [1e21, '1000000000000000000000'],
  ])('keeps the room %j as the text %j', (room_id, text) => {
    expect(read(newer('live.started', {}, { room_id })).data.room_id).toBe(text);
    expect(read(documented('live.started', { room_id })).data.room_id).toBe(text);
    expect(read(archive({ room_id })).data.room_id).toBe(text);
  });

  it('keeps whole room numbers beyond 2^53 exact', () => {
    const body = JSON.stringify(documented('live.started')).replaceAll('26966466', '9007199254740993123');
    expect(read(body).data.room_id).toBe('9007199254740993123');
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), (room) => {
        expect(read(body.replaceAll('9007199254740993123', `${room}`)).data.room_id).toBe(`${room}`);
      }),
    );
  });

  it.each([
    ['an empty live_id', newer('record.ended', { live_id: '' })],
    ['a live_id that is no time', newer('record.ended', { live_id: 'abc' })],
    ['a live_id after the event', newer('record.ended', { live_id: '1757299999999' })],
    ['an event that is no end', newer('record.started')],
  ])('leaves total_length out where it cannot be worked out: %s', (_, body) => {
    const { data } = read(body);
    expect(data).not.toHaveProperty('total_length');
    expect(data.total_length_approximate).toBe(false);
  });

  it('takes an end in the second of its start for no length', () => {
    expect(read(newer('record.ended', { live_id: '1757216040412' })).data.total_length).toBe(0);
  });

  it('keeps the live_id of a phantom end empty, for filters to see', () => {
    expect(read(newer('record.ended', { live_id: '' })).data.live_id).toBe('');
    expect(read(documented('record.ended', { current_live_id: '' })).data.live_id).toBe('');
  });

  it('leaves covers, avatars and ids out that are empty or null, and keeps empty texts', () => {
    const { data } = read(
      newer(
        'live.started',
        { platform_live_id: '', user_info: { ...userInfo, user_name: '', user_avatar: '' } },
        { room_cover: '', room_title: '' },
      ),
    );
    for (const name of ['room_cover', 'user_avatar', 'platform_live_id']) expect(data).not.toHaveProperty(name);
    expect(data).toMatchObject({ room_title: '', user_name: '' });
    expect(read(newer('live.started', {}, { room_cover: null })).data).not.toHaveProperty('room_cover');
    expect(read(archive()).data).toEqual({
      platform: 'bilibili',
      live_id: '1',
      room_id: '5',
      title: '',
      length: 9.25,
      size: 0,
      created_at: '',
    });
  });

  it('takes the newer fields for true where a sender writes both generations', () => {
    const both = {
      ...documented('record.ended'),
      payload: {
        ...(documented('record.ended') as { payload: object }).payload,
        ...(newer('record.ended', { live_id: '1757215990000' }) as { payload: object }).payload,
      },
    };
    expect(read(both).data).toMatchObject({
      live_id: '1757215990000',
      total_length: 50,
      total_length_approximate: true,
    });
  });

  it('names every wrong field as it is called on the wire', () => {
    const body = {
      id: 5,
      event: 'record.ended',
      timestamp: 'now',
      payload: { room_info: { room_id: 1.5, platform: 7 }, live_id: 8, user_info: { user_id: 475210 } },
    };
    expect(wrongPaths(bsr.read(jsonRequest(body), {}))?.toSorted()).toEqual([
      'id',
      'payload.live_id',
      'payload.room_info.platform',
      'payload.room_info.room_id',
      'payload.user_info.user_id',
      'timestamp',
    ]);
    expect(wrongPaths(bsr.read(jsonRequest({ ...newer('live.started'), payload: [] }), {}))).toEqual(['payload']);
  });

  it.each([-1, 1.5, 1e12, 1757216040000, '1757216040', 2n ** 70n])('refuses the timestamp %s', (timestamp) => {
    expect(wrongPaths(bsr.read(jsonRequest({ ...newer('live.started'), timestamp }), {}))).toEqual(['timestamp']);
  });

  it('refuses an empty id, by which every event would be the same', () => {
    expect(wrongPaths(bsr.read(jsonRequest({ ...newer('live.started'), id: '' }), {}))).toEqual(['id']);
  });
});

describe('writing bsr', () => {
  it.each(samples)('gives the very payload that was read, in its own generation: %s', (_, type, sample) => {
    const event = eventOf(bsr.read(sampleRequest(sample), {}));
    const request = writtenOf(bsr.write({ ...event, id: event.key }, { version: sample.name.replace('v', '') }));
    expect(request).toMatchObject({ event: type, method: 'POST' });
    expect(parseJson(bodyText(request))).toEqual({ ok: true, value: JSON.parse(sample.body ?? '') });
    if (sample.name === 'documented') expect(bodyText(request)).toBe(sample.body);
  });

  it('serves a consumer of the documented generation from any other', () => {
    for (const [type, { samples: all }] of Object.entries(bsr.events)) {
      const [first, ...others] = all;
      const shape = (body: string | undefined) =>
        Object.entries(JSON.parse(body ?? '{}').payload).map(([name, value]) => `${name}: ${typeof value}`);
      for (const sample of others) {
        const event = eventOf(bsr.read(sampleRequest(sample), {}));
        const request = writtenOf(write(bsr, event, { version: 'documented' }));
        expect([type, shape(bodyText(request))]).toEqual([type, shape(first?.body)]);
      }
    }
  });

  it.each([
    [undefined, '26966466', '26966466'],
    ['2.16', '26966466', '26966466'],
    [2.16, '26966466', '26966466'],
    ['2.15', '26966466', 26966466],
    [2.15, '26966466', 26966466],
    ['documented', '26966466', 26966466],
  ])('with version %s writes the room %j of a clip as %j', (version, room_id, onWire) => {
    const data = { platform: 'bilibili', room_id, file: 'a.mp4' };
    const request = writtenOf(write(bsr, { type: 'clip.generated', data }, version === undefined ? {} : { version }));
    expect(JSON.parse(bodyText(request)).payload.room_id).toBe(onWire);
  });

  it('writes a room beyond 2^53 exactly, and a live room of v2.15 as text', () => {
    const data = { platform: 'bilibili', room_id: '9007199254740993123' };
    expect(bodyText(writtenOf(write(bsr, { type: 'live.started', data }, { version: 'documented' })))).toContain(
      '"room_id":9007199254740993123,',
    );
    expect(bodyText(writtenOf(write(bsr, { type: 'live.started', data }, { version: '2.15' })))).toContain(
      '"room_id":"9007199254740993123"',
    );
  });

  it.each(['@name', '', '007', '1.5', '-1', '1e3', ' 1', 'https://x/1'])(
    'refuses the room %j where a number is needed, and says what to do',
    (room_id) => {
      const data = { platform: 'tiktok', room_id };
      expect(problemsOf(write(bsr, { type: 'live.started', data }, { version: 'documented' }))).toEqual([
        { path: 'room_id', message: expect.stringMatching(/whole number.*\$table/) },
      ]);
      expect(
        problemsOf(write(bsr, { type: 'recorder.added', data: { ...data, auto_start: true } }, { version: '2.15' })),
      ).toHaveLength(1);
      expect(problemsOf(write(bsr, { type: 'live.started', data }, { version: '2.15' }))).toEqual([]);
      expect(problemsOf(write(bsr, { type: 'live.started', data }, {}))).toEqual([]);
    },
  );

  it('writes every field, "" for what is unknown and null for an unknown cover', () => {
    const live = writtenOf(write(bsr, { type: 'live.ended', data: { platform: 'huya', room_id: '1' } }));
    expect(JSON.parse(bodyText(live))).toEqual({
      id: '56fd03e5-3965-4c2e-a6a9-bb6932347eb3',
      event: 'live.ended',
      payload: {
        room_info: { platform: 'huya', room_id: '1', room_title: '', room_cover: '', status: false },
        user_info: { user_id: '', user_name: '', user_avatar: '' },
        platform_live_id: '',
        live_id: '',
        recording: false,
        enabled: true,
      },
      timestamp: 1757216040,
    });
    const archived = { type: 'archive.deleted', data: { platform: 'huya', room_id: '1', live_id: '5', length: 9.5 } };
    expect(JSON.parse(bodyText(writtenOf(write(bsr, archived)))).payload).toMatchObject({
      cover: null,
      parent_id: '',
      length: 9.5,
    });
    expect(JSON.parse(bodyText(writtenOf(write(bsr, archived, { version: 'documented' })))).payload).toMatchObject({
      cover: '',
      length: 10,
    });
  });

  it.each([
    [undefined, 55.588],
    ['2.15', 55.588],
    ['documented', 56],
  ])('with version %s writes a clip of 55.588 s as one of %d', (version, length) => {
    const data = { platform: 'streamrec', room_id: '1', file: 'a.webm', length: 55.588 };
    const request = writtenOf(write(bsr, { type: 'clip.generated', data }, version === undefined ? {} : { version }));
    expect(JSON.parse(bodyText(request)).payload.length).toBe(length);
  });

  it('writes the state before the change in the documented generation', () => {
    const status = (type: string) =>
      JSON.parse(
        bodyText(writtenOf(write(bsr, { type, data: { platform: 'x', room_id: '1' } }, { version: 'documented' }))),
      ).payload.live_status;
    expect([status('live.started'), status('live.ended'), status('record.ended')]).toEqual([false, true, true]);
  });

  it('cuts the time to the second that has begun', () => {
    const event = { type: 'live.started', data: { platform: 'x', room_id: '1' }, time: '2025-09-07T03:34:00.999Z' };
    expect(JSON.parse(bodyText(writtenOf(write(bsr, event)))).timestamp).toBe(1757216040);
  });

  it('keeps sizes beyond 2^53 exact', () => {
    const data = { platform: 'x', room_id: '1', file: 'a.mp4', size: 9007199254740993n };
    expect(bodyText(writtenOf(write(bsr, { type: 'clip.generated', data })))).toContain('"size":9007199254740993,');
  });
});

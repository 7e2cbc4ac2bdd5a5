import { describe, expect, it } from 'vitest';
import { sigma } from '../../src/formats/sigma/index.ts';
import { bodyText, eventOf, jsonRequest, problemsOf, write, writtenOf, wrongPaths } from './request.ts';

const live = { event: 'channel_live', eventTime: 1476697473034, id: '5201198' };
const post = (body: unknown) => sigma.read(jsonRequest(body), {});

describe('reading sigma', () => {
  it('needs an event, its time and the channel, and nothing else', () => {
    expect(eventOf(post(live))).toEqual({
      type: 'channel_live',
      key: '["5201198","channel_live","1476697473034"]',
      time: '2016-10-17T09:44:33.034Z',
      data: { id: '5201198' },
      raw: live,
    });
  });

  it('reads a channel that is nested as one that is flattened, with the same key', () => {
    const { id, ...envelope } = live;
    const nested = eventOf(post({ ...envelope, channel: { id, name: 'n', recordUrl: ['https://x/a.mp4'] } }));
    const flat = eventOf(post({ ...live, name: 'n', recordUrl: ['https://x/a.mp4'] }));
    expect(nested.data).toEqual(flat.data);
    expect(nested.key).toBe(flat.key);
    expect(wrongPaths(post({ ...envelope, channel: { id: 5, tags: ['a', 5] } }))?.toSorted()).toEqual([
      'channel.id',
      'channel.tags[1]',
    ]);
    expect(wrongPaths(post({ ...envelope, channel: {} }))).toEqual(['channel.id']);
    expect(wrongPaths(post(envelope))).toEqual(['id']);
    expect(wrongPaths(post({ ...envelope, channel: 'x' }))).toEqual(['id']);
  });

  it('tells live, stop, live and ended of one channel apart', () => {
    const keys = [
      live,
      { ...live, event: 'channel_stop', eventTime: 2 },
      { ...live, eventTime: 3 },
      { ...live, event: 'channel_ended', eventTime: 3 },
      { ...live, id: '6' },
    ];
    expect(new Set(keys.map((body) => eventOf(post(body)).key)).size).toBe(5);
    expect(eventOf(post({ ...live, name: 'renamed' })).key).toBe(eventOf(post(live)).key);
  });

  it('keeps every file of a recording, in order', () => {
    const recordUrl = ['https://x/1.mp4', 'https://x/2.mp4'];
    expect(eventOf(post({ ...live, event: 'channel_ended', recordUrl })).data.recordUrl).toEqual(recordUrl);
  });

  it('leaves out what is null, and URLs and times that are empty', () => {
    const empty = { videoUrl: '', createdAt: '', startTime: '', stopTime: '' };
    expect(
      eventOf(post({ ...live, ...empty, name: null, tags: null, thumbnailUrl: null, description: '' })).data,
    ).toEqual({ id: '5201198', description: '' });
  });

  it('leaves out a file without a URL', () => {
    const files = (recordUrl: unknown) => eventOf(post({ ...live, recordUrl })).data.recordUrl;
    expect(files(['', 'https://x/1.mp4', ''])).toEqual(['https://x/1.mp4']);
    expect(files([''])).toEqual([]);
    expect(files([])).toEqual([]);
  });

  it('takes a mode, status or health that is not documented', () => {
    expect(eventOf(post({ ...live, mode: 'hyper', status: 'paused', health: 'fine' })).data).toMatchObject({
      mode: 'hyper',
    });
  });

  it('names every wrong field', () => {
    const wrong = {
      event: 'channel_live',
      eventTime: '1476697473034',
      id: '',
      tags: 'a',
      recordUrl: ['x', 5],
      duration: '100',
      catchup: 'yes',
    };
    expect(wrongPaths(post(wrong))?.toSorted()).toEqual([
      'catchup',
      'duration',
      'eventTime',
      'id',
      'recordUrl[1]',
      'tags',
    ]);
    for (const eventTime of [-1, 1.5, 1e18, 2n ** 70n, null])
      expect(wrongPaths(post({ ...live, eventTime }))).toEqual(['eventTime']);
  });
});

describe('writing sigma', () => {
  it('flattens the channel beside the event, with the time in milliseconds', () => {
    const data = { id: '5201198', name: 'n', recordUrl: ['https://x/a.mp4'], duration: 62 };
    const request = writtenOf(write(sigma, { type: 'channel_ended', data, time: '2019-04-18T10:00:00.011Z' }));
    expect(bodyText(request)).toBe(
      `{"event":"channel_ended","eventTime":1555581600011,"id":"5201198","name":"n","recordUrl":["https://x/a.mp4"],"duration":62}`,
    );
  });

  it('refuses a value that Sigma does not know, and a single text for a list', () => {
    const paths = (data: object) => problemsOf(write(sigma, { type: 'channel_live', data })).map(({ path }) => path);
    expect(paths({ id: '1', mode: 'hyper', status: 'x', health: 'y' }).toSorted()).toEqual([
      'health',
      'mode',
      'status',
    ]);
    expect(paths({ id: '1', recordUrl: 'https://x/a.mp4' })).toEqual(['recordUrl']);
    expect(paths({ id: '' })).toEqual(['id']);
    expect(paths({ id: '1', eventTime: 5 })).toEqual(['eventTime']);
  });
});

import { describe, expect, it } from 'vitest';
import { remotemonster } from '../../src/formats/remotemonster/index.ts';
import {
  bodyText,
  eventOf,
  jsonRequest,
  problemsOf,
  RECEIVED_AT,
  rawRequest,
  write,
  writtenOf,
  wrongPaths,
} from './request.ts';

const record = {
  id: '1581324488053_Dc5aQ',
  url: 'https://s3.example.com/a.mp4',
  duration: '62',
  filesize: '5304911',
  thumbnail: 'https://s3.example.com/t.jpg',
};
const encoder = new TextEncoder();
const form = (text: string, type = 'application/x-www-form-urlencoded') =>
  remotemonster.read(rawRequest({ headers: { 'content-type': type }, body: encoder.encode(text) }), {});
const query = (search: string) => remotemonster.read(rawRequest({ method: 'GET', headers: {}, search }), {});
const post = (body: unknown) => remotemonster.read(jsonRequest(body), {});

describe('reading remotemonster', () => {
  it('tells the next broadcast of one channel from a repeat by the webhook-id, where the sender has one', () => {
    const create = (id: string) =>
      eventOf(
        remotemonster.read(
          rawRequest({ method: 'GET', headers: { 'webhook-id': id }, search: 'action=create&chid=bilibili_1' }),
          {},
        ),
      ).key;
    expect(create('dlv_a')).toBe(create('dlv_a'));
    expect(create('dlv_a')).not.toBe(create('dlv_b'));
  });

  it('tells one recording by the same key and data, however it comes', () => {
    const { thumbnail: _, ...values } = record;
    const body = new URLSearchParams(values).toString();
    const all = [
      post(values),
      post({ ...values, duration: 62, filesize: 5304911 }),
      form(body),
      form(body, 'application/x-www-form-urlencoded; charset=utf-8'),
      query(body),
    ].map(eventOf);
    for (const event of all) expect(event).toMatchObject({ type: 'record.done', key: all[0]?.key, data: values });
  });

  it('takes the time of receipt, since the sender names none', () => {
    expect(eventOf(post(record)).time).toBe(new Date(RECEIVED_AT).toISOString());
    expect(eventOf(query('action=create&chid=abcd')).time).toBe(new Date(RECEIVED_AT).toISOString());
  });

  it.each([
    ['the documented GET', query('action=create&chid=a%20b+c_%ED%95%9C'), 'channel.create', 'a b c_한'],
    ['a GET with id', query('action=close&id=abcd'), 'channel.close', 'abcd'],
    ['the POST body of 2018', post({ chid: 'abcd', action: 'close' }), 'channel.close', 'abcd'],
    ['a POST body with id', post({ id: 'abcd', action: 'create' }), 'channel.create', 'abcd'],
    ['a form', form('action=close&chid=abcd'), 'channel.close', 'abcd'],
    [
      'a POST with its values in the query',
      remotemonster.read(rawRequest({ headers: {}, search: 'action=create&chid=abcd' }), {}),
      'channel.create',
      'abcd',
    ],
  ])('reads %s', (_, reading, type, chid) => expect(eventOf(reading)).toMatchObject({ type, data: { chid } }));

  it('reads the record GET of 2018', () => {
    expect(eventOf(query('chid=abcd&url=https%3A%2F%2Fx%2Fa.mp4'))).toMatchObject({
      type: 'record.done',
      data: { id: 'abcd', url: 'https://x/a.mp4' },
    });
  });

  it('tells two hooks on one path apart', () => {
    expect(eventOf(post(record)).type).toBe('record.done');
    expect(eventOf(post({ chid: 'abcd', action: 'create' })).type).toBe('channel.create');
  });

  it.each([
    [62, '62'],
    ['62', '62'],
    [62.5, '62.5'],
    ['062', '062'],
    [0, '0'],
    [5304911, '5304911'],
    [9007199254740993n, '9007199254740993'],
    [1e21, '1000000000000000000000'],
  ])('takes the amount %s for the text %s', (amount, text) => {
    expect(eventOf(post({ ...record, duration: amount, filesize: amount })).data).toMatchObject({
      duration: text,
      filesize: text,
    });
  });

  it.each(['', null, undefined])('leaves out what is %j', (nothing) => {
    const { data } = eventOf(post({ ...record, duration: nothing, filesize: nothing, thumbnail: nothing }));
    expect(data).toEqual({ id: record.id, url: record.url });
  });

  it('names every wrong field', () => {
    expect(wrongPaths(post({ id: 5, url: 6, duration: 'soon', filesize: -1, thumbnail: 7 }))?.toSorted()).toEqual([
      'duration',
      'filesize',
      'id',
      'thumbnail',
      'url',
    ]);
    expect(wrongPaths(post({ url: 'https://x/a.mp4' }))).toEqual(['id']);
    expect(wrongPaths(post({ id: '', url: '' }))).toEqual(['id', 'url']);
    expect(wrongPaths(post({ id: 'abcd', chid: 5, url: 'x' }))).toBeUndefined();
    expect(wrongPaths(query('action=create'))).toEqual(['chid']);
    expect(wrongPaths(query('action=create&chid='))).toEqual(['chid']);
    expect(wrongPaths(query(''))).toEqual(['action']);
    expect(wrongPaths(query('chid=abcd'))).toEqual(['action']);
  });

  it('refuses a form that is no UTF-8 or names __proto__, and an empty POST', () => {
    expect(
      remotemonster.read(
        rawRequest({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Uint8Array.of(0xff) }),
        {},
      ),
    ).toMatchObject({ kind: 'malformed', code: 'FORM_NOT_UTF8' });
    expect(query('__proto__=1&action=create&chid=abcd')).toMatchObject({ kind: 'malformed', code: 'FORM_KEY' });
    expect(post('')).toMatchObject({ kind: 'malformed', code: 'JSON_EMPTY' });
  });

  it('takes the last of a repeated name, as in JSON', () => {
    expect(eventOf(query('action=create&chid=first&chid=last')).data).toEqual({ chid: 'last' });
  });

  it('gives different events different keys', () => {
    const keys = [
      post(record),
      post({ ...record, url: 'https://s3.example.com/b.mp4' }),
      post({ ...record, id: 'other' }),
      post({ ...record, duration: '63' }),
      query('action=create&chid=abcd'),
      query('action=close&chid=abcd'),
      query('action=create&chid=abce'),
    ].map((reading) => eventOf(reading).key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('writing remotemonster', () => {
  it('writes a recording as texts, and leaves out what is unknown', () => {
    expect(bodyText(writtenOf(write(remotemonster, { type: 'record.done', data: record })))).toBe(
      JSON.stringify(record),
    );
    const { id, url } = record;
    expect(bodyText(writtenOf(write(remotemonster, { type: 'record.done', data: { url, id } })))).toBe(
      JSON.stringify({ id, url }),
    );
  });

  it.each([
    ['62', '62'],
    ['62.5', '63'],
    ['52.96700000000001', '53'],
    ['9007199254740993', '9007199254740993'],
    ['0', '0'],
  ])('writes %s as whole seconds and bytes: %s', (amount, text) => {
    const request = writtenOf(
      write(remotemonster, { type: 'record.done', data: { ...record, duration: amount, filesize: amount } }),
    );
    expect(JSON.parse(bodyText(request))).toMatchObject({ duration: text, filesize: text });
  });

  it('refuses numbers where texts belong, and texts that are no numbers', () => {
    const paths = (data: object) =>
      problemsOf(write(remotemonster, { type: 'record.done', data: { ...record, ...data } })).map(({ path }) => path);
    expect(paths({ duration: 62, filesize: 5304911 })).toEqual(['duration', 'filesize']);
    expect(paths({ duration: 'soon' })).toEqual(['duration']);
    expect(paths({ thumbnail: null })).toEqual(['thumbnail']);
    expect(paths({ url: '' })).toEqual(['url']);
  });

  it.each([
    ['channel.create', 'create'],
    ['channel.close', 'close'],
  ])('writes %s as a GET with its values in the query', (type, action) => {
    expect(writtenOf(write(remotemonster, { type, data: { chid: 'bilibili_a b/c' } }))).toEqual({
      event: type,
      method: 'GET',
      query: [
        ['action', action],
        ['chid', 'bilibili_a b/c'],
      ],
      headers: {},
      body: null,
    });
  });

  it.each([
    ['abc', /4 to 1024 characters.*not 3/],
    ['x'.repeat(1025), /4 to 1024 characters.*not 1025/],
    ['bilibili:26966466', /":"/],
    ['a;bc', /";"/],
    ['a*bc', /"\*"/],
    ['a$bc', /"\$"/],
    ['a`bc', /"`"/],
    ['room한국', /Hangul/],
    ['roomㄱ', /Hangul/],
    ['abc\ud800', /well-formed/],
  ])('refuses the channel id %j', (id, message) => {
    expect(problemsOf(write(remotemonster, { type: 'channel.create', data: { chid: id } }))).toEqual([
      { path: 'chid', message: expect.stringMatching(message) },
    ]);
    expect(problemsOf(write(remotemonster, { type: 'record.done', data: { ...record, id } }))).toEqual([
      { path: 'id', message: expect.stringMatching(message) },
    ]);
  });

  it.each(['abcd', 'x'.repeat(1024), 'bilibili_26966466', '@name', '😀😀😀😀', 'a/b?c&d'])(
    'takes the channel id %j',
    (chid) => {
      expect(write(remotemonster, { type: 'channel.close', data: { chid } })).toMatchObject({ kind: 'written' });
    },
  );
});

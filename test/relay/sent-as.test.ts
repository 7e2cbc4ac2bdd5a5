import { describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import type { Format } from '../../src/model/format.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { sentAs, type Written } from '../../src/relay/sent-as.ts';

function written(name: string, type: string, data: JsonObject): Written {
  const format = formats.get(name) as Format;
  const event = { type, data, id: '56fd03e5-3965-4c2e-a6a9-bb6932340000', time: '2026-01-01T00:00:00.000Z' };
  const result = format.write(event, {});
  if (result.kind === 'unwritable') throw new Error(JSON.stringify(result.problems));
  return { format, options: {}, event, request: result.request };
}

describe('where a field of emitted data stands in its request', () => {
  it.each([
    ['remotemonster', 'channel.create', { chid: 'room_1' }, 'chid', ['query.chid']],
    ['remotemonster', 'record.done', { id: 'room_1', url: 'https://x/a.mp4', duration: '12' }, 'url', ['body.url']],
    [
      'remotemonster',
      'record.done',
      { id: 'room_1', url: 'https://x/a.mp4', duration: '12' },
      'duration',
      ['body.duration'],
    ],
    [
      'sigma',
      'channel_ended',
      { id: 'a', status: 'ended', recordUrl: ['https://x/1', 'https://x/2'] },
      'recordUrl[1]',
      ['body.recordUrl[1]'],
    ],
    [
      'json',
      'request',
      { method: 'POST', path: '/a', body: { list: [{ n: 1 }], yes: true } },
      'body.list[0].n',
      ['body.list[0].n'],
    ],
    ['json', 'request', { method: 'POST', path: '/a', body: { list: [], yes: true } }, 'body.yes', ['body.yes']],
    ['json', 'request', { method: 'POST', path: '/a', body: { big: 10n ** 20n } }, 'body.big', ['body.big']],
    ['json', 'request', { method: 'POST', query: { tag: ['a', 'b'] }, body: null }, 'query.tag[0]', ['query.tag[0]']],
    ['json', 'request', { method: 'POST', path: '/a', body: null }, 'path', ['url_suffix']],
    ['json', 'request', { method: 'POST', path: '/a', body: {} }, 'body.not_there', []],
  ])('%s %s (%#)', (format, type, data, field, expected) => {
    expect(sentAs(written(format, type, data as JsonObject), field)).toEqual(expected);
  });
});

import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import type { EventScope, WrittenRequest } from '../../src/model/event.ts';
import type { Format } from '../../src/model/format.ts';
import type { Json } from '../../src/model/json.ts';
import { loadMappingsFrom } from '../../src/plan/make-plan.ts';
import { buildScope } from '../../src/receive/scope.ts';
import { prepareRequests } from '../../src/translate/prepare.ts';
import { eventOf, jsonRequest, writtenRequest } from '../formats/request.ts';

const { mappings } = loadMappingsFrom(resolve(import.meta.dirname, '../../mappings'));
const PLATFORMS = ['bilibili', 'douyin', 'huya', 'kuaishou', 'tiktok', 'youtube', 'xiaohongshu', 'weibo'];

/** Ids of any characters, and URLs; short enough for RemoteMonster once each of their characters is escaped. */
const anyId = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
  fc.webUrl({ withQueryParameters: true }).map((url) => url.slice(0, 300)),
);

function scopeOf(format: Format, body: Json): EventScope {
  const request = jsonRequest(body);
  const recognised = eventOf(format.read(request, {}));
  const envelope = { id: 'evt_1', source: format.name, format: format.name, receivedAt: 0, ...recognised };
  return buildScope({ envelope, request, recognised, params: {} });
}

function translated(name: string, scope: EventScope): WrittenRequest {
  const mapping = mappings.get(name);
  const format = mapping && formats.get(mapping.to);
  if (!mapping || !format) throw new Error(`there is no mapping ${name}`);
  const prepared = prepareRequests({ mapping, scope, target: { format, options: {} } });
  if (prepared.kind !== 'requests') throw new Error(prepared.reason.message);
  return prepared.requests[0] as WrittenRequest;
}

function bsrStart(platform: string, room_id: string): EventScope {
  const room_info = { platform, room_id, room_title: '', room_cover: '', status: true };
  const user_info = { user_id: '', user_name: '', user_avatar: '' };
  const payload = { room_info, user_info, platform_live_id: '', live_id: '', recording: false, enabled: true };
  return scopeOf(formats.get('bsr') as Format, { id: 'x', event: 'live.started', payload, timestamp: 1757217190 });
}

describe('channel ids', () => {
  it('are ids that RemoteMonster takes, whatever the room, channel or client is called', () => {
    const sigma = (id: string) => scopeOf(formats.get('sigma') as Format, { event: 'channel_live', eventTime: 1, id });
    const streamrec = (client_id: string) =>
      scopeOf(formats.get('streamrec') as Format, { status: 'session_finished', client_id });
    fc.assert(
      fc.property(anyId, (id) => {
        expect(translated('bsr-to-remotemonster', bsrStart('bilibili', id)).method).toBe('GET');
        expect(translated('sigma-to-remotemonster', sigma(id)).method).toBe('GET');
        expect(translated('streamrec-to-remotemonster', streamrec(id)).method).toBe('GET');
      }),
    );
  });

  it('give a BSR room back its platform and its id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLATFORMS), anyId, (platform, room) => {
        const sent = translated('bsr-to-remotemonster', bsrStart(platform, room));
        const remotemonster = formats.get('remotemonster') as Format;
        const request = writtenRequest(sent);
        const recognised = eventOf(remotemonster.read(request, {}));
        const envelope = { id: 'evt_2', source: 'rm', format: 'remotemonster', receivedAt: 0, ...recognised };
        const back = translated('remotemonster-to-bsr', buildScope({ envelope, request, recognised, params: {} }));
        const { payload } = JSON.parse(new TextDecoder().decode(back.body ?? new Uint8Array()));
        expect(payload.room_info).toMatchObject({ platform, room_id: room.toWellFormed() });
      }),
    );
  });
});

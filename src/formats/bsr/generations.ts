/** The payloads of BSR's three wire generations: what v2.12–2.14 (documented), v2.15, and v2.16 and later put on the wire. */
import Type, { type Static, type TSchema } from 'typebox';
import { either } from '../either.ts';

/** `payload` in the envelope that all nine events share. */
export function envelope<Payload extends TSchema>(payload: Payload) {
  return Type.Object({
    id: Type.String({ minLength: 1, description: 'the id of the event, the same on every try' }),
    event: Type.String({ description: 'the event type' }),
    payload,
    timestamp: Type.Integer({ minimum: 0, maximum: 253_402_300_799, description: 'when it was sent, epoch seconds' }),
  });
}

const roomId = either<string | number | bigint>(
  ['string', 'integer'],
  'the room: a number before v2.15 (v2.16 in recorder, archive and clip payloads), a string since',
);
const cover = Type.Optional(either<string | null>(['string', 'null'], 'the cover'));
const text = (description: string) => Type.Optional(Type.String({ description }));
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const platform = Type.String({ description: 'the platform: bilibili, douyin, tiktok, …' });

const userInfo = Type.Optional(
  Type.Object({
    user_id: text('the user'),
    user_name: text("the user's name"),
    user_avatar: Type.Optional(either<string | null>(['string', 'null'], 'an image')),
  }),
);

/** `live.*` and `record.*` as documented. */
export const documentedLive = Type.Object({
  room_id: roomId,
  room_info: Type.Optional(
    Type.Object({ room_id: Type.Optional(roomId), room_title: text('the title'), room_cover: cover }),
  ),
  user_info: userInfo,
  total_length: Type.Optional(Type.Number({ description: 'seconds recorded (documented generation only)' })),
  current_live_id: text('the recording, epoch milliseconds of its start (documented generation only)'),
  live_status: flag('whether it was live before the change (documented generation only)'),
  is_recording: flag('whether it is recorded; unreliable (documented generation only)'),
  auto_start: flag('whether recording starts by itself (documented generation only)'),
  platform,
});

/** `live.*` and `record.*` since v2.15. */
export const newerLive = Type.Object({
  room_info: Type.Object({
    platform,
    room_id: roomId,
    room_title: text('the title'),
    room_cover: cover,
    status: flag('whether it is live after the change (since v2.15)'),
  }),
  user_info: userInfo,
  platform_live_id: text("the broadcast by the platform's own id (since v2.15)"),
  live_id: Type.String({ description: 'the recording, epoch milliseconds of its start (since v2.15)' }),
  recording: flag('whether it is recorded; unreliable (since v2.15)'),
  enabled: flag('whether recording starts by itself (since v2.15)'),
});

export const recorderPayload = Type.Object({
  room_id: roomId,
  created_at: Type.String({ description: 'when it was added' }),
  platform,
  auto_start: Type.Boolean({ description: 'whether recording starts by itself' }),
  extra: text("the platform's own"),
});

export const archivePayload = Type.Object({
  platform,
  live_id: Type.String({ description: 'the recording, epoch milliseconds of its start' }),
  room_id: roomId,
  title: text('the title'),
  length: Type.Number({ description: 'seconds; a whole number as documented, a float since' }),
  size: Type.Integer({ description: 'bytes' }),
  created_at: text('when it was made'),
  cover,
  parent_id: text('the recording that it continues (newer generations only)'),
});

export const clipPayload = Type.Object({
  id: Type.Integer({ description: 'the clip' }),
  room_id: roomId,
  cover,
  file: Type.String({ description: 'the name of the file' }),
  note: text("the user's note"),
  length: Type.Number({ description: 'seconds' }),
  size: Type.Integer({ description: 'bytes' }),
  status: Type.Optional(Type.Integer({ description: 'of its upload' })),
  bvid: text('where it was published'),
  title: text('its title there'),
  desc: text('its description there'),
  tags: text('its tags there'),
  area: Type.Optional(Type.Integer({ description: 'its area there' })),
  created_at: text('when it was made'),
  platform,
});

export type DocumentedLive = Static<typeof documentedLive>;
export type NewerLive = Static<typeof newerLive>;
export type RecorderPayload = Static<typeof recorderPayload>;
export type ArchivePayload = Static<typeof archivePayload>;
export type ClipPayload = Static<typeof clipPayload>;

const NEWER_ONLY = ['live_id', 'platform_live_id', 'recording', 'enabled'] as const;

/** True where a `live.*` or `record.*` payload has a field that only v2.15 and later send. */
export function isNewerLive(payload: object): boolean {
  return NEWER_ONLY.some((name) => Object.hasOwn(payload, name));
}

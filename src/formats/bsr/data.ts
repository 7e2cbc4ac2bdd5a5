/** BSR's events as rules and mappings see them: flat, and the same over all wire generations. */
import Type, { type Static } from 'typebox';

const platform = Type.String({
  description: 'the platform, an open set: bilibili, douyin, huya, kuaishou, tiktok, youtube, xiaohongshu, weibo',
  examples: ['bilibili'],
});
const roomId = Type.String({
  description: 'the room, always a string and exact: a number on some platforms, `@name` on TikTok, a URL on one',
  examples: ['26966466', '@name'],
});
const createdAt = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}, as sent: 6 to 9 fraction digits, any offset` });
const autoStart = 'whether recording starts by itself (`auto_start`, since v2.15 `enabled`)';
const length = Type.Number({ description: 'seconds', examples: [121] });
const size = Type.Integer({ description: 'bytes', examples: [53049119] });

export const recorderData = Type.Object(
  {
    platform,
    room_id: roomId,
    created_at: createdAt('when the room was added'),
    auto_start: Type.Boolean({ description: autoStart }),
    extra: Type.String({ description: "the platform's own; empty where there is nothing" }),
  },
  { additionalProperties: false },
);

export const liveData = Type.Object(
  {
    platform,
    room_id: roomId,
    room_title: Type.String({ description: 'the title of the room; empty where unknown' }),
    room_cover: Type.Optional(
      Type.String({
        format: 'uri',
        description: "the room's cover; left out where unknown (on the wire empty or null)",
      }),
    ),
    user_id: Type.String({ description: 'the broadcaster; empty where unknown' }),
    user_name: Type.String({ description: "the broadcaster's name; empty where unknown" }),
    user_avatar: Type.Optional(
      Type.String({ format: 'uri', description: 'an image of the broadcaster; left out where unknown' }),
    ),
    live_id: Type.String({
      description:
        'the recording: epoch milliseconds of its start, as text. Empty where nothing is recorded; a record.ended with an ' +
        'empty one is a phantom of a recording that could not start',
      examples: ['1757215994597', ''],
    }),
    platform_live_id: Type.Optional(
      Type.String({ description: "the broadcast by the platform's own id; left out where unknown and before v2.15" }),
    ),
    live_status: Type.Optional(
      Type.Boolean({ description: 'whether the room is live after the change, whichever generation sent it' }),
    ),
    recording: Type.Optional(
      Type.Boolean({ description: 'whether it is recorded; unreliable on record.started, never filter on it' }),
    ),
    auto_start: Type.Optional(Type.Boolean({ description: autoStart })),
    total_length: Type.Optional(
      Type.Number({
        description:
          'seconds recorded. Since v2.15 it is not sent: on record.ended it is the time from live_id to the event, and ' +
          'elsewhere, or where live_id is empty, it is left out',
        examples: [52.967],
      }),
    ),
    total_length_approximate: Type.Boolean({ description: 'true where total_length was not sent but worked out' }),
  },
  { additionalProperties: false },
);

export const archiveData = Type.Object(
  {
    platform,
    live_id: Type.String({ description: 'the recording: epoch milliseconds of its start, as text' }),
    room_id: roomId,
    title: Type.String({ description: 'the title; empty where unknown' }),
    length,
    size,
    created_at: createdAt('when the recording was made'),
    cover: Type.Optional(
      Type.String({ description: 'its cover, relative to `/cache` of BSR; left out where there is none' }),
    ),
    parent_id: Type.Optional(Type.String({ description: 'the recording that it continues; left out where unknown' })),
  },
  { additionalProperties: false },
);

export const clipData = Type.Object(
  {
    id: Type.Integer({ description: "BSR's number of the clip" }),
    room_id: roomId,
    platform: Type.String({ description: 'the platform; also `imported` and `clip`' }),
    cover: Type.Optional(
      Type.String({ description: "the name of the cover's file below `/output` of BSR; left out where there is none" }),
    ),
    file: Type.String({ description: "the name of the clip's file below `/output` of BSR; holds `[ ]` and CJK" }),
    note: Type.String({ description: "the user's note; empty where there is none" }),
    length,
    size,
    status: Type.Integer({ description: 'of its upload; 0 is none' }),
    bvid: Type.String({ description: 'where it was published; empty where it was not' }),
    title: Type.String({ description: 'its title there; empty where unknown' }),
    desc: Type.String({ description: 'its description there; empty where unknown' }),
    tags: Type.String({ description: 'its tags there; empty where unknown' }),
    area: Type.Integer({ description: 'its area there; 0 is none' }),
    created_at: createdAt('when the clip was made'),
  },
  { additionalProperties: false },
);

export type RecorderData = Static<typeof recorderData>;
export type LiveData = Static<typeof liveData>;
export type ArchiveData = Static<typeof archiveData>;
export type ClipData = Static<typeof clipData>;

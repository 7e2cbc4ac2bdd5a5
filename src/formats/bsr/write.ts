/** Writes a BSR request in the wire generation that the target asks for. */
import type { EmittedEvent, FieldProblem } from '../../model/event.ts';
import type { FormatOptions, WriteResult } from '../../model/format.ts';
import { checkData } from '../check-data.ts';
import { postJson, unwritable } from '../written-json.ts';
import type { ArchiveData, ClipData, LiveData, RecorderData } from './data.ts';
import { type BsrEventName, bsrEvents } from './events.ts';

export type BsrVersion = 'documented' | '2.15' | '2.16';

/** Options: `version`, which a YAML file may also give as a number; `2.16` by default. */
export function writeBsr(event: EmittedEvent, options: FormatOptions): WriteResult {
  if (!Object.hasOwn(bsrEvents, event.type)) {
    return unwritable([{ path: 'emit', message: 'is no event of bsr' }]);
  }
  const type = event.type as BsrEventName;
  const problems: FieldProblem[] = checkData(bsrEvents[type].write, event.data);
  if (problems.length > 0) return unwritable(problems);

  const version = versionOf(options);
  const room = roomOnWire({ type, version, roomId: event.data.room_id as string });
  if (room === undefined) return unwritable([roomProblem(version)]);
  const payload = payloadOf({ type, version, room, data: event.data as unknown });
  return postJson(type, { id: event.id, event: type, payload, timestamp: Math.floor(Date.parse(event.time) / 1000) });
}

export function versionOf(options: FormatOptions): BsrVersion {
  const version = String(options.version ?? '2.16');
  return version === 'documented' || version === '2.15' ? version : '2.16';
}

/** A string since v2.15 in `live.*` and `record.*`, since v2.16 elsewhere; before that a number. Undefined where it is none. */
function roomOnWire(about: {
  readonly type: BsrEventName;
  readonly version: BsrVersion;
  readonly roomId: string;
}): string | number | bigint | undefined {
  const isLive = about.type.startsWith('live.') || about.type.startsWith('record.');
  if (about.version === '2.16' || (about.version === '2.15' && isLive)) return about.roomId;
  if (!/^(?:0|[1-9]\d*)$/.test(about.roomId)) return undefined;
  const number = Number(about.roomId);
  return Number.isSafeInteger(number) ? number : BigInt(about.roomId);
}

function roomProblem(version: BsrVersion): FieldProblem {
  const message =
    `must be a whole number to be written as BSR's ${version === 'documented' ? 'documented' : `v${version}`} generation: ` +
    'translate it with a $table, or set version: "2.16" on the target';
  return { path: 'room_id', message };
}

interface Writing {
  readonly type: BsrEventName;
  readonly version: BsrVersion;
  readonly room: string | number | bigint;
  readonly data: unknown;
}

function payloadOf(writing: Writing): object {
  switch (writing.type) {
    case 'recorder.added':
    case 'recorder.removed':
      return recorderPayload(writing.data as Partial<RecorderData>, writing);
    case 'archive.deleted':
      return archivePayload(writing.data as Partial<ArchiveData>, writing);
    case 'clip.generated':
    case 'clip.deleted':
      return clipPayload(writing.data as Partial<ClipData>, writing);
    default:
      return writing.version === 'documented'
        ? documentedLive(writing.data as Partial<LiveData>, writing)
        : newerLive(writing.data as Partial<LiveData>, writing);
  }
}

function documentedLive(data: Partial<LiveData>, { type, room }: Writing): object {
  const isLiveAfter = data.live_status ?? type !== 'live.ended';
  return {
    room_id: room,
    room_info: { room_id: room, room_title: data.room_title ?? '', room_cover: data.room_cover ?? '' },
    user_info: userInfo(data),
    total_length: data.total_length ?? 0,
    current_live_id: data.live_id ?? '',
    live_status: type.startsWith('live.') ? !isLiveAfter : isLiveAfter,
    is_recording: data.recording ?? type.startsWith('record.'),
    auto_start: data.auto_start ?? true,
    platform: data.platform,
  };
}

function newerLive(data: Partial<LiveData>, { type, room }: Writing): object {
  return {
    room_info: {
      platform: data.platform,
      room_id: room,
      room_title: data.room_title ?? '',
      room_cover: data.room_cover ?? '',
      status: data.live_status ?? type !== 'live.ended',
    },
    user_info: userInfo(data),
    platform_live_id: data.platform_live_id ?? '',
    live_id: data.live_id ?? '',
    recording: data.recording ?? type.startsWith('record.'),
    enabled: data.auto_start ?? true,
  };
}

function userInfo(data: Partial<LiveData>): object {
  return { user_id: data.user_id ?? '', user_name: data.user_name ?? '', user_avatar: data.user_avatar ?? '' };
}

function recorderPayload(data: Partial<RecorderData>, { room }: Writing): object {
  return {
    room_id: room,
    created_at: data.created_at ?? '',
    platform: data.platform,
    auto_start: data.auto_start,
    extra: data.extra ?? '',
  };
}

/** The documented generation has whole seconds of archives and clips. */
function lengthOnWire(length: number | bigint, version: BsrVersion): number | bigint {
  return version === 'documented' && typeof length === 'number' ? Math.round(length) : length;
}

/** The documented generation has always a cover, and no parent. */
function archivePayload(data: Partial<ArchiveData>, { version, room }: Writing): object {
  const isDocumented = version === 'documented';
  return {
    platform: data.platform,
    ...(isDocumented ? {} : { parent_id: data.parent_id ?? '' }),
    live_id: data.live_id,
    room_id: room,
    title: data.title ?? '',
    length: lengthOnWire(data.length ?? 0, version),
    size: data.size ?? 0,
    created_at: data.created_at ?? '',
    cover: data.cover ?? (isDocumented ? '' : null),
  };
}

function clipPayload(data: Partial<ClipData>, { version, room }: Writing): object {
  return {
    id: data.id ?? 0,
    room_id: room,
    cover: data.cover ?? '',
    file: data.file,
    note: data.note ?? '',
    length: lengthOnWire(data.length ?? 0, version),
    size: data.size ?? 0,
    status: data.status ?? 0,
    bvid: data.bvid ?? '',
    title: data.title ?? '',
    desc: data.desc ?? '',
    tags: data.tags ?? '',
    area: data.area ?? 0,
    created_at: data.created_at ?? '',
    platform: data.platform,
  };
}

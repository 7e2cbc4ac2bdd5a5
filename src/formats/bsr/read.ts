/** Reads a BSR request of any wire generation into one normalised event. */
import type { RawRequest, Reading } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { checkData } from '../check-data.ts';
import { dedupeKey } from '../dedupe-key.ts';
import { isoFromEpochMs } from '../event-time.ts';
import { isJsonObject, readJsonObject, readType } from '../json-body.ts';
import type { ArchiveData, ClipData, LiveData, RecorderData } from './data.ts';
import { type BsrEventName, bsrEvents } from './events.ts';
import {
  type ArchivePayload,
  archivePayload,
  type ClipPayload,
  clipPayload,
  type DocumentedLive,
  documentedLive,
  envelope,
  isNewerLive,
  type NewerLive,
  newerLive,
  type RecorderPayload,
  recorderPayload,
} from './generations.ts';

const wire = {
  documentedLive: envelope(documentedLive),
  newerLive: envelope(newerLive),
  recorder: envelope(recorderPayload),
  archive: envelope(archivePayload),
  clip: envelope(clipPayload),
};

type Payload = DocumentedLive | NewerLive | RecorderPayload | ArchivePayload | ClipPayload;

export function readBsr(request: RawRequest): Reading {
  const body = readJsonObject(request.body);
  if (body.kind !== 'object') return body;
  const raw = body.value;
  const named = readType(raw, 'event', bsrEvents);
  if (named.kind !== 'known') return named;

  const generation = generationOf(named.type, raw);
  const problems = checkData(wire[generation] as Schema, raw);
  if (problems.length > 0) return { kind: 'invalid', problems };

  const timestamp = Number(raw.timestamp);
  const data = normalise({ type: named.type, generation, payload: raw.payload as unknown as Payload, timestamp });
  const time = isoFromEpochMs(timestamp * 1000) ?? '';
  return { kind: 'event', event: { type: named.type, key: dedupeKey(raw.id as string), time, data, raw } };
}

function generationOf(type: BsrEventName, raw: JsonObject): keyof typeof wire {
  if (type.startsWith('recorder.')) return 'recorder';
  if (type.startsWith('archive.')) return 'archive';
  if (type.startsWith('clip.')) return 'clip';
  return isJsonObject(raw.payload) && isNewerLive(raw.payload) ? 'newerLive' : 'documentedLive';
}

interface Checked {
  readonly type: BsrEventName;
  readonly generation: keyof typeof wire;
  readonly payload: Payload;
  /** Epoch seconds. */
  readonly timestamp: number;
}

function normalise(checked: Checked): JsonObject {
  const { type, generation, payload, timestamp } = checked;
  switch (generation) {
    case 'recorder':
      return asJson(recorderOf(payload as RecorderPayload));
    case 'archive':
      return asJson(archiveOf(payload as ArchivePayload));
    case 'clip':
      return asJson(clipOf(payload as ClipPayload));
    case 'newerLive':
      return asJson(newerLiveOf(payload as NewerLive, { isRecordEnd: type === 'record.ended', timestamp }));
    case 'documentedLive':
      return asJson(documentedLiveOf(payload as DocumentedLive, { isLiveChange: type.startsWith('live.') }));
  }
}

/** `live_status` of this generation is the state before a `live.*` event's change. */
function documentedLiveOf(payload: DocumentedLive, context: { readonly isLiveChange: boolean }): LiveData {
  const { live_status: status, is_recording: recording, total_length: length, auto_start } = payload;
  return {
    platform: payload.platform,
    room_id: roomText(payload.room_id),
    ...roomAndUser(payload),
    live_id: payload.current_live_id ?? '',
    ...(status !== undefined && { live_status: context.isLiveChange ? !status : status }),
    ...(recording !== undefined && { recording }),
    ...(auto_start !== undefined && { auto_start }),
    ...(length !== undefined && { total_length: length }),
    total_length_approximate: false,
  };
}

function newerLiveOf(
  payload: NewerLive,
  context: { readonly isRecordEnd: boolean; readonly timestamp: number },
): LiveData {
  const { recording, enabled, room_info: room } = payload;
  const length = context.isRecordEnd ? lengthUntil(context.timestamp, payload.live_id) : undefined;
  return {
    platform: room.platform,
    room_id: roomText(room.room_id),
    ...roomAndUser(payload),
    live_id: payload.live_id,
    ...(payload.platform_live_id && { platform_live_id: payload.platform_live_id }),
    ...(room.status !== undefined && { live_status: room.status }),
    ...(recording !== undefined && { recording }),
    ...(enabled !== undefined && { auto_start: enabled }),
    ...(length !== undefined && { total_length: length }),
    total_length_approximate: length !== undefined,
  };
}

function roomAndUser({ room_info: room, user_info: user }: DocumentedLive | NewerLive) {
  return {
    room_title: room?.room_title ?? '',
    ...(room?.room_cover && { room_cover: room.room_cover }),
    user_id: user?.user_id ?? '',
    user_name: user?.user_name ?? '',
    ...(user?.user_avatar && { user_avatar: user.user_avatar }),
  };
}

/** Seconds from the recording's start to the event; the event's time has whole seconds, so a start just after it is 0. */
function lengthUntil(timestamp: number, liveId: string): number | undefined {
  if (!/^\d{12,14}$/.test(liveId)) return undefined;
  const lengthMs = timestamp * 1000 - Number(liveId);
  return lengthMs <= -1000 ? undefined : Math.max(0, lengthMs) / 1000;
}

function recorderOf(payload: RecorderPayload): RecorderData {
  const { platform, created_at, auto_start, extra = '' } = payload;
  return { platform, room_id: roomText(payload.room_id), created_at, auto_start, extra };
}

function archiveOf(payload: ArchivePayload): ArchiveData {
  return {
    platform: payload.platform,
    live_id: payload.live_id,
    room_id: roomText(payload.room_id),
    title: payload.title ?? '',
    length: payload.length,
    size: payload.size,
    created_at: payload.created_at ?? '',
    ...(payload.cover && { cover: payload.cover }),
    ...(payload.parent_id && { parent_id: payload.parent_id }),
  };
}

function clipOf(payload: ClipPayload): ClipData {
  return {
    id: payload.id,
    room_id: roomText(payload.room_id),
    platform: payload.platform,
    ...(payload.cover && { cover: payload.cover }),
    file: payload.file,
    note: payload.note ?? '',
    length: payload.length,
    size: payload.size,
    status: payload.status ?? 0,
    bvid: payload.bvid ?? '',
    title: payload.title ?? '',
    desc: payload.desc ?? '',
    tags: payload.tags ?? '',
    area: payload.area ?? 0,
    created_at: payload.created_at ?? '',
  };
}

/** Exact for every whole number: one that JSON spelled with an exponent is written out. */
function roomText(roomId: string | number | bigint): string {
  return typeof roomId === 'number' ? BigInt(roomId).toString() : String(roomId);
}

function asJson(data: RecorderData | LiveData | ArchiveData | ClipData): JsonObject {
  return data as unknown as JsonObject;
}

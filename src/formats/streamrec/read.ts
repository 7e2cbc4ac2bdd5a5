/** Reads a StreamRec request; the event's time and key come from its own fields, since it has neither. */
import type { FieldProblem, RawRequest, Reading } from '../../model/event.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { checkData } from '../check-data.ts';
import { dedupeKey } from '../dedupe-key.ts';
import { isIsoTime, isoFromEpochMs, isoFromText } from '../event-time.ts';
import { readJsonObject, readType } from '../json-body.ts';
import { pickFields } from '../pick-fields.ts';
import { type StreamrecEventName, streamrecEvents, wireSchema } from './events.ts';

const wire: Readonly<Record<StreamrecEventName, Schema>> = {
  upload_ready: wireSchema(streamrecEvents.upload_ready.read),
  upload_failed: wireSchema(streamrecEvents.upload_failed.read),
  session_finished: wireSchema(streamrecEvents.session_finished.read),
  supervisor_session_finished: wireSchema(streamrecEvents.supervisor_session_finished.read),
};

export function readStreamrec(request: RawRequest): Reading {
  const body = readJsonObject(request.body);
  if (body.kind !== 'object') return body;
  const raw = body.value;
  const named = readType(raw, 'status', streamrecEvents);
  if (named.kind !== 'known') return named;

  const schema = streamrecEvents[named.type].read;
  const problems = checkData(wire[named.type], raw);
  if (problems.length > 0) return { kind: 'invalid', problems };
  const data = pickFields(schema, raw, (value, name) => saysNothing(value, schema.properties?.[name]));
  const wrongTimes = timeProblems(schema, data);
  if (wrongTimes.length > 0) return { kind: 'invalid', problems: wrongTimes };

  const stopped = data.recording_stopped_at ?? data.stopped_at;
  const time = (typeof stopped === 'string' && isoFromText(stopped)) || isoFromEpochMs(request.receivedAt) || '';
  return { kind: 'event', event: { type: named.type, key: keyOf(named.type, data), time, data, raw } };
}

/** Every time in the data that is no ISO 8601 time with an offset. Of any year: one of them is the client's clock, which may lie. */
export function timeProblems(schema: Schema, data: JsonObject): FieldProblem[] {
  return Object.entries(data)
    .filter(([name, value]) => isTime(schema.properties?.[name]) && !isIsoTime(String(value)))
    .map(([path]) => ({ path, message: 'must be an ISO 8601 time with Z or an offset: 2025-03-19T11:41:21.499Z' }));
}

/** `""`, and for a time also 0 and the year 1 in which a zero time is written. */
function saysNothing(value: Json, schema: Schema | undefined): boolean {
  if (value === '') return true;
  return isTime(schema) && (value === 0 || String(value).startsWith('0001-01-01T'));
}

function isTime(schema: Schema | undefined): boolean {
  return schema?.format === 'date-time';
}

/**
 * (`status`, `rec_id`), or for supervisors (`status`, `supervisor_session_id`). A session without a `rec_id` is told by its client
 * and its times.
 */
function keyOf(type: StreamrecEventName, data: JsonObject): string {
  const id = type === 'supervisor_session_finished' ? data.supervisor_session_id : data.rec_id;
  if (typeof id === 'string') return dedupeKey(type, id);
  const { client_id, started_at = '', stopped_at = '' } = data;
  return dedupeKey(type, 'without rec_id', String(client_id), String(started_at), String(stopped_at));
}

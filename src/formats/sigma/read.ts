/** Reads a Sigma request: the channel beside the event, or in a `channel` object where the sender nests it. */
import type { RawRequest, Reading } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { checkData } from '../check-data.ts';
import { dedupeKey } from '../dedupe-key.ts';
import { isoFromEpochMs } from '../event-time.ts';
import { isJsonObject, readJsonObject, readType } from '../json-body.ts';
import { pickFields } from '../pick-fields.ts';
import { channelData, channelOnWire, envelopeProperties, sigmaEvents } from './events.ts';

const flattened: Schema = {
  type: 'object',
  properties: { ...envelopeProperties, ...channelOnWire.properties },
  required: ['eventTime', 'id'],
};
const nested: Schema = {
  type: 'object',
  properties: { ...envelopeProperties, channel: channelOnWire },
  required: ['eventTime', 'channel'],
};

export function readSigma(request: RawRequest): Reading {
  const body = readJsonObject(request.body);
  if (body.kind !== 'object') return body;
  const raw = body.value;
  const named = readType(raw, 'event', sigmaEvents);
  if (named.kind !== 'known') return named;

  const isNested = !Object.hasOwn(raw, 'id') && isJsonObject(raw.channel);
  const problems = checkData(isNested ? nested : flattened, raw);
  if (problems.length > 0) return { kind: 'invalid', problems };

  const data = channelOf(isNested ? (raw.channel as JsonObject) : raw);
  const eventTime = raw.eventTime as number;
  const key = dedupeKey(data.id as string, named.type, eventTime);
  return { kind: 'event', event: { type: named.type, key, time: isoFromEpochMs(eventTime) ?? '', data, raw } };
}

function channelOf(from: JsonObject): JsonObject {
  const data = pickFields(channelData, from, saysNothing);
  const files = data.recordUrl as readonly string[] | undefined;
  return files?.includes('') ? { ...data, recordUrl: files.filter((url) => url !== '') } : data;
}

/** An empty URL or time is none: left out, so that `??` and `?` find the next best. */
function saysNothing(value: unknown, name: string): boolean {
  const { format } = (channelData as Schema).properties?.[name] ?? {};
  return value === '' && (format === 'uri' || format === 'date-time');
}

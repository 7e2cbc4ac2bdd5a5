/** Reads a RemoteMonster request: told by its keys, whether they come as query, JSON or form. */
import { decodeUtf8 } from '../../kit/json.ts';
import type { FieldProblem, RawRequest, Reading } from '../../model/event.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { checkData, kindOfValue } from '../check-data.ts';
import { dedupeKey } from '../dedupe-key.ts';
import { isoFromEpochMs } from '../event-time.ts';
import { ignored, invalid, type JsonBody, readJsonObject } from '../json-body.ts';
import { recordOnWire } from './events.ts';

const ACTIONS: Readonly<Record<string, string>> = { create: 'channel.create', close: 'channel.close' };

export function readRemotemonster(request: RawRequest): Reading {
  const values = readValues(request);
  if (values.kind !== 'object') return values;
  const raw = values.value;
  const time = isoFromEpochMs(request.receivedAt) ?? '';

  const action = own(raw, 'action');
  const messageId = request.headers['webhook-id'] ?? '';
  if (action !== undefined && action !== null) return readChannel({ raw, action, time, messageId });
  if (own(raw, 'url') !== undefined) return readRecord(raw, time);
  return invalid('action', 'is missing, and so is url: one of them says which event this is');
}

/** A POST without a body may carry its values in the query, as a GET does. */
function readValues(request: RawRequest): JsonBody {
  const isInQuery = request.method === 'GET' || (request.body.length === 0 && request.search !== '');
  if (isInQuery) return formValues(request.search);
  const isForm = request.headers['content-type']?.toLowerCase().includes('application/x-www-form-urlencoded');
  if (!isForm) return readJsonObject(request.body);
  const text = decodeUtf8(request.body);
  if (text === undefined) return { kind: 'malformed', code: 'FORM_NOT_UTF8', message: 'the body is not valid UTF-8' };
  return formValues(text);
}

/** Of a repeated name the last one counts, as in JSON. */
function formValues(text: string): JsonBody {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.some(([name]) => name === '__proto__')) {
    return { kind: 'malformed', code: 'FORM_KEY', message: 'there is a value named "__proto__"' };
  }
  return { kind: 'object', value: Object.fromEntries(pairs) };
}

interface ChannelValues {
  readonly raw: JsonObject;
  readonly action: Json;
  readonly time: string;
  /** Of a sender that follows Standard Webhooks, another Dragoman say: it tells a repeat from the next broadcast of one channel. */
  readonly messageId: string;
}

function readChannel({ raw, action, time, messageId }: ChannelValues): Reading {
  if (typeof action !== 'string') return invalid('action', `must be a string, not ${kindOfValue(action)}`);
  if (action === '') return invalid('action', 'must not be empty');
  const type = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (type === undefined) return ignored(`channel.${action}`);
  const channel = channelId(raw, ['chid', 'id']);
  if (channel.id === undefined) return { kind: 'invalid', problems: [channel.problem] };
  const key = messageId === '' ? dedupeKey(type, channel.id) : dedupeKey(type, channel.id, messageId);
  return { kind: 'event', event: { type, key, time, data: { chid: channel.id }, raw } };
}

function readRecord(raw: JsonObject, time: string): Reading {
  const channel = channelId(raw, ['id', 'chid']);
  const problems = channel.id === undefined ? [channel.problem] : [];
  problems.push(...checkData(recordOnWire, raw));
  const duration = amount(own(raw, 'duration'));
  if (duration === 'wrong') problems.push({ path: 'duration', message: 'must be a number of seconds' });
  const filesize = amount(own(raw, 'filesize'));
  if (filesize === 'wrong') problems.push({ path: 'filesize', message: 'must be a number of bytes' });
  if (channel.id === undefined || problems.length > 0) return { kind: 'invalid', problems };

  const { url, thumbnail } = raw as Readonly<Record<'url' | 'thumbnail', string>>;
  const data = {
    id: channel.id,
    url,
    ...(duration !== undefined && { duration }),
    ...(filesize !== undefined && { filesize }),
    ...(thumbnail && { thumbnail }),
  };
  const type = 'record.done';
  const key = dedupeKey(type, channel.id, url, duration ?? '', filesize ?? '');
  return { kind: 'event', event: { type, key, time, data, raw } };
}

type ChannelId = { readonly id: string } | { readonly id?: undefined; readonly problem: FieldProblem };

/** The channel under the first of the names that is there. */
function channelId(raw: JsonObject, names: readonly [string, string]): ChannelId {
  const path = names.find((name) => own(raw, name) !== undefined && own(raw, name) !== null);
  if (path === undefined) return { problem: { path: names[0], message: 'is missing' } };
  const value = own(raw, path);
  if (value === '') return { problem: { path, message: 'must not be empty' } };
  if (typeof value !== 'string') return { problem: { path, message: `must be a string, not ${kindOfValue(value)}` } };
  return { id: value };
}

/** Text of a number that may come bare; undefined where it says nothing. What is no number or text is left to the schema. */
function amount(value: Json | undefined): string | undefined | 'wrong' {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') {
    const text = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : String(value).trim();
    return /^\d+(?:\.\d+)?$/.test(text) ? text : 'wrong';
  }
  return undefined;
}

function own(raw: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(raw, name) ? raw[name] : undefined;
}

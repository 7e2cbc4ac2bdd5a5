/** Reads any JSON value; its type, id and time come from where the source's options say. */
import { createHash } from 'node:crypto';
import { parseJson } from '../../kit/json.ts';
import type { RawRequest, Reading } from '../../model/event.ts';
import type { FormatOptions } from '../../model/format.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { kindOfValue } from '../check-data.ts';
import { dedupeKey } from '../dedupe-key.ts';
import { isoFromEpochMs, isoFromText } from '../event-time.ts';
import { invalid, isJsonObject } from '../json-body.ts';
import { lookUp } from './options.ts';

type Value = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reading: Reading };

/** `data` is the body itself; a body that is no object becomes `{ value: … }`. */
export function readJson(request: RawRequest, options: FormatOptions): Reading {
  const parsed = parseJson(request.body);
  if (!parsed.ok) return { kind: 'malformed', code: parsed.code, message: parsed.message };
  const raw = parsed.value as Json;
  const data: JsonObject = isJsonObject(raw) ? raw : { value: raw };

  const type = typeOf(options, request, raw);
  if (!type.ok) return type.reading;
  const key = keyOf({ options, request, raw, type: type.text });
  if (!key.ok) return key.reading;
  const time = timeOf(options, request, raw);
  if (!time.ok) return time.reading;
  return { kind: 'event', event: { type: type.text, key: key.text, time: time.text, data, raw } };
}

function typeOf(options: FormatOptions, request: RawRequest, raw: Json): Value {
  const found = lookUp(options.type, request, raw);
  if (!found) return { ok: true, text: 'request' };
  const type = plainText(found.name, found.value);
  if (!type.ok || isName(type.text)) return type;
  return { ok: false, reading: invalid(found.name, 'must be 1 to 100 printable characters to be an event type') };
}

function isName(text: string): boolean {
  return text.length <= 100 && text.isWellFormed() && !/\p{Cc}/u.test(text);
}

function keyOf(about: {
  readonly options: FormatOptions;
  readonly request: RawRequest;
  readonly raw: Json;
  readonly type: string;
}): Value {
  const { options, request, raw, type } = about;
  const found = lookUp(options.id, request, raw);
  if (!found) {
    // a type out of a header is in neither of the others
    const hash = createHash('sha256').update(`${type}\n${request.search}\n`).update(request.body).digest('hex');
    return { ok: true, text: `sha256:${hash}` };
  }
  const id = plainText(found.name, found.value);
  return id.ok ? { ok: true, text: dedupeKey(type, id.text) } : id;
}

/** A number from 1e11 on is milliseconds, a smaller one seconds: 1e11 seconds is the year 5138, 1e11 milliseconds 1973. */
function timeOf(options: FormatOptions, request: RawRequest, raw: Json): Value {
  const found = lookUp(options.time, request, raw);
  const value = found?.value ?? null;
  if (!found || value === null || value === '') return { ok: true, text: isoFromEpochMs(request.receivedAt) ?? '' };
  const isDigits = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value);
  const number = typeof value === 'number' || isDigits ? Number(value) : Number.NaN;
  const epoch = isoFromEpochMs(Math.trunc(number < 1e11 ? number * 1000 : number));
  const text = epoch ?? (typeof value === 'string' ? isoFromText(value) : undefined);
  if (text !== undefined) return { ok: true, text };
  return {
    ok: false,
    reading: invalid(found.name, 'must be a time: epoch seconds or milliseconds, or ISO 8601 with an offset'),
  };
}

function plainText(name: string, value: Json | undefined): Value {
  if (value === undefined || value === null) return { ok: false, reading: invalid(name, 'is missing') };
  if (value === '') return { ok: false, reading: invalid(name, 'must not be empty') };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return { ok: true, text: String(value) };
  }
  return { ok: false, reading: invalid(name, `must be a string or a number, not ${kindOfValue(value)}`) };
}

/** Reads a body that has to be a JSON object, and the event type in it: the first step of every format that posts JSON. */
import { parseJson } from '../kit/json.ts';
import type { Reading } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { kindOfValue } from './check-data.ts';

export type JsonBody =
  | { readonly kind: 'object'; readonly value: JsonObject }
  | Extract<Reading, { readonly kind: 'malformed' | 'invalid' }>;

export function readJsonObject(body: Uint8Array): JsonBody {
  const parsed = parseJson(body);
  if (!parsed.ok) return { kind: 'malformed', code: parsed.code, message: parsed.message };
  const { value } = parsed;
  if (isJsonObject(value)) return { kind: 'object', value };
  return invalid('body', `must be an object, not ${kindOfValue(value)}`);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What names an event's type on the wire, judged: one of `types`, another name (`ignored`), or none. */
export function readType<Name extends string>(
  body: JsonObject,
  field: string,
  types: Readonly<Record<Name, unknown>>,
): { readonly kind: 'known'; readonly type: Name } | Extract<Reading, { readonly kind: 'ignored' | 'invalid' }> {
  const value = Object.hasOwn(body, field) ? body[field] : undefined;
  if (value === undefined) return invalid(field, 'is missing');
  if (typeof value !== 'string') return invalid(field, `must be a string, not ${kindOfValue(value)}`);
  if (value === '') return invalid(field, 'must not be empty');
  return Object.hasOwn(types, value) ? { kind: 'known', type: value as Name } : ignored(value);
}

export function invalid(path: string, message: string): Extract<Reading, { readonly kind: 'invalid' }> {
  return { kind: 'invalid', problems: [{ path, message }] };
}

/** An event of a type that the format does not know; its name is cut and cleaned, since it is stored and shown. */
export function ignored(type: string): Extract<Reading, { readonly kind: 'ignored' }> {
  return {
    kind: 'ignored',
    type: type
      .slice(0, 100)
      .toWellFormed()
      .replace(/\p{Cc}/gu, '�'),
  };
}

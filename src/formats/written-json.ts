/** Puts a JSON value into the request that a writer hands on. */
import { encodeUtf8, stringifyJson } from '../kit/json.ts';
import type { FieldProblem, WrittenRequest } from '../model/event.ts';
import type { WriteResult } from '../model/format.ts';

/** `POST` of the value as JSON to the target's own URL; members that are undefined are left out. */
export function postJson(event: string, value: unknown): WriteResult {
  const body = encodeUtf8(stringifyJson(value));
  const request: WrittenRequest = { event, method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return { kind: 'written', request };
}

export function unwritable(problems: readonly FieldProblem[]): WriteResult {
  return { kind: 'unwritable', problems };
}

/** Requests as a door hands them to a format: from a sample, from what a writer wrote, or from a value. */
import { stringifyJson } from '../../src/kit/json.ts';
import type { RawRequest, Reading, RecognisedEvent, WrittenRequest } from '../../src/model/event.ts';
import type { Format, FormatOptions, Sample } from '../../src/model/format.ts';

export const RECEIVED_AT = Date.parse('2026-03-01T12:00:00.000Z');
const encoder = new TextEncoder();

export function rawRequest(parts: Partial<RawRequest>): RawRequest {
  return {
    method: 'POST',
    path: '/in/x',
    search: '',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(),
    receivedAt: RECEIVED_AT,
    ...parts,
  };
}

export function jsonRequest(body: unknown): RawRequest {
  return rawRequest({ body: encoder.encode(typeof body === 'string' ? body : stringifyJson(body)) });
}

export function sampleRequest({ method, search = '', headers, body = '' }: Sample): RawRequest {
  return rawRequest({ method, search, headers, body: encoder.encode(body) });
}

export function writtenRequest(written: WrittenRequest): RawRequest {
  const search = new URLSearchParams((written.query ?? []).map(([name, value]): [string, string] => [name, value]));
  const { method, headers, body } = written;
  return rawRequest({ method, headers, search: search.toString(), body: body ?? new Uint8Array() });
}

export function eventOf(reading: Reading): RecognisedEvent {
  if (reading.kind !== 'event') throw new Error(`no event: ${JSON.stringify(reading)}`);
  return reading.event;
}

/** The paths of an invalid reading; undefined for any other. */
export function wrongPaths(reading: Reading): string[] | undefined {
  return reading.kind === 'invalid' ? reading.problems.map(({ path }) => path) : undefined;
}

export function problemsOf(result: ReturnType<Format['write']>): readonly { path: string; message: string }[] {
  return result.kind === 'unwritable' ? result.problems : [];
}

/** Writes an event with fixed id and time. */
export function write(
  format: Format,
  event: { readonly type: string; readonly data: object; readonly time?: string },
  options: FormatOptions = {},
): ReturnType<Format['write']> {
  const { type, data, time = '2025-09-07T03:34:00.000Z' } = event;
  return format.write({ type, time, id: '56fd03e5-3965-4c2e-a6a9-bb6932347eb3', data: data as never }, options);
}

export function writtenOf(result: ReturnType<Format['write']>): WrittenRequest {
  if (result.kind !== 'written') throw new Error(`not written: ${JSON.stringify(result.problems)}`);
  return result.request;
}

export function bodyText(request: WrittenRequest): string {
  return new TextDecoder().decode(request.body ?? new Uint8Array());
}

/** Builds the samples by which formats show what they look like on the wire, and the requests that a door would make of them. */
import type { RawRequest } from '../model/event.ts';
import type { Sample } from '../model/format.ts';

/** A posted JSON body, as printed. */
export function jsonSample(name: string, body: string): Sample {
  return { name, method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

/** The request of a sample, or of what stands for one; a body without a content type is JSON. `receivedAt` is epoch milliseconds. */
export function sampleRequest(
  { method, search = '', headers, body = '' }: Omit<Sample, 'name'>,
  receivedAt: number,
): RawRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const type = body === '' ? {} : { 'content-type': 'application/json' };
  return {
    method: method.toUpperCase(),
    path: '/',
    search: search.replace(/^\?/, ''),
    headers: { ...type, ...Object.fromEntries(lower) },
    body: Buffer.from(body),
    receivedAt,
  };
}

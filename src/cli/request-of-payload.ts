/** The request that a payload was, which a command is handed without its method and its headers. */
import type { RawRequest } from '../model/event.ts';
import type { Format } from '../model/format.ts';

/** Where senders of the format use GET, a payload that begins with no bracket is the query of one: `action=create&chid=…`. */
export function requestOfPayload(text: string, format: Pick<Format, 'methods'>): RawRequest {
  const isQuery = format.methods.includes('GET') && !/^\s*[[{]/.test(text) && text.includes('=');
  return {
    method: isQuery ? 'GET' : 'POST',
    path: '/',
    search: isQuery ? text.trim().replace(/^\?/, '') : '',
    headers: isQuery ? {} : { 'content-type': 'application/json' },
    body: Buffer.from(isQuery ? '' : text),
    receivedAt: Date.now(),
  };
}

/** At the door: the path and query of a request line, in whichever of HTTP's forms it stands. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

/** What is looked at before a body is read. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

export interface RequestTarget {
  readonly kind: 'target';
  readonly path: string;
  /** Without `?`. */
  readonly search: string;
}

/** Also refuses what Node's parser lets through although it is no HTTP/1.x. Rewrites an absolute URL to its path, so that everything behind reads one form. */
export function readTarget(req: IncomingMessage): RequestTarget | Refusal {
  if (req.httpVersionMajor !== 1) return refusal('HTTP_MALFORMED', 'this is not HTTP/1.1');
  // one that does not end with chunked is refused by the parser
  if (/.[, \t]chunked$/i.test(req.headers['transfer-encoding'] ?? '')) {
    return refusal('HTTP_MALFORMED', 'the only transfer coding that is understood is chunked');
  }
  if (req.httpVersion === '1.1' && req.headers.host === undefined) {
    return refusal('HOST_MISSING', 'HTTP/1.1 asks for a Host header');
  }
  let url = req.url ?? '';
  if (!url.startsWith('/')) {
    const authority = /^https?:\/\/[^/?#]+/i.exec(url)?.[0];
    if (authority === undefined) return refusal('TARGET_MALFORMED', 'the request line names no path');
    url = url.slice(authority.length);
    if (!url.startsWith('/')) url = `/${url}`;
    req.url = url;
  }
  if (url.includes('#')) return refusal('TARGET_MALFORMED', 'the request line holds a fragment');
  return splitTarget(url);
}

/** Of a path with its query and nothing else. */
export function splitTarget(url: string): RequestTarget {
  const question = url.indexOf('?');
  if (question === -1) return { kind: 'target', path: url, search: '' };
  return { kind: 'target', path: url.slice(0, question), search: url.slice(question + 1) };
}

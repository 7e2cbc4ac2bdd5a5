/** Builds the HTTP request of an attempt: the target's URL and headers, what the mapping wrote, and what every delivery carries. */
import { once } from '../kit/once.ts';
import type { Delivery } from '../model/delivery.ts';
import type { WrittenRequest } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import { type Destination, destinationOf, MASK } from './destination.ts';
import { webhookSignature } from './signature.ts';

export interface Outgoing {
  readonly origin: string;
  /** Path and query as they go over the wire. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** The URL and the headers as they may be kept and shown. */
  readonly shownUrl: string;
  readonly shownHeaders: Readonly<Record<string, string>>;
}

export type Built =
  | { readonly kind: 'built'; readonly outgoing: Outgoing }
  /** It can never be sent: a dead letter. */
  | { readonly kind: 'unsendable'; readonly reason: Reason };

export interface OutgoingParts {
  readonly target: Target;
  readonly request: WrittenRequest;
  readonly delivery: Pick<Delivery, 'id' | 'replays'>;
  /** Which of the delivery's requests, from 0. */
  readonly index: number;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  /** How many relays the event has passed before this one. */
  readonly hops: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly version: string;
  /** An event goes through this many relays and no more. */
  readonly maxHops: number;
  /** Tells the target whose span this is; nothing that is configured or written takes its place. */
  readonly trace?: Readonly<Record<string, string>>;
}

/** What belongs to the connection or to the relay; neither a target's configuration nor a mapping can set it. */
const RESERVED =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-.*|webhook-.*|dragoman-.*)$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const SECRET_NAME = /auth|cookie|secret|token|password|signature|api-?key/;

/** How many relays a received request has passed, from its `dragoman-hops` header; 0 where it has none that can be read. */
export function hopsOf(headers: Readonly<Record<string, string>>): number {
  const text = headers['dragoman-hops'] ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

export function buildOutgoing(parts: OutgoingParts): Built {
  const { target, request } = parts;
  if (parts.hops >= parts.maxHops) {
    return unsendable('LOOP', `the event has passed ${parts.hops} relays already: a rule sends it in a circle`);
  }
  if (!METHODS.has(request.method)) return unsendable('REQUEST_METHOD', `"${request.method}" is no method to send`);
  const destination = destinationOf(target);
  const address = addressOf(destination, request);
  if (typeof address !== 'string') return { kind: 'unsendable', reason: address };
  const headers = headersOf(parts, destination);
  if ('reason' in headers) return { kind: 'unsendable', reason: headers.reason };
  const query = address.indexOf('?');
  const path = query < 0 ? address : address.slice(0, query);
  const shownQuery = joinQuery(destination.shownSearch, writtenQuery(request));
  return {
    kind: 'built',
    outgoing: {
      origin: destination.origin,
      path: address,
      method: request.method,
      headers: headers.sent,
      body: request.body,
      shownUrl: `${destination.origin}${path}${shownQuery}`,
      shownHeaders: headers.shown,
    },
  };
}

type Headers = Readonly<Record<string, string>>;

/** What every delivery carries, which nothing can set, then the target's own headers and what was written. */
function headersOf(
  parts: OutgoingParts,
  destination: Destination,
): { readonly sent: Headers; readonly shown: Headers } | { readonly reason: Reason } {
  const sent = ownHeaders(parts);
  const masked: Record<string, string> = {};
  let isMasked = false;
  for (const configured in destination.headers) {
    const { name, isReserved, isToken } = knownName(configured);
    if (isReserved) continue;
    const value = destination.headers[configured] as string;
    if (!isToken || !HEADER_VALUE.test(value)) return { reason: wrongHeader(name, isToken) };
    sent[name] = value;
    if (destination.shownHeaders[configured] === value) continue;
    masked[name] = MASK;
    isMasked = true;
  }
  for (const written in parts.request.headers) {
    const { name, isReserved, isToken, isSecret } = knownName(written);
    if (isReserved) continue;
    const value = parts.request.headers[written] as string;
    if (!isToken || !HEADER_VALUE.test(value)) return { reason: wrongHeader(name, isToken) };
    sent[name] = value;
    if (isSecret) masked[name] = MASK;
    else if (isMasked) delete masked[name];
    isMasked ||= isSecret;
  }
  if (parts.trace) Object.assign(sent, parts.trace);
  if (parts.target.sign.length === 0) return { sent, shown: isMasked ? { ...sent, ...masked } : sent };
  return { sent, shown: { ...sent, ...masked, 'webhook-signature': MASK } };
}

function ownHeaders({
  target,
  request,
  delivery,
  index,
  attempt,
  hops,
  now,
  version,
}: OutgoingParts): Record<string, string> {
  const id = index === 0 ? delivery.id : `${delivery.id}.${index + 1}`;
  const timestamp = Math.floor(now / 1000);
  const own: Record<string, string> = {
    'user-agent': `dragoman/${version}`,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'dragoman-attempt': String(attempt),
    'dragoman-hops': String(hops + 1),
  };
  if (delivery.replays > 0) own['dragoman-replay'] = String(delivery.replays);
  if (target.sign.length > 0) {
    own['webhook-signature'] = webhookSignature({ id, timestamp, body: request.body }, target.sign);
  }
  return own;
}

interface HeaderName {
  readonly name: string;
  readonly isReserved: boolean;
  readonly isToken: boolean;
  readonly isSecret: boolean;
}

/** Configurations and formats have few names. */
const MOST_NAMES = 1000;

const knownName = once((written): HeaderName => {
  const name = written.toLowerCase();
  return { name, isReserved: RESERVED.test(name), isToken: TOKEN.test(name), isSecret: SECRET_NAME.test(name) };
}, MOST_NAMES);

/** Path and query on the wire, or why the suffix or the query cannot be sent. */
function addressOf(destination: Destination, request: WrittenRequest): string | Reason {
  const suffix = request.urlSuffix ?? '';
  if (suffix !== '' && !staysBelow(suffix)) {
    return { code: 'REQUEST_PATH', message: 'the path that was written is not made of plain segments below the URL' };
  }
  if (request.query?.some((pair) => pair.some((text) => !text.isWellFormed()))) {
    return { code: 'REQUEST_QUERY', message: 'the query that was written is not well-formed text' };
  }
  const path = suffix === '' ? destination.path : `${destination.path.replace(/\/$/, '')}${suffix}`;
  return `${path}${joinQuery(destination.search, writtenQuery(request))}`;
}

/** Segments that no server can read as a way up, however often it decodes them. */
function staysBelow(suffix: string): boolean {
  if (!/^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/.test(suffix) || /%(?![0-9A-Fa-f]{2})|\/\//.test(suffix)) return false;
  let text = suffix;
  for (let round = 0; round < 3; round++) {
    if (text.split(/[/\\]/).some((segment) => segment === '.' || segment === '..')) return false;
    text = text.replace(/%(2e|2f|5c|25)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  return !text.split(/[/\\]/).some((segment) => segment === '.' || segment === '..');
}

function writtenQuery(request: WrittenRequest): string {
  if (!request.query) return '';
  return request.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

function joinQuery(first: string, second: string): string {
  if (first === '') return second === '' ? '' : `?${second}`;
  return second === '' ? `?${first}` : `?${first}&${second}`;
}

function wrongHeader(name: string, isToken: boolean): Reason {
  const message = isToken
    ? `the header ${name} holds a line break or text beyond Latin-1`
    : 'a header has a name that HTTP does not allow';
  return { code: 'REQUEST_HEADER', message };
}

function unsendable(code: string, message: string): Built {
  return { kind: 'unsendable', reason: { code, message } };
}

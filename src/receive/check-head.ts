/** At the door: everything that can be said of a request before its body is read. */
import { isInNetworks } from '../kit/networks.ts';
import { type AddressFinder, addressOf } from './address.ts';
import { isSecretAmong, keptHeaders, secretOfAuthorization, stripSecret } from './credentials.ts';
import { type ContentCoding, codingOfBody, kindOfBody, MEDIA_TYPES } from './media.ts';
import { bodyTooLarge, hasBody } from './parse-body.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { CompiledSource } from './sources.ts';
import type { RequestHead } from './target.ts';

/** What is left of a head that has passed. */
export interface OpenHead {
  readonly kind: 'open';
  /** Without the secret. */
  readonly search: string;
  /** Without credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly coding: ContentCoding;
}

export interface HeadToCheck {
  readonly req: RequestHead;
  readonly source: CompiledSource;
  /** Without `?`. */
  readonly search: string;
  readonly findAddress: AddressFinder;
}

/** In this order: address, method, secret, rate, requests under way, content type and coding, announced length. */
export function checkHead(head: HeadToCheck): OpenHead | Refusal {
  const { req, source, findAddress } = head;
  if (source.allowFrom !== null && !isAllowed(req, source, findAddress)) {
    return refusal('ADDRESS_REFUSED', 'this source takes no requests from your address');
  }
  const method = req.method ?? '';
  if (!(source.format.methods as readonly string[]).includes(method)) {
    return refusal('METHOD_NOT_ALLOWED', `this source takes ${source.allow}`, { allow: source.allow });
  }
  const query = stripSecret(head.search);
  const authorized = secretOfAuthorization(req.headers.authorization);
  const presented = authorized === undefined ? query.presented : [...query.presented, authorized];
  const closed = checkSecret(source, presented) ?? checkPace(source);
  if (closed) return closed;
  const coding = method === 'GET' ? checkNoBody(req) : checkBody(req, source);
  if (typeof coding !== 'string') return coding;
  return { kind: 'open', search: query.search, headers: keptHeaders(req.headers, presented), coding };
}

function isAllowed(req: RequestHead, source: CompiledSource, findAddress: AddressFinder): boolean {
  const address = addressOf(req, findAddress);
  return address !== undefined && source.allowFrom !== null && isInNetworks(source.allowFrom, address);
}

function checkSecret(source: CompiledSource, presented: readonly string[]): Refusal | undefined {
  if (source.secretHashes.length === 0 || isSecretAmong(source.secretHashes, presented)) return undefined;
  if (presented.length > 0) return refusal('SECRET_WRONG', 'the secret is not the one of this source');
  return refusal('SECRET_MISSING', 'give the secret as ?secret=…, as a Bearer token or as the password of Basic');
}

/** After the secret, so that strangers cannot use up what belongs to the sender. */
function checkPace(source: CompiledSource): Refusal | undefined {
  const { inFlight } = source.source.limits;
  if (source.inFlight >= inFlight) {
    return refusal('SOURCE_BUSY', `this source has ${inFlight} requests under way`, { retryAfterS: 1 });
  }
  const retryAfterS = source.rate?.take() ?? 0;
  return retryAfterS === 0 ? undefined : refusal('RATE_LIMITED', 'too many requests', { retryAfterS });
}

function checkNoBody(req: RequestHead): 'identity' | Refusal {
  return hasBody(req) ? refusal('BODY_UNEXPECTED', 'a GET request has no body') : 'identity';
}

function checkBody(req: RequestHead, source: CompiledSource): ContentCoding | Refusal {
  const kind = kindOfBody(req.headers['content-type']);
  if (typeof kind !== 'string') return kind;
  if (!source.format.bodies.includes(kind)) {
    const taken = source.format.bodies.map((one) => MEDIA_TYPES[one]).join(' and ');
    return refusal(
      'CONTENT_TYPE_UNSUPPORTED',
      `this source takes ${taken}, and the content-type says ${MEDIA_TYPES[kind]}`,
    );
  }
  const coding = codingOfBody(req.headers['content-encoding']);
  if (typeof coding !== 'string') return coding;
  const { body: limit } = source.source.limits;
  return Number(req.headers['content-length'] ?? 0) > limit ? bodyTooLarge(limit) : coding;
}

/** At the door, before anything is read: finds the secret that a request presents, compares it, and takes it out of what goes on. */
import { hash, timingSafeEqual } from 'node:crypto';

/** Headers that are never kept, whether the source asks for a secret or not. */
const PRIVATE_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

export interface StrippedSearch {
  /** The query without its `secret` parameters. */
  readonly search: string;
  readonly presented: readonly string[];
}

const NOTHING: readonly string[] = [];

/** Takes every `secret=…` out of a query (without `?`); all other bytes of it stay as they were. */
export function stripSecret(search: string): StrippedSearch {
  if (search === '' || !mayNameSecret(search)) return { search, presented: NOTHING };
  const kept: string[] = [];
  const presented: string[] = [];
  for (const pair of search.split('&')) {
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    if (decode(name) !== 'secret') {
      kept.push(pair);
      continue;
    }
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    // A `+` in a URL is a space to some senders and a plus to others.
    presented.push(decode(value));
    if (value.includes('+')) presented.push(decode(value.replaceAll('+', ' ')));
  }
  return { search: kept.join('&'), presented };
}

/** The secret of an Authorization header: a Bearer token or the password of Basic; undefined where it holds neither. */
export function secretOfAuthorization(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (scheme === 'bearer') return value;
  if (scheme !== 'basic') return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : text.slice(colon + 1);
}

export function hashSecrets(secrets: readonly string[]): readonly Buffer[] {
  return secrets.map((secret) => hash('sha256', secret, 'buffer'));
}

/** Whether any presented secret is one of the hashed ones. Takes the same time wherever, and whether, they differ. */
export function isSecretAmong(hashes: readonly Buffer[], presented: readonly string[]): boolean {
  let found = false;
  for (const one of presented) {
    const hashed = hash('sha256', one, 'buffer');
    for (const known of hashes) if (timingSafeEqual(known, hashed)) found = true;
  }
  return found;
}

/**
 * The headers to be kept: lower-case names, repeated ones joined, credentials left out. A presented secret is masked where another
 * header repeats it, as a proxy's `x-original-uri` does.
 */
export function keptHeaders(
  headers: NodeJS.Dict<string | string[]>,
  presented: readonly string[],
): Readonly<Record<string, string>> {
  const masked = presented.length === 0 ? NOTHING : spellingsOf(presented);
  const kept: Record<string, string> = {};
  for (const name in headers) {
    if (PRIVATE_HEADERS.has(name)) continue;
    const value = headers[name] ?? '';
    let text = typeof value === 'string' ? value : value.join(', ');
    for (const secret of masked) if (text.includes(secret)) text = text.replaceAll(secret, '***');
    kept[name] = text;
  }
  return kept;
}

/** A shorter one is no secret, and would be found in headers that have nothing to do with it. */
const SHORTEST_MASKED = 8;

function spellingsOf(secrets: readonly string[]): readonly string[] {
  const long = secrets.filter((secret) => secret.length >= SHORTEST_MASKED);
  return [...new Set(long.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]))];
}

function mayNameSecret(search: string): boolean {
  return search.includes('secret') || search.includes('%');
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

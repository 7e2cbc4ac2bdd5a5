/** What stays the same over all requests to a target: its URL taken apart, its own headers, and both as they may be shown. */
import { percentDecoded } from '../kit/percent.ts';
import type { Target } from '../model/target.ts';

export interface Destination {
  /** `https://host:port`. */
  readonly origin: string;
  /** Path without a trailing slash where a suffix follows; as configured where none does. */
  readonly path: string;
  /** Without `?`. */
  readonly search: string;
  /** The same with its values masked: they may be credentials. */
  readonly shownSearch: string;
  /** The target's own headers and the credentials of its URL, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly shownHeaders: Readonly<Record<string, string>>;
}

export const MASK = '***';

/** Headers that people put no secret into. */
const HARMLESS = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

const known = new WeakMap<Target, Destination>();

export function destinationOf(target: Target): Destination {
  let destination = known.get(target);
  if (!destination) {
    destination = takeApart(target);
    known.set(target, destination);
  }
  return destination;
}

function takeApart(target: Target): Destination {
  const url = new URL(target.url);
  const headers: Record<string, string> = {};
  if (url.username !== '' || url.password !== '') {
    const credentials = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  for (const [name, value] of Object.entries(target.headers)) headers[name.toLowerCase()] = value;
  const shown = Object.entries(headers).map(([name, value]) => [name, HARMLESS.has(name) ? value : MASK] as const);
  const search = url.search.slice(1);
  return {
    origin: url.origin,
    path: url.pathname,
    search,
    shownSearch: search.replace(/=[^&]*/g, `=${MASK}`),
    headers,
    shownHeaders: Object.fromEntries(shown),
  };
}

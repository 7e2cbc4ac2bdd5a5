/** Tells of what a mapping writes out that no request can hold, before there is any event: a path, a header, a body of a GET. */
import type { WrittenPart } from '../../model/format.ts';
import { headerProblem } from './safe-headers.ts';
import { encodePath, pathProblem } from './safe-path.ts';

type Refused = { readonly message: string; readonly try: string } | undefined;

export function refusesJson({ path, value, texts }: WrittenPart): Refused {
  const [part, name] = path;
  if (part === undefined) return refusesRequest((value ?? {}) as Readonly<Record<string, unknown>>);
  if (part === 'path' && name === undefined) return texts ? refusesTexts(texts) : refusesPath(value);
  if (part === 'headers' && path.length === 1) return refusesNames(Object.keys(value ?? {}));
  return part === 'headers' && name !== undefined && path.length === 2 ? refusesHeader(name, value) : undefined;
}

function refusesRequest(request: Readonly<Record<string, unknown>>): Refused {
  if (request.method !== 'GET' || !('body' in request)) return undefined;
  return { message: 'is a GET, which has no body', try: 'method: POST, or query: instead of body:' };
}

/** Values that an event may well have: what is wrong with both is wrong with what is written around them. */
const STAND_INS = ['xxxx', '2525'];

function refusesTexts(texts: readonly string[]): Refused {
  const refused = STAND_INS.map((value) => refusesPath(texts.join(value)));
  if (refused.some((one) => one === undefined)) return undefined;
  const message = refused[0]?.message ?? '';
  return { message, try: 'a path such as /rooms/${data.id | urlencode}' };
}

function refusesPath(path: unknown): Refused {
  if (typeof path !== 'string') return undefined;
  const [, own] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(path) ?? [];
  if (own !== undefined) {
    return { message: "goes behind the target's URL and has no host of its own", try: own.startsWith('/') ? own : '/' };
  }
  const message = pathProblem(path);
  return message === undefined ? undefined : { message, try: mendedPath(path) };
}

/** The path that may have been meant. */
function mendedPath(path: string): string {
  const cut = path.replace(/[?#].*$/s, '').replaceAll('\\', '/');
  const encoded = encodePath(cut.replace(/%(?![0-9a-f]{2})/gi, '%25')).replace(/\/{2,}/g, '/');
  const plain = URL.canParse(encoded, 'http://target') ? new URL(encoded, 'http://target').pathname : '/';
  const query = /\?([^#]+)/.exec(path) ? ', with query: { … } beside it' : '';
  return pathProblem(plain) === undefined ? `${plain}${query}` : '/rooms/26966466';
}

function refusesNames(names: readonly string[]): Refused {
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.find((_, index) => lower.indexOf(lower[index] ?? '') < index);
  if (twice === undefined) return undefined;
  return { message: `has ${twice} twice: names of headers differ in more than their capitals`, try: 'one of the two' };
}

/** Where the value is not known, its name is. */
function refusesHeader(name: string, value: unknown): Refused {
  const lower = name.toLowerCase();
  const message = headerProblem(lower, value === undefined ? '' : String(value));
  if (message === undefined) return undefined;
  if (headerProblem(lower, '') === undefined) return { message, try: '| urlencode, or other characters' };
  const own = `x-${lower.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$|^x-/g, '')}`;
  return { message, try: `another name, such as ${own}, or leave it out` };
}

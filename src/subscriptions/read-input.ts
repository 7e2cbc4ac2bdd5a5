/** What a call of the subscription API asks for, read from its body and query; or every thing that is wrong with it. */
import type { Subscription, WantedEvents } from './subscriber.ts';

export type Read<T> = { readonly kind: 'read'; readonly value: T } | Wrong;

export interface Wrong {
  readonly kind: 'wrong';
  /** For the caller: names the parameter, never repeats what may be a secret. */
  readonly message: string;
}

export interface InputRules {
  readonly eventTypes: readonly string[];
  /** Characters. */
  readonly longestUrl: number;
}

export interface PageRequest {
  /** From 0. */
  readonly page: number;
  readonly length: number;
  readonly events: WantedEvents;
}

const LENGTH = { usual: 10, most: 100 };

/** `uri` and `event` of a create or an update; the URL's address is not looked at. */
export function readSubscription(body: unknown, { eventTypes, longestUrl }: InputRules): Read<Subscription> {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    return wrong('the body must hold uri and event');
  const { uri, event } = body as Readonly<Record<string, unknown>>;
  const events = readEvents(event, eventTypes);
  const problems = [uriProblem(uri, longestUrl), events.kind === 'wrong' ? events.message : undefined];
  const message = problems.filter((problem) => problem !== undefined).join('; ');
  if (message !== '' || events.kind === 'wrong') return wrong(message);
  return { kind: 'read', value: { uri: uri as string, events: events.value } };
}

/** `page`, `length` and `event` of a list. */
export function readPage(query: Readonly<Record<string, unknown>>, eventTypes: readonly string[]): Read<PageRequest> {
  const page = readWhole(query.page, { name: 'page', usual: 0, least: 0, most: 1e9 });
  const length = readWhole(query.length, { name: 'length', usual: LENGTH.usual, least: 1, most: LENGTH.most });
  const events = readFilter(query.event, eventTypes);
  if (page.kind === 'read' && length.kind === 'read' && events.kind === 'read') {
    return { kind: 'read', value: { page: page.value, length: length.value, events: events.value } };
  }
  return wrong([page, length, events].flatMap((one) => (one.kind === 'wrong' ? [one.message] : [])).join('; '));
}

/** The optional `event` of a list or a delete; left out, it means all. */
export function readFilter(value: unknown, eventTypes: readonly string[]): Read<WantedEvents> {
  return value === undefined ? { kind: 'read', value: 'all' } : readEvents(value, eventTypes);
}

/** A comma-separated text, as documented; or a list, the form in which the API itself gives them. */
function readEvents(value: unknown, eventTypes: readonly string[]): Read<WantedEvents> {
  const known = [...eventTypes, 'all'].join(', ');
  const texts = Array.isArray(value) ? value : [value];
  if (!texts.every((text) => typeof text === 'string')) return wrong(`event must be a text of ${known}`);
  const names = texts.flatMap((text: string) => text.split(',').map((name) => name.trim())).filter(Boolean);
  if (names.length === 0) return wrong(`event must name at least one of ${known}`);
  if (names.some((name) => name !== 'all' && !eventTypes.includes(name))) return wrong(`event takes only ${known}`);
  const wanted = names.includes('all') ? 'all' : eventTypes.filter((type) => names.includes(type));
  return { kind: 'read', value: wanted };
}

function uriProblem(uri: unknown, longest: number): string | undefined {
  if (typeof uri !== 'string' || uri === '') return 'uri must be an http or https URL';
  if (uri.length > longest) return `uri must have ${longest} characters at most`;
  const parsed = /[\s\p{Cc}\\]/u.test(uri) ? null : URL.parse(uri);
  const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
  return isHttp && /^https?:\/\//i.test(uri) ? undefined : 'uri must be an http or https URL';
}

interface WholeRules {
  readonly name: string;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

function readWhole(value: unknown, { name, usual, least, most }: WholeRules): Read<number> {
  if (value === undefined) return { kind: 'read', value: usual };
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : -1;
  if (number >= least && number <= most) return { kind: 'read', value: number };
  return wrong(`${name} must be a whole number from ${least}${most < 1e9 ? ` to ${most}` : ''}`);
}

function wrong(message: string): Wrong {
  return { kind: 'wrong', message };
}

/** What an API server answers about webhooks, in any of the ways in which servers say it: bare or wrapped, lists as arrays or texts. */
import { parseJson } from '../kit/json.ts';

/** A webhook as the API server has it. */
export interface Webhook {
  readonly id: string;
  readonly uri: string;
  readonly events: readonly string[];
}

export interface WebhookPage {
  readonly items: readonly Webhook[];
  /** Undefined where the server does not say. */
  readonly total: number | undefined;
}

/** The API server did not do what it was asked. The message names the server and never the token. */
export class WebhookApiError extends Error {
  override readonly name = 'WebhookApiError';
  /** `HTTP_401`, `TIMEOUT`, `REPLY_MALFORMED`. */
  readonly code: string;
  /** True where the next seconds will not change it. */
  readonly isLasting: boolean;
  constructor(code: string, message: string, isLasting = false) {
    super(message);
    this.code = code;
    this.isLasting = isLasting;
  }
}

export interface Reply {
  /** `http://api.example.com`, for messages. */
  readonly server: string;
  readonly status: number;
  readonly text: string;
}

/** What a reply brings: the value itself, or what `{"ec":0,"data":…}` wraps. Throws `WebhookApiError` where the server refuses. */
export function unwrap({ server, status, text }: Reply): unknown {
  const parsed = parseJson(text);
  const value = parsed.ok ? parsed.value : undefined;
  const { ec, msg } = (isObject(value) ? value : {}) as { readonly ec?: unknown; readonly msg?: unknown };
  const said = typeof msg === 'string' ? `: ${shown(msg)}` : '';
  if (status < 200 || status >= 300) {
    const about = status >= 300 && status < 400 ? '; redirects are not followed' : said;
    throw new WebhookApiError(`HTTP_${status}`, `${server} answered ${status}${about}`, isLasting(status));
  }
  if (ec !== undefined && ec !== null && Number(ec) !== 0) {
    throw new WebhookApiError('EC', `${server} answered with ec ${shown(String(ec))}${said}`, true);
  }
  if (text.trim() === '') return {};
  if (!parsed.ok) throw malformed(server);
  const isWrapped = isObject(value) && Object.hasOwn(value, 'ec');
  if (!isWrapped) return value;
  // Both `{"ec":0,"data":{"data":[…],"total":1}}` and `{"ec":0,"data":[…],"total":1}` are lists.
  return isObject(value.data) ? value.data : value;
}

/** One webhook. Throws where there is none in it. */
export function readWebhook(value: unknown, server: string): Webhook {
  const { id, uri, event } = (isObject(value) ? value : {}) as Readonly<Record<string, unknown>>;
  const isId = (typeof id === 'string' && id !== '') || typeof id === 'number' || typeof id === 'bigint';
  if (!isId || typeof uri !== 'string') throw malformed(server);
  const names = Array.isArray(event) ? event.map(String) : typeof event === 'string' ? event.split(',') : [];
  return { id: String(id), uri, events: names.map((name) => name.trim()).filter(Boolean) };
}

/** One page of a list; a bare array is one too. */
export function readPageOf(value: unknown, server: string): WebhookPage {
  const { data, total } = (isObject(value) ? value : { data: value }) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(data)) throw malformed(server);
  const items = data.map((one) => readWebhook(one, server));
  return { items, total: typeof total === 'number' ? total : undefined };
}

/** What waiting some seconds does not put right. */
function isLasting(status: number): boolean {
  return status < 500 && status !== 408 && status !== 425 && status !== 429;
}

const MOST_SHOWN = 200;

function shown(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}

function malformed(server: string): WebhookApiError {
  return new WebhookApiError('REPLY_MALFORMED', `${server} answered with something that is no webhook reply`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

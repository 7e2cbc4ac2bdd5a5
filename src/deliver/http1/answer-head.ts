/** The head of an answer (RFC 9112): its status, its headers, and how long its body is. */

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; values of the same name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Framing;
  /** Whether another request may follow on the connection. */
  readonly persists: boolean;
}

export type Framing =
  | { readonly kind: 'sized'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** All that comes until the connection is closed. */
  | { readonly kind: 'unsized' };

export const NOT_HTTP = 'its first line is not one of HTTP';

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const FORBIDDEN = /[\0\r]/;
const NO_BODY: Framing = { kind: 'sized', bytes: 0 };
const CHUNKED: Framing = { kind: 'chunked' };
const UNSIZED: Framing = { kind: 'unsized' };

/**
 * Reads a head without its empty line; what is wrong with it, as the end of a sentence, where it is none. Takes what old servers send and
 * nobody can misread: lines that end in LF only, no reason phrase, folded values, spaces before a colon, the same length twice.
 */
export function readAnswerHead(text: string, method: string): AnswerHead | string {
  const [first = '', ...lines] = text.split('\n').map(withoutReturn);
  const matched = STATUS_LINE.exec(first);
  if (!matched) return NOT_HTTP;
  const status = Number(matched[2]);
  const headers = readHeaders(lines);
  if (typeof headers === 'string') return headers;
  const body = framingOf(status, method, headers);
  if (typeof body === 'string') return body;
  const persists =
    body.kind !== 'unsized' &&
    !mayHaveMore(status, method, headers) &&
    isPersistent(matched[1] === '1', headers.connection);
  return { status, headers, body, persists };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function readHeaders(lines: readonly string[]): Record<string, string> | string {
  const headers: Record<string, string> = {};
  let name = '';
  for (const line of lines) {
    if (FORBIDDEN.test(line)) return 'a header holds a control character';
    if (name !== '' && (line.startsWith(' ') || line.startsWith('\t'))) {
      headers[name] = `${headers[name]} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    name = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
    if (!TOKEN.test(name)) return 'a line of its head is no header';
    const value = line.slice(colon + 1).trim();
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

function framingOf(status: number, method: string, headers: Readonly<Record<string, string>>): Framing | string {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (length !== undefined && coding !== undefined) return 'it has both a length and a transfer coding';
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return NO_BODY;
  if (coding !== undefined) return /(?:^|,)[ \t]*chunked$/i.test(coding) ? CHUNKED : UNSIZED;
  if (length === undefined) return UNSIZED;
  const bytes = lengthOf(length);
  if (bytes === undefined) return 'its content-length is none, or more than one';
  return bytes === 0 ? NO_BODY : { kind: 'sized', bytes };
}

/** Some servers send the body all the same that the answer to HEAD, a 204 or a 304 speaks of: it would be taken for the next answer. */
function mayHaveMore(status: number, method: string, headers: Readonly<Record<string, string>>): boolean {
  if (method === 'HEAD') return true;
  if (status !== 204 && status !== 304) return false;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function lengthOf(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [first = '', ...others] = wordsOf(text);
  return /^\d{1,15}$/.test(first) && others.every((other) => other === first) ? Number(first) : undefined;
}

function isPersistent(isHttp11: boolean, connection: string | undefined): boolean {
  if (connection === undefined) return isHttp11;
  const words = wordsOf(connection.toLowerCase());
  return isHttp11 ? !words.includes('close') : words.includes('keep-alive');
}

/** Not by a regular expression: it would try each of thousands of spaces anew. */
function wordsOf(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}

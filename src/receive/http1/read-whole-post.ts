/** Reads a POST that has come in one piece, with nothing unusual about it: what nearly every sender writes. */
import type { IncomingHttpHeaders } from 'node:http';

/** What Node's own parser would have made of the same bytes. */
export interface WholePost {
  readonly url: string;
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders;
  /** A view of the bytes that were read. */
  readonly body: Buffer;
}

/** A head that is longer is left to Node's parser. */
const LONGEST_HEAD = 4096;

/** Every character as HTTP/1.1 has it, none of those that a lenient parser lets pass: RFC 9112 and 9110, section 5.5. */
const HEAD =
  /^POST (\/[!"$-~]*) HTTP\/1\.1\r\n((?:[!#$%&'*+\-.^`|~\dA-Za-z][\w!#$%&'*+\-.^`|~]*:[\t -~\x80-\xff]*\r\n)+)\r\n/;

/** They say where the body ends, what is to become of the connection, or ask for something, or are a list: Node's parser knows what that means. */
const SPECIAL: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'expect',
  'proxy-connection',
  'set-cookie',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Undefined where it is anything else: less than a request, or more, or one that could be read in two ways. `maxHeaderBytes` counts the
 * whole head.
 */
export function readWholePost(bytes: Buffer, maxHeaderBytes: number): WholePost | undefined {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, LONGEST_HEAD, maxHeaderBytes));
  const head = HEAD.exec(text);
  if (!head) return undefined;
  const headers = readHeaders(head[2] as string);
  if (headers?.host === undefined) return undefined;
  const length = headers['content-length'];
  const start = (head[0] as string).length;
  if (length === undefined || !/^\d{1,8}$/.test(length) || bytes.length !== start + Number(length)) return undefined;
  return { url: head[1] as string, headers, body: bytes.subarray(start) };
}

/** Undefined where one is repeated, or not for us. */
function readHeaders(lines: string): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  for (let at = 0; at < lines.length; ) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r\n', colon);
    const name = lines.slice(at, colon).toLowerCase();
    const value = withoutBlanks(lines, colon + 1, end);
    if (headers[name] !== undefined) return undefined;
    if (SPECIAL.has(name) && !(name === 'connection' && /^keep-alive$/i.test(value))) return undefined;
    headers[name] = value;
    at = end + 2;
  }
  return headers;
}

function withoutBlanks(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

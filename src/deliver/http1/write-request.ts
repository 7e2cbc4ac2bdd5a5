/** A request as HTTP/1.1 has it on the wire (RFC 9112): head and body in as few pieces as it takes. */
import type { WireRequest } from '../connections.ts';

/** A request as its bytes. */
export interface WrittenBytes {
  readonly method: string;
  readonly bytes: readonly Uint8Array[];
  /** The connection is closed behind its answer. */
  readonly isLast: boolean;
}

/** A body up to this size is copied behind its head: one write, and one packet where it fits. */
const COPIED = 64 * 1024;
const PATH = /^[\x21-\x7e]+$/;
/** Without a body these still say that it has no bytes (RFC 9110, 8.6). */
const EXPECTS_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Whether it must be the last one on its connection: some servers send a body behind the answer to HEAD, and take one that they do not
 * expect for the next request.
 */
function mustBeLast({ method, body }: WireRequest): boolean {
  return method === 'HEAD' || (!EXPECTS_BODY.has(method) && body !== null && body.length > 0);
}

/** Of a request to `host` (with its port, where that is not 80). Throws where the path could not be sent as it is. */
export function writeRequest(request: WireRequest, host: string): WrittenBytes {
  const { method, path, headers, body } = request;
  if (!PATH.test(path)) throw new TypeError('the path holds what a request line cannot');
  const isLast = mustBeLast(request);
  const connection = isLast ? 'close' : 'keep-alive';
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  const length = body?.length ?? 0;
  if (length > 0 || EXPECTS_BODY.has(method)) head += `content-length: ${length}\r\n`;
  head += '\r\n';
  return { method, bytes: piecesOf(head, body), isLast };
}

function piecesOf(head: string, body: Uint8Array | null): readonly Uint8Array[] {
  if (!body || body.length === 0) return [Buffer.from(head, 'latin1')];
  if (body.length > COPIED) return [Buffer.from(head, 'latin1'), body];
  const whole = Buffer.allocUnsafe(head.length + body.length);
  whole.write(head, 'latin1');
  whole.set(body, head.length);
  return [whole];
}

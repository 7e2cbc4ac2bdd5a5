/** At the door: writes the answer, and lets go of a sender that goes on sending after it was refused. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import type { RawAnswer } from './http1/write-answer.ts';
import type { Stored } from './reception.ts';
import { type Refusal, refusalBody } from './refusal.ts';

/** A body up to this size that was refused unread is read and thrown away, so that the connection can be used again. */
const SMALL_REST = 64 * 1024;

/** How much of a larger one is: reading on without end at full speed fills the memory with garbage. */
const MOST_DISCARDED = 2 ** 20;

/** How long a refused sender may go on sending before it is cut off: time to stop and read its answer. */
export const LINGER_MS = 2000;

/** Answers a stored event: 202 with its id and status, or 200 with nothing where the format wants it so. */
export function answerStored(res: ServerResponse, stored: Stored, reply: 'accepted' | 'empty'): void {
  if (!isOpen(res)) return;
  const { status, headers, body } = storedAnswer(stored, reply);
  res.writeHead(status, headers as string[]);
  res.end(body, 'latin1');
}

export function storedAnswer(stored: Stored, reply: 'accepted' | 'empty'): RawAnswer {
  if (reply === 'empty') return EMPTY_ANSWER;
  const body = `{"id":"${stored.id}",${TAILS[stored.kind]}`;
  return { status: 202, headers: ['content-type', 'application/json', 'content-length', String(body.length)], body };
}

const EMPTY_ANSWER: RawAnswer = { status: 200, headers: ['content-length', '0'], body: '' };

/** To a request of which nothing is unread. */
export function refusedAnswer(refused: Refusal): RawAnswer {
  const body = refusalBody(refused);
  return { status: refused.status, headers: refusalHeaders(refused, Buffer.byteLength(body), false), body };
}

/** What follows the id, which is ASCII. */
const TAILS = {
  accepted: '"status":"accepted"}',
  duplicate: '"status":"accepted","duplicate":true}',
  ignored: '"status":"ignored"}',
} as const;

/**
 * Answers a refusal at once, whatever is still on its way. Closing a connection that has unread bytes resets it and may take the
 * answer with it: so the answer goes out, some of the rest is thrown away, and only then is the connection closed.
 */
export function answerRefusal(req: IncomingMessage, res: ServerResponse, refused: Refusal, clock: Clock): void {
  if (!isOpen(res)) return;
  const isUnread = !req.complete && !hasSmallRest(req, refused);
  const body = req.method === 'HEAD' ? '' : refusalBody(refused);
  res.writeHead(refused.status, refusalHeaders(refused, Buffer.byteLength(body), isUnread));
  if (isUnread) {
    res.write(body);
    letGo(req, res, clock);
    return;
  }
  res.end(body);
  req.resume();
}

function letGo(req: IncomingMessage, res: ServerResponse, clock: Clock): void {
  let discarded = 0;
  const timer = clock.after(LINGER_MS, () => req.socket.destroy());
  req.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MOST_DISCARDED) req.pause();
  });
  req.once('error', ignore);
  req.once('end', () => res.end());
  req.once('close', () => timer.cancel());
  req.resume();
}

export function refusalHeaders(refused: Refusal, length: number, close: boolean): string[] {
  const headers = ['content-type', 'application/json', 'content-length', String(length)];
  if (refused.status === 401) headers.push('www-authenticate', 'Basic realm="dragoman", charset="UTF-8"');
  if (refused.allow !== undefined) headers.push('allow', refused.allow);
  if (refused.retryAfterS !== undefined) headers.push('retry-after', String(refused.retryAfterS));
  if (close) headers.push('connection', 'close');
  return headers;
}

function isOpen(res: ServerResponse): boolean {
  return !res.headersSent && !res.destroyed;
}

function hasSmallRest(req: IncomingMessage, refused: Refusal): boolean {
  if (refused.status === 408 || req.headers.expect !== undefined) return false;
  if (req.headers['transfer-encoding'] !== undefined) return false;
  return Number(req.headers['content-length'] ?? 0) <= SMALL_REST;
}

function ignore(): void {}

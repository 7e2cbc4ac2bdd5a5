/** Writes an answer as Node's server does, for connections that it has not taken over. */
import { STATUS_CODES } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  /** Names and values in turns. */
  readonly headers: readonly string[];
  readonly body: string;
}

export interface AnsweredConnection {
  /** Milliseconds for which it is kept, 0 where this is its last answer. */
  readonly keptMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function writeAnswer({ status, headers, body }: RawAnswer, { keptMs, now }: AnsweredConnection): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  const connection =
    keptMs > 0 ? `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keptMs / 1000)}` : 'Connection: close';
  return `${head}Date: ${dateOf(now)}\r\n${connection}\r\n\r\n${body}`;
}

let second = Number.NaN;
let date = '';

/** Made once a second. */
function dateOf(now: number): string {
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    date = new Date(now).toUTCString();
  }
  return date;
}

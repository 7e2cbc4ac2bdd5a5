/** At the door: reads a plain body of known length; whatever is less usual goes through koa-bodyparser instead. */
import type { IncomingMessage } from 'node:http';
import { ownBytes } from './inflate.ts';
import { type Refusal, refusal } from './refusal.ts';

/** The body's bytes, or why there are none. The caller has checked Content-Length, and the HTTP parser holds the sender to it. */
export function readPlainBody(req: IncomingMessage): Promise<Uint8Array | Refusal> {
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    req.on('data', (chunk: Buffer) => {
      if (first === undefined) first = chunk;
      else if (more === undefined) more = [first, chunk];
      else more.push(chunk);
    });
    req.on('end', () => resolve(ownBytes(more ? Buffer.concat(more) : (first ?? EMPTY))));
    req.on('error', () => resolve(incompleteBody()));
  });
}

export function incompleteBody(): Refusal {
  return refusal('BODY_INCOMPLETE', 'the connection ended before the body did');
}

const EMPTY = Buffer.alloc(0);

/** At the door: reads a body of any shape through koa-bodyparser, which is made to hand over its bytes untouched. */
import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import bodyParser from 'koa-bodyparser';
import { ownBytes } from './inflate.ts';
import { incompleteBody } from './read-body.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { RequestHead } from './target.ts';

/**
 * Reads at most `limit` bytes, still compressed. koa-bodyparser would decode, inflate without a bound on errors, and take a body
 * without a content type for none: so it is shown plain bytes of a type that it knows, and the request's own headers come back after.
 */
export async function readThroughParser(ctx: Context, limit: number): Promise<Uint8Array | Refusal> {
  const { req } = ctx;
  const { 'content-type': type, 'content-encoding': coding } = req.headers;
  if (!hasBody(req)) return new Uint8Array();
  req.headers['content-type'] = 'application/octet-stream';
  delete req.headers['content-encoding'];
  try {
    await parserFor(limit)(ctx, nothingNext);
  } finally {
    restore(req, 'content-type', type);
    restore(req, 'content-encoding', coding);
  }
  const read: unknown = ctx.request.rawBody;
  if (read instanceof Uint8Array) return ownBytes(read);
  return (ctx.state.bodyFault as Refusal | undefined) ?? new Uint8Array();
}

/** Whether the request announces a body that is not empty. */
export function hasBody(req: RequestHead): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}

const parsers = new Map<number, Middleware>();

function parserFor(limit: number): Middleware {
  const known = parsers.get(limit);
  if (known) return known;
  const options = {
    enableTypes: ['text'],
    extendTypes: { text: ['application/octet-stream'] },
    textLimit: limit,
    encoding: null, // bytes instead of text
    onerror: (error: Error, ctx: Context) => {
      ctx.state.bodyFault = faultOf(error, limit);
    },
  };
  const parser = bodyParser(options as unknown as bodyParser.Options);
  parsers.set(limit, parser);
  return parser;
}

function faultOf(error: Error & { readonly type?: string }, limit: number): Refusal {
  if (error.type === 'entity.too.large') return bodyTooLarge(limit);
  return incompleteBody();
}

export function bodyTooLarge(limit: number): Refusal {
  return refusal('BODY_TOO_LARGE', `the body is larger than ${limit} bytes`);
}

async function nothingNext(): Promise<void> {}

function restore(req: IncomingMessage, name: string, value: string | undefined): void {
  if (value === undefined) delete req.headers[name];
  else req.headers[name] = value;
}

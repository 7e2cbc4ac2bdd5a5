/** At the door: takes one request to a known source from its head to its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'koa';
import type { Clock } from '../kit/clock.ts';
import { createSweep } from '../kit/sweep.ts';
import type { RawRequest } from '../model/event.ts';
import type { Source } from '../model/source.ts';
import type { AddressFinder } from './address.ts';
import { answerStored } from './answer.ts';
import { checkHead } from './check-head.ts';
import { inflate } from './inflate.ts';
import type { ContentCoding } from './media.ts';
import { hasBody, readThroughParser } from './parse-body.ts';
import { readPlainBody } from './read-body.ts';
import { type Reception, storedOrRefused } from './reception.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { CompiledSource } from './sources.ts';
import type { RequestTarget } from './target.ts';

export interface ServePorts {
  receive(source: Source, request: RawRequest): Promise<Reception>;
  /** Answers and reports; nothing where an answer has gone out already. */
  refuse(visit: RefusedVisit, refused: Refusal): void;
  requestAnswered(source: string, durationMs: number): void;
  readonly findAddress: AddressFinder;
  readonly clock: Clock;
}

export interface RefusedVisit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Empty where the path is no source's. */
  readonly source: string;
}

export interface Visit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly source: CompiledSource;
  readonly target: RequestTarget;
  /** Where the request came through Koa; one without has a body of known length and no content coding. */
  readonly ctx?: Context;
}

/** How far past its time a body may be given up. */
const LATE_MS = 500;

export function createServe(ports: ServePorts): (visit: Visit) => Promise<void> {
  const { clock, findAddress } = ports;
  const refuse = ({ req, res, source }: Visit, refused: Refusal): void =>
    ports.refuse({ req, res, source: source.source.name }, refused);
  const deadlines = createSweep<Visit>({ clock, coarseMs: LATE_MS, expire: (visit) => refuse(visit, tooSlow(visit)) });

  return async (visit) => {
    const { req, res, source, target, ctx } = visit;
    const startedAt = clock.monotonic();
    const method = req.method ?? '';
    if (method === 'OPTIONS') return answerOptions(res, source);
    const head = checkHead({ req, source, search: target.search, findAddress });
    if (head.kind === 'refusal') return refuse(visit, head);
    const { coding, search, headers } = head;
    const { body: limit, timeoutMs } = source.source.limits;
    source.inFlight++;
    try {
      let body: Uint8Array | Refusal = NO_BODY;
      if (method !== 'GET') {
        if (isWaitingForContinue(req)) res.writeContinue();
        const place = deadlines.watch(visit, timeoutMs);
        body = await (ctx ? readThroughParser(ctx, limit) : readPlainBody(req));
        deadlines.done(visit, place);
        if (!(body instanceof Uint8Array)) return refuse(visit, body);
        const missing = missingBody(source, body, search);
        if (missing) return refuse(visit, missing);
        if (body.byteLength > 0 && coding !== 'identity') body = await inflateBody(body, coding, limit);
        if (!(body instanceof Uint8Array)) return refuse(visit, body);
      }
      if (res.headersSent) return refuse(visit, tooSlow(visit));
      const request = { method, path: target.path, search, headers, body, receivedAt: clock.now() };
      // the signature may stand in a header that is not kept
      const unsigned = source.verify?.({ headers: req.headers, body, receivedAt: request.receivedAt });
      const taken = unsigned ?? storedOrRefused(await ports.receive(source.source, request));
      if (taken.kind === 'refusal') return refuse(visit, taken);
      answerStored(res, taken, source.format.reply);
      ports.requestAnswered(source.source.name, clock.monotonic() - startedAt);
    } finally {
      source.inFlight--;
    }
  };
}

/** Whether the sender holds its body back until it is told to go on. */
export function isWaitingForContinue(req: IncomingMessage): boolean {
  return req.headers.expect?.toLowerCase() === '100-continue' && hasBody(req);
}

const NO_BODY = new Uint8Array();

/** Refuses an empty body, but where everything may be in the query: a format that takes GET has senders that put it there with POST. */
export function missingBody({ format }: CompiledSource, body: Uint8Array, search: string): Refusal | undefined {
  const readsQuery = format.methods.includes('GET') && search !== '';
  return body.byteLength > 0 || readsQuery ? undefined : emptyBody();
}

function emptyBody(): Refusal {
  return refusal('BODY_EMPTY', 'the body is empty');
}

async function inflateBody(
  bytes: Uint8Array,
  coding: Exclude<ContentCoding, 'identity'>,
  limit: number,
): Promise<Uint8Array | Refusal> {
  const inflated = await inflate(bytes, coding, limit);
  return inflated instanceof Uint8Array && inflated.byteLength === 0 ? emptyBody() : inflated;
}

function answerOptions(res: ServerResponse, source: CompiledSource): void {
  res.writeHead(204, ['allow', source.allow]);
  res.end();
}

function tooSlow({ source }: Visit): Refusal {
  return refusal('REQUEST_TIMEOUT', `the request was not complete after ${source.source.limits.timeoutMs / 1000} s`);
}

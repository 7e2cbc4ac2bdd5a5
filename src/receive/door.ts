/** The first stage: HTTP in. Checks who knocks and what they bring, hands it to the inbox, and answers after it is stored. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import Router from '@koa/router';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import type { Clock } from '../kit/clock.ts';
import type { RawRequest } from '../model/event.ts';
import type { Source } from '../model/source.ts';
import { createAddressFinder, type TrustProxy } from './address.ts';
import { answerReception, answerRefusal, refusalOf } from './answer.ts';
import { checkHead, type OpenHead } from './check-head.ts';
import { createDeadlines } from './deadlines.ts';
import { guardServer, SERVER_OPTIONS } from './guard-server.ts';
import type { Reception } from './inbox.ts';
import { inflate } from './inflate.ts';
import { hasBody, readThroughParser } from './parse-body.ts';
import { readPlainBody } from './read-body.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { CompiledSource, SourceTable } from './sources.ts';
import { type RequestTarget, readTarget } from './target.ts';

export interface DoorPorts {
  /** The sources of the configuration of now. */
  sources(): SourceTable;
  /** Stores a request and says what became of it. Rejects only on a fault of ours. */
  receive(source: Source, request: RawRequest): Promise<Reception>;
  readonly report: DoorReport;
  readonly clock: Clock;
  readonly trustProxy?: TrustProxy;
  /** Answers paths that no source has; one that it leaves alone is answered 404. */
  readonly mount?: Middleware;
}

export interface DoorReport {
  requestAnswered(source: string, durationMs: number): void;
  requestRefused(request: RefusedRequest): void;
  /** A fault of ours. */
  defect(where: string, error: unknown): void;
}

export interface RefusedRequest {
  /** Empty where the path is no source's. */
  readonly source: string;
  readonly code: string;
  readonly status: number;
  /** Empty where it cannot be told. */
  readonly address: string;
}

export interface Door {
  readonly listener: RequestListener;
  /** A server with the time and size limits of the door. Not yet listening; who listens also closes it. */
  createServer(): Server;
}

export { compileSources } from './sources.ts';

export function createDoor(ports: DoorPorts): Door {
  const { clock, report } = ports;
  const findAddress = createAddressFinder(ports.trustProxy ?? false);
  const deadlines = createDeadlines(clock);

  const refuse = (visit: { req: IncomingMessage; res: ServerResponse; source: string }, refused: Refusal): void => {
    const { req, res, source } = visit;
    const { code, status } = refused;
    const forwarded = req.headers['x-forwarded-for'];
    const address = findAddress(req.socket.remoteAddress, forwarded?.toString()) ?? '';
    answerRefusal(req, res, refused, clock);
    report.requestRefused({ source, code, status, address });
  };

  /** Takes one request to a known source from its head to its answer. */
  const serve = async (visit: Visit): Promise<void> => {
    const { ctx, source } = visit;
    const { req, res } = ctx;
    ctx.respond = false;
    const startedAt = clock.monotonic();
    if (req.method === 'OPTIONS') return answerOptions(res, source);
    const head = checkHead({ req, source, search: visit.target.search, findAddress });
    const name = source.source.name;
    if (head.kind === 'refusal') return refuse({ req, res, source: name }, head);
    source.inFlight++;
    try {
      const body = await readBody(visit, head);
      const taken = body instanceof Uint8Array ? await take(visit, head, body) : body;
      if (taken.kind === 'refusal') {
        if (!res.headersSent) refuse({ req, res, source: name }, taken);
        return;
      }
      answerReception(res, taken, source.format.reply);
      report.requestAnswered(name, clock.monotonic() - startedAt);
    } finally {
      source.inFlight--;
    }
  };

  const readBody = async (visit: Visit, head: OpenHead): Promise<Uint8Array | Refusal> => {
    const { ctx, source, isPlain } = visit;
    const { body: limit, timeoutMs } = source.source.limits;
    if (ctx.req.method === 'GET') return NO_BODY;
    if (isWaitingForContinue(ctx.req)) ctx.res.writeContinue();
    const deadline = {
      at: clock.monotonic() + timeoutMs,
      expire: () => refuse({ req: ctx.req, res: ctx.res, source: source.source.name }, tooSlow(timeoutMs)),
    };
    deadlines.add(deadline);
    const read = await (isPlain ? readPlainBody(ctx.req) : readThroughParser(ctx, limit));
    deadlines.remove(deadline);
    if (!(read instanceof Uint8Array)) return read;
    if (read.byteLength === 0) return refusal('BODY_EMPTY', 'the body is empty');
    return head.coding === 'identity' ? read : inflate(read, head.coding, limit);
  };

  const take = async (visit: Visit, head: OpenHead, body: Uint8Array): Promise<Stored | Refusal> => {
    const { source, target, ctx } = visit;
    if (ctx.res.headersSent) return tooSlow(source.source.limits.timeoutMs);
    const { search, headers } = head;
    const receivedAt = clock.now();
    const request = { method: ctx.req.method ?? '', path: target.path, search, headers, body, receivedAt };
    const unsigned = source.verify?.(request);
    if (unsigned) return unsigned;
    const reception = await ports.receive(source.source, request);
    return refusalOf(reception) ?? (reception as Stored);
  };

  const routed = routeBy(ports.sources, (ctx, source) =>
    serve({ ctx, source, target: ctx.state.target as RequestTarget, isPlain: false }),
  );

  /** The first middleware: a plain POST to a source is served at once; the rest goes on to the router. */
  const meet: Middleware = async (ctx, next) => {
    const { req, res } = ctx;
    const target = readTarget(req);
    try {
      if (target.kind === 'refusal') {
        ctx.respond = false;
        return refuse({ req, res, source: '' }, target);
      }
      const source = isPlainPost(req) ? ports.sources().find(target.path) : undefined;
      if (source) return await serve({ ctx, source, target, isPlain: true });
      ctx.state.target = target;
      await next();
    } catch (error) {
      ctx.respond = false;
      report.defect('door', error);
      answerRefusal(req, res, refusal('INTERNAL', 'the relay has made a mistake; it has been recorded'), clock);
    }
  };

  const app = new Koa();
  app.silent = true;
  app.on('error', (error) => report.defect('door', error));
  app.use(meet);
  app.use(routed);
  if (ports.mount) app.use(ports.mount);
  app.use((ctx) => {
    ctx.respond = false;
    refuse({ req: ctx.req, res: ctx.res, source: '' }, refusal('SOURCE_UNKNOWN', 'no source has this path'));
  });
  const listener = app.callback();
  return {
    listener,
    createServer: () =>
      guardServer(createServer(SERVER_OPTIONS, listener), { listener, report, sources: ports.sources }),
  };
}

interface Visit {
  readonly ctx: Context;
  readonly source: CompiledSource;
  readonly target: RequestTarget;
  /** A body of known length without content coding, for the reader of our own. */
  readonly isPlain: boolean;
}

type Stored = Extract<Reception, { kind: 'accepted' | 'duplicate' | 'ignored' }>;

const NO_BODY = new Uint8Array();

function isPlainPost({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    headers['content-length'] !== undefined &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined
  );
}

function isWaitingForContinue(req: IncomingMessage): boolean {
  return req.headers.expect?.toLowerCase() === '100-continue' && hasBody(req);
}

function answerOptions(res: ServerResponse, source: CompiledSource): void {
  res.writeHead(204, ['allow', source.allow]);
  res.end();
}

function tooSlow(timeoutMs: number): Refusal {
  return refusal('REQUEST_TIMEOUT', `the request was not complete after ${timeoutMs / 1000} s`);
}

/** A router over the sources of the current configuration, built again when they are swapped. */
function routeBy(
  sources: () => SourceTable,
  serve: (ctx: Context, source: CompiledSource) => Promise<void>,
): Middleware {
  let table: SourceTable | undefined;
  let routes: Middleware;
  return (ctx: Context, next: Next) => {
    const current = sources();
    if (current !== table) {
      table = current;
      routes = routesOf(current, serve);
    }
    return routes(ctx, next);
  };
}

function routesOf(table: SourceTable, serve: (ctx: Context, source: CompiledSource) => Promise<void>): Middleware {
  const router = new Router();
  for (const source of table.sources) {
    const path = new RegExp(`^${RegExp.escape(source.source.path)}/?$`);
    router.all(path, (ctx) => serve(ctx as unknown as Context, source));
  }
  return router.routes() as unknown as Middleware;
}

/** At the door: the way of every request that is no plain POST to a source. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import Koa, { type Middleware } from 'koa';
import { type Refusal, refusal } from './refusal.ts';
import { routeSources } from './route-sources.ts';
import { isWaitingForContinue, type RefusedVisit, type Visit } from './serve.ts';
import type { SourceTable } from './sources.ts';
import { type RequestTarget, readTarget } from './target.ts';

export interface KoaPorts {
  sources(): SourceTable;
  serve(visit: Visit): Promise<void>;
  refuse(visit: RefusedVisit, refused: Refusal): void;
  /** Answers for a fault of ours. */
  fail(req: IncomingMessage, res: ServerResponse, error: unknown): void;
  /** Answers paths that no source has; one that it passes on is answered 404. */
  readonly mount?: Middleware;
}

export function throughKoa({ sources, serve, refuse, fail, mount }: KoaPorts): RequestListener {
  const guarded: Middleware = async (ctx, next) => {
    const { req, res } = ctx;
    try {
      const target = readTarget(req);
      if (target.kind === 'refusal') {
        ctx.respond = false;
        return refuse({ req, res, source: '' }, target);
      }
      ctx.state.target = target;
      return await next();
    } catch (error) {
      ctx.respond = false;
      fail(req, res, error);
    }
  };
  const routed = routeSources(sources, (ctx, source) => {
    ctx.respond = false;
    return serve({ req: ctx.req, res: ctx.res, source, target: ctx.state.target as RequestTarget, ctx });
  });
  const unknown: Middleware = (ctx) => {
    ctx.respond = false;
    refuse({ req: ctx.req, res: ctx.res, source: '' }, refusal('SOURCE_UNKNOWN', 'no source has this path'));
  };

  const app = new Koa();
  app.on('error', ignore); // only connections that broke: `guarded` has caught the rest
  app.use(guarded).use(routed);
  if (mount) app.use(continued).use(mount);
  app.use(unknown);
  return app.callback();
}

/** What is mounted reads its bodies without a thought for senders that wait to be told to go on. */
const continued: Middleware = (ctx, next) => {
  if (isWaitingForContinue(ctx.req)) ctx.res.writeContinue();
  return next();
};

function ignore(): void {}

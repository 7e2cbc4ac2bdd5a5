/** At the door: leads a request to its source by path with @koa/router, whichever configuration is the current one. */
import Router from '@koa/router';
import type { Context, Middleware, Next } from 'koa';
import type { CompiledSource, SourceTable } from './sources.ts';

type Serve = (ctx: Context, source: CompiledSource) => Promise<void>;

/** The routes are built again when the table is swapped. Paths are taken literally, with or without a slash at the end. */
export function routeSources(sources: () => SourceTable, serve: Serve): Middleware {
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

function routesOf(table: SourceTable, serve: Serve): Middleware {
  const router = new Router();
  for (const source of table.sources) {
    const path = new RegExp(`^${RegExp.escape(source.source.path)}/?$`);
    router.all(path, (ctx) => serve(ctx as unknown as Context, source));
  }
  return router.routes() as unknown as Middleware;
}

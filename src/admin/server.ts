/** The admin port: health, metrics, the API, the inspector and the dashboard. Nothing here is on an event's path. */
import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { ApiPorts } from './api-ports.ts';
import { guard } from './guard.ts';
import { routeInspector } from './inspect.ts';
import type { Inspector } from './inspector.ts';
import { dashboardFolder, staticFiles } from './static-files.ts';

export interface AdminPorts {
  readonly api: ApiPorts & { readonly version: string };
  /** Null where it is switched off. */
  readonly inspector: Inspector | null;
  /** What this relay's own deliveries to its inspector show, so that they need no token. */
  readonly inspectorKey: string;
  /** Where the built dashboard stands; beside the program by default. */
  readonly dashboard?: string;
  /** Prometheus text. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether events can be stored and every one is accounted for; the problems are for people. */
  readiness(): Promise<{ readonly ready: boolean; readonly problems: readonly string[] }>;
  /** Asked of everyone where it is set. */
  readonly token: string | null;
  /** Names that a browser may call this port by, without the port. */
  readonly allowedHosts: readonly string[];
  /** A fault of ours, which the caller is answered 500. */
  failed(error: unknown): void;
}

export function createAdmin(ports: AdminPorts): Koa {
  const app = new Koa();
  const router = new Router();

  router.get('/healthz', (context) => {
    context.body = { status: 'alive' };
  });
  router.get('/readyz', async (context) => {
    const { ready, problems } = await ports.readiness();
    context.status = ready ? 200 : 503;
    context.body = { status: ready ? 'ready' : 'not ready', problems };
  });
  router.get('/metrics', async (context) => {
    const { contentType, text } = await ports.metrics();
    context.type = contentType;
    context.body = text;
  });
  const { inspector, api } = ports;
  if (inspector) routeInspector(router, { inspector, mask: api.mask, clock: api.clock });

  app.silent = true;
  app.on('error', ports.failed);
  app.use(guard(ports));
  app.use(router.routes());
  app.use(apiRoutes(ports));
  app.use(staticFiles(ports.dashboard ?? dashboardFolder()));
  return app;
}

/** A running relay must not depend on files that an update replaces. */
const LOAD_AFTER_MS = 1000;

/** The API, which is loaded a moment after the start or with its first call: a start does not wait for it. */
function apiRoutes({ api, failed }: Pick<AdminPorts, 'api' | 'failed'>): Middleware {
  let routes: Promise<Middleware> | undefined;
  const load = async (): Promise<Middleware> => {
    const { routeApi } = await import('./api.ts');
    const router = new Router();
    routeApi(router, api);
    return router.routes() as Middleware;
  };
  const loaded = () => (routes ??= load());
  api.clock.after(LOAD_AFTER_MS, () => void loaded().catch(failed));
  return async (context, next) => (/^\/api(\/|$)/.test(context.path) ? (await loaded())(context, next) : next());
}

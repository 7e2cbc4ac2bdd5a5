/** The admin port: health, metrics, the API, the inspector and the dashboard. Nothing here is on an event's path. */
import Router from '@koa/router';
import Koa from 'koa';
import { routeApi } from './api.ts';
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
  token(): string | null;
  /** Names that a browser may call this port by, without the port. */
  allowedHosts(): readonly string[];
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
  routeApi(router, api);

  app.silent = true;
  app.on('error', ports.failed);
  app.use(guard(ports));
  app.use(router.routes());
  app.use(staticFiles(ports.dashboard ?? dashboardFolder()));
  return app;
}

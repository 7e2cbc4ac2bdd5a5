/** The admin port: health, metrics and the inspector. Nothing here is on an event's path. */
import Router from '@koa/router';
import Koa from 'koa';
import { guard } from './guard.ts';
import type { Inspector } from './inspector.ts';
import { INSPECTOR_STYLE, inspectorIndex, inspectorPage } from './inspector-page.ts';

export interface AdminPorts {
  readonly inspector: Inspector;
  /** Prometheus text. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether events can be stored and every one is accounted for; the problems are for people. */
  readiness(): Promise<{ readonly ready: boolean; readonly problems: readonly string[] }>;
  /** Asked of everyone where it is set. */
  token(): string | null;
  /** Names that a browser may call this port by, without the port. */
  allowedHosts(): readonly string[];
}

/** What the inspector keeps of one request, in bytes. */
const MOST_INSPECTED = 1024 * 1024;

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
  routeInspector(router, ports.inspector);

  app.silent = true;
  app.use(guard(ports));
  app.use(router.routes());
  return app;
}

function routeInspector(router: Router, inspector: Inspector): void {
  router.get('/inspect', (context) => {
    context.type = 'html';
    context.body = inspectorIndex(inspector.names());
  });
  router.get('/inspect/style.css', (context) => {
    context.type = 'css';
    context.body = INSPECTOR_STYLE;
  });
  router.all(/^\/inspect\/([^/]+)(\/.*)?$/, async (context) => {
    const name = decodeURIComponent(context.captures?.[0] ?? '');
    const rest = context.captures?.[1] ?? '';
    const isView = context.method === 'GET' && context.get('webhook-id') === '';
    if (isView) return show(context, inspector, name);
    const body = await readBody(context.req);
    const headers = Object.fromEntries(Object.entries(context.headers).map(([key, value]) => [key, String(value)]));
    inspector.record(name, {
      receivedAt: new Date().toISOString(),
      method: context.method,
      url: rest + (context.search || '') || '/',
      headers,
      body,
    });
    context.status = 200;
    context.body = { received: true };
  });
}

function show(context: Koa.Context, inspector: Inspector, name: string): void {
  const requests = inspector.requests(name);
  if (context.query.format === 'json' || context.accepts('html', 'json') === 'json') {
    context.body = { name, requests };
    return;
  }
  context.type = 'html';
  context.body = inspectorPage(name, requests);
}

async function readBody(request: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (size < MOST_INSPECTED) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, MOST_INSPECTED);
}

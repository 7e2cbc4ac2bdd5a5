/** The inspector's door: takes what is delivered to it, and shows it in any browser or as JSON. */
import type Router from '@koa/router';
import type Koa from 'koa';
import type { Clock } from '../kit/clock.ts';
import type { Inspector } from './inspector.ts';
import { INSPECTOR_STYLE, inspectorIndex, inspectorPage } from './inspector-page.ts';
import { type Mask, maskCredentials } from './mask.ts';

/** What the inspector keeps of one request, in bytes. */
const MOST_INSPECTED = 1024 * 1024;

/** The header by which this relay's own deliveries are known; the guard lets them in without a token. */
export const INSPECTOR_KEY = 'x-inspector-key';

export interface InspectPorts {
  readonly inspector: Inspector;
  readonly mask: Mask;
  readonly clock: Pick<Clock, 'now'>;
}

export function routeInspector(router: Router, { inspector, mask, clock }: InspectPorts): void {
  router.get('/inspect', (context) => {
    context.type = 'html';
    context.body = inspectorIndex(inspector.names());
  });
  router.get('/inspect/style.css', (context) => {
    context.type = 'css';
    context.body = INSPECTOR_STYLE;
  });
  router.all(/^\/inspect\/([^/]+)(\/.*)?$/, async (context) => {
    const name = decoded(context.captures?.[0] ?? '');
    const rest = context.captures?.[1] ?? '';
    if (name === undefined) return;
    const isView = context.method === 'GET' && context.get('webhook-id') === '';
    if (isView) return show(context, { inspector, mask }, name);
    const body = await readBody(context.req);
    inspector.record(name, {
      receivedAt: new Date(clock.now()).toISOString(),
      method: context.method,
      url: rest + (context.search || '') || '/',
      headers: shownHeaders(context.headers),
      body,
    });
    context.status = 200;
    context.body = { received: true };
  });
}

function shownHeaders(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  const { [INSPECTOR_KEY]: _, ...others } = headers;
  return maskCredentials(Object.fromEntries(Object.entries(others).map(([key, value]) => [key, String(value)])));
}

/** Undefined where the path is no percent-encoded text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function show(context: Koa.Context, { inspector, mask }: Omit<InspectPorts, 'clock'>, name: string): void {
  const requests = mask(inspector.requests(name));
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

/** The inspector's door: takes what is delivered to it, and shows it in any browser or as JSON. */
import type Router from '@koa/router';
import type Koa from 'koa';
import type { Clock } from '../kit/clock.ts';
import { decodeUtf8, encodeUtf8 } from '../kit/json.ts';
import type { Inspected, Inspector } from './inspector.ts';
import { INSPECTOR_STYLE, inspectorIndex, inspectorPage } from './inspector-page.ts';
import { type Mask, maskCredentials } from './mask.ts';

/** What is kept of a body and shown, in bytes. */
const MOST_SHOWN = 64 * 1024;
/** Read beyond that, so that a secret is known as one that lies across the end. */
const LONGEST_SECRET = 4 * 1024;

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
    const isDelivery = context.get('webhook-id') !== '';
    if (context.method === 'GET' && !isDelivery) return show(context, { inspector, mask }, name);
    const body = await readBody(context.req, mask);
    context.status = 200;
    context.body = { received: true };
    // A ping asks whether somebody is there.
    if (context.method === 'HEAD' && !isDelivery) return;
    inspector.record(name, {
      receivedAt: new Date(clock.now()).toISOString(),
      method: context.method,
      url: rest + (context.search || '') || '/',
      headers: shownHeaders(context.headers),
      ...body,
    });
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
  context.body = inspectorPage({ name, received: inspector.received(name), requests });
}

async function readBody(
  request: AsyncIterable<Uint8Array>,
  mask: Mask,
): Promise<Pick<Inspected, 'body' | 'bytes' | 'truncated'>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (bytes < MOST_SHOWN + LONGEST_SECRET) chunks.push(chunk);
    bytes += chunk.length;
  }
  const begun = Buffer.concat(chunks).subarray(0, MOST_SHOWN + LONGEST_SECRET);
  if (bytes <= MOST_SHOWN) return { body: decodeUtf8(begun) ?? null, bytes, truncated: false };
  const masked = encodeUtf8(mask(decodeBeginning(begun) ?? ''));
  return { body: decodeBeginning(masked.subarray(0, MOST_SHOWN)) || null, bytes, truncated: true };
}

/** Leaves out a character that the end has cut in two. */
function decodeBeginning(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

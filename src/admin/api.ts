/** The admin API: takes each operation of the contract to its handler, checks what comes, masks what goes. */
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import { stringifyJson } from '../kit/json.ts';
import type { ApiPorts } from './api-ports.ts';
import { OPERATIONS, type Operation } from './api-schema.ts';
import { eventHandlers } from './events-api.ts';
import type { Handler, Handlers } from './handlers.ts';
import { liveHandlers } from './live-api.ts';
import { openApi } from './openapi.ts';
import { overviewHandlers } from './overview-api.ts';
import { playgroundHandlers } from './playground-api.ts';
import { createRequestReader, readBytes } from './read-request.ts';
import { replayHandlers } from './replay-api.ts';
import { answer, type Reply, refuse } from './reply.ts';
import { targetHandlers } from './targets-api.ts';

export function routeApi(router: Router, ports: ApiPorts & { readonly version: string }): void {
  const document = openApi(ports.version);
  const handlers: Handlers = {
    ...overviewHandlers(ports),
    ...eventHandlers(ports),
    ...targetHandlers(ports),
    ...replayHandlers(ports),
    ...playgroundHandlers(ports),
    ...liveHandlers(ports),
    openapi: () => answer(document),
  };
  for (const [id, operation] of Object.entries<Operation>(OPERATIONS)) {
    const handle = serve(operation, handlers[id as keyof Handlers]);
    router[operation.method](operation.path.replace(/\{(\w+)\}/g, ':$1'), async (context) => {
      write(context, await handle(context), ports);
    });
  }
  router.all(/^\/api(\/.*)?$/, (context) => {
    const here = Object.values<Operation>(OPERATIONS).filter(({ path }) => matches(path, context.path));
    if (here.length === 0) {
      write(context, refuse(404, 'PATH_UNKNOWN', 'the admin API has no such path; see /api/openapi.json'), ports);
      return;
    }
    context.set('allow', here.map(({ method }) => method.toUpperCase()).join(', '));
    write(context, refuse(405, 'METHOD_NOT_ALLOWED', `this path does not take ${context.method}`), ports);
  });
}

function serve(operation: Operation, handler: Handler): (context: RouterContext) => Promise<Reply> {
  const read = createRequestReader(operation);
  return async ({ req, res, params, URL: url }) => {
    const checked = read({
      search: url.searchParams,
      contentType: req.headers['content-type'] ?? '',
      body: operation.body ? await readBytes(req) : undefined,
    });
    if (checked.kind === 'refused') return checked;
    const name = String(params.id ?? params.name ?? '');
    try {
      return await handler({ name, ...checked.input, response: res });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'StoreUnavailable') throw error;
      return refuse(503, 'STORE_UNAVAILABLE', 'the store cannot answer now');
    }
  };
}

function write(context: RouterContext, reply: Reply, { mask }: ApiPorts): void {
  switch (reply.kind) {
    case 'stream':
      context.respond = false;
      return;
    case 'empty':
      context.status = 204;
      return;
    case 'answer':
      context.type = 'application/json';
      context.body = stringifyJson(mask(reply.body));
      return;
    case 'refused': {
      const { code, message, problems } = reply;
      context.status = reply.status;
      context.body = mask({ error: { code, message, ...(problems && { problems }) } });
      return;
    }
  }
}

function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
}

/** The subscription API that is served: Sigma's `/v1/webhook`, on the server port beside the sources. */
import Router, { type RouterContext } from '@koa/router';
import type { Context, Middleware } from 'koa';
import bodyParser from 'koa-bodyparser';
import { type Answer, given, type Refused, refused, webhookOf, write } from './api-answer.ts';
import { bringsToken, type Token } from './authorise.ts';
import { type InputRules, readFilter, readPage, readSubscription } from './read-input.ts';
import type { Registry } from './registry.ts';
import { eventsOf, type Subscription } from './subscriber.ts';

export interface ApiSettings extends Token {
  /** Characters. */
  readonly longestUrl: number;
  /** CIDRs. */
  readonly allowPrivate: readonly string[];
}

export interface ApiPorts {
  readonly registry: Pick<Registry, 'refresh' | 'list' | 'create' | 'update' | 'remove'>;
  /** Of the configuration of now; null where the API is not served. */
  settings(): ApiSettings | null;
  readonly eventTypes: readonly string[];
  /** Whether a URL may be delivered to: resolves its host and looks at every address. Never rejects. */
  checkUrl(url: string, allowPrivate: readonly string[]): Promise<UrlVerdict>;
  requestRefused(facts: { readonly code: string; readonly status: number; readonly address: string }): void;
  /** A fault of ours. */
  defect(where: string, error: unknown): void;
}

export type UrlVerdict = { readonly kind: 'allowed' } | { readonly kind: string; readonly message: string };

const PATH = '/v1/webhook';
const METHODS = { all: 'GET, HEAD, POST, OPTIONS', one: 'GET, HEAD, PUT, DELETE, OPTIONS' };
const LARGEST_BODY = '64kb';

/** Answers everything under `/v1/webhook` while the API is served, and passes on the rest. */
export function createSubscriptionApi(ports: ApiPorts): Middleware {
  const routed = createRoutes(ports).routes() as unknown as Middleware;
  return async (ctx, next) => {
    const settings = ports.settings();
    if (!settings || !(ctx.path === PATH || ctx.path.startsWith(`${PATH}/`))) return next();
    if (!bringsToken(ctx.get('authorization'), settings)) {
      answer(ctx, refused(401, 'TOKEN_WRONG', 'the token id or the token secret is missing or wrong'), ports);
      return;
    }
    try {
      await routed(ctx, async () => answer(ctx, refused(404, 'PATH_UNKNOWN', 'there is nothing at this path'), ports));
    } catch (error) {
      answer(ctx, refusalOf(error, ports), ports);
    }
  };
}

function createRoutes(ports: ApiPorts): Router {
  const router = new Router({ sensitive: true });
  const parse = bodyParser({
    enableTypes: ['json', 'form'],
    jsonLimit: LARGEST_BODY,
    formLimit: LARGEST_BODY,
  }) as unknown as Middleware;
  const handle = (act: (ctx: RouterContext) => Promise<Answer> | Answer) => async (ctx: RouterContext) =>
    answer(ctx, await act(ctx), ports);
  const readBody = async (ctx: RouterContext): Promise<unknown> => {
    await parse(ctx, async () => {});
    return (ctx.request as { readonly body?: unknown }).body;
  };

  router.get(
    PATH,
    handle((ctx) => list(ctx.query, ports)),
  );
  router.post(
    PATH,
    handle(async (ctx) => mediaRefusal(ctx) ?? create(await readBody(ctx), ports)),
  );
  router.all(
    PATH,
    handle((ctx) => otherMethod(ctx, METHODS.all)),
  );
  router.get(
    `${PATH}/:id`,
    handle((ctx) => read(String(ctx.params.id), ports)),
  );
  router.put(
    `${PATH}/:id`,
    handle(async (ctx) => mediaRefusal(ctx) ?? update(String(ctx.params.id), await readBody(ctx), ports)),
  );
  router.delete(
    `${PATH}/:id`,
    handle((ctx) => remove(String(ctx.params.id), ctx.query, ports)),
  );
  router.all(
    `${PATH}/:id`,
    handle((ctx) => otherMethod(ctx, METHODS.one)),
  );
  return router;
}

async function list(query: Readonly<Record<string, unknown>>, { registry, eventTypes }: ApiPorts): Promise<Answer> {
  const asked = readPage(query, eventTypes);
  if (asked.kind === 'wrong') return unprocessable(asked.message);
  const { page, length, events } = asked.value;
  await registry.refresh();
  const found = registry
    .list()
    .filter((one) => events === 'all' || eventsOf(one, eventTypes).some((type) => events.includes(type)));
  const data = found.slice(page * length, (page + 1) * length).map((one) => webhookOf(one, eventTypes));
  return given({ data, total: found.length, length: data.length, page });
}

async function create(body: unknown, ports: ApiPorts): Promise<Answer> {
  const wanted = await readAllowed(body, ports);
  if (wanted.kind === 'refused') return wanted;
  const created = await ports.registry.create(wanted.subscription);
  if (created.kind === 'full') return refused(403, 'LIMIT_REACHED', 'there are as many webhooks as there may be');
  return given(webhookOf(created.subscriber, ports.eventTypes));
}

async function read(id: string, { registry, eventTypes }: ApiPorts): Promise<Answer> {
  await registry.refresh();
  const found = registry.list().find((one) => one.id === id);
  return found ? given(webhookOf(found, eventTypes)) : unknown();
}

async function update(id: string, body: unknown, ports: ApiPorts): Promise<Answer> {
  const wanted = await readAllowed(body, ports);
  if (wanted.kind === 'refused') return wanted;
  const updated = isId(id) ? await ports.registry.update(id, wanted.subscription) : undefined;
  return updated ? given(webhookOf(updated, ports.eventTypes)) : unknown();
}

async function remove(
  id: string,
  query: Readonly<Record<string, unknown>>,
  { registry, eventTypes }: ApiPorts,
): Promise<Answer> {
  const events = readFilter(query.event, eventTypes);
  if (events.kind === 'wrong') return unprocessable(events.message);
  return isId(id) && (await registry.remove(id, events.value)) ? given({}) : unknown();
}

/** What is none may hold anything, also what no store takes for a text. */
function isId(text: string): boolean {
  return /^\d+$/.test(text);
}

type Allowed = { readonly kind: 'allowed'; readonly subscription: Subscription } | Refused;

/** What a body asks for, once its URL may be delivered to. */
async function readAllowed(body: unknown, { settings, eventTypes, checkUrl }: ApiPorts): Promise<Allowed> {
  const { longestUrl = 0, allowPrivate = [] } = settings() ?? {};
  const rules: InputRules = { eventTypes, longestUrl };
  const wanted = readSubscription(body, rules);
  if (wanted.kind === 'wrong') return unprocessable(wanted.message);
  const verdict = await checkUrl(wanted.value.uri, allowPrivate);
  if ('message' in verdict) return refused(422, 'URL_REFUSED', `uri: ${verdict.message}`);
  return { kind: 'allowed', subscription: wanted.value };
}

function mediaRefusal(ctx: Context): Refused | undefined {
  if (ctx.get('content-length') === '0' || ctx.is('json', 'urlencoded') !== false) return undefined;
  return refused(415, 'MEDIA_UNSUPPORTED', 'the body must be application/json or application/x-www-form-urlencoded');
}

function otherMethod(ctx: Context, allow: string): Answer {
  if (ctx.method !== 'OPTIONS') {
    return { ...refused(405, 'METHOD_NOT_ALLOWED', `this path takes ${allow}`), allow };
  }
  ctx.set('allow', allow);
  return given({});
}

function unprocessable(message: string): Refused {
  return refused(422, 'INPUT_WRONG', message);
}

function unknown(): Refused {
  return refused(404, 'WEBHOOK_UNKNOWN', 'there is no webhook with this id');
}

/** What the body parser throws at bad bodies, a store that is away, or a fault of ours. */
function refusalOf(error: unknown, ports: ApiPorts): Refused {
  const { status, name } = error as { readonly status?: unknown; readonly name?: unknown };
  if (status === 413) return refused(413, 'BODY_TOO_LARGE', `the body is larger than ${LARGEST_BODY}`);
  if (status === 415) return refused(415, 'CODING_UNSUPPORTED', 'the content encoding or charset is not understood');
  if (status === 400) return refused(400, 'BODY_MALFORMED', 'the body cannot be read as what its content type says');
  if (name === 'StoreUnavailable') return refused(503, 'STORE_UNAVAILABLE', 'webhooks cannot be stored now');
  ports.defect('subscriptions', error);
  return refused(500, 'INTERNAL', 'the relay has made a mistake; it has been recorded');
}

function answer(ctx: Context, what: Answer, ports: ApiPorts): void {
  write(ctx, what);
  if (what.kind === 'given') return;
  ports.requestRefused({ code: what.code, status: what.status, address: ctx.req.socket.remoteAddress ?? '' });
}

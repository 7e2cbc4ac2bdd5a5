/** An API server as others may have built it: wrapped or bare replies, short pages, no totals, failures. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Habits {
  /** `{…}`, `{"ec":0,"data":{…}}`, or, of lists, `{"ec":0,"data":[…],"total":…}`. */
  readonly replies?: 'bare' | 'wrapped' | 'flat';
  /** Items that a page holds at most, whatever is asked for. */
  readonly mostOnPage?: number;
  readonly saysTotal?: boolean;
  /** Answers every list with its first page. */
  readonly ignoresPage?: boolean;
  readonly idsAre?: 'texts' | 'numbers';
  readonly eventsAre?: 'arrays' | 'texts' | 'all';
}

export interface Failure {
  readonly status: number;
  readonly body?: string;
  /** Does what it was asked to before it fails to say so. */
  readonly butDone?: boolean;
}

export interface Stored {
  readonly id: number;
  uri: string;
  event: string;
}

export interface ApiServer {
  readonly url: string;
  readonly webhooks: Stored[];
  readonly calls: string[];
  readonly authorizations: Set<string>;
  /** What the next calls of this kind answer instead, one each. */
  readonly failures: { readonly call: RegExp; readonly failure: Failure }[];
  add(uri: string, event: string): void;
}

export async function startApiServer(habits: Habits = {}): Promise<ApiServer> {
  const webhooks: Stored[] = [];
  const calls: string[] = [];
  const authorizations = new Set<string>();
  const failures: { readonly call: RegExp; readonly failure: Failure }[] = [];
  let nextId = 9_007_199_254_740_990; // on the way past what a double holds
  const add = (uri: string, event: string): Stored => {
    const webhook = { id: nextId--, uri, event };
    webhooks.push(webhook);
    return webhook;
  };

  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const body = await readBody(request);
    calls.push(`${method} ${url.replace(/\?.*/, '')}`);
    authorizations.add(String(request.headers.authorization));
    const index = failures.findIndex(({ call }) => call.test(`${method} ${url}`));
    const failure = index === -1 ? undefined : failures.splice(index, 1)[0]?.failure;
    const done = failure && !failure.butDone ? undefined : perform(method, new URL(url, 'http://x'), body);
    const reply = failure ?? { status: done === undefined ? 404 : 200, body: JSON.stringify(done ?? { ec: 404 }) };
    response.writeHead(reply.status, { 'content-type': 'application/json', location: '/elsewhere' }).end(reply.body);
  });

  function perform(method: string, { pathname, searchParams }: URL, body: string): unknown {
    const id = pathname.split('/')[3];
    const found = webhooks.find((webhook) => String(webhook.id) === id);
    if (method === 'GET') return list(searchParams);
    if (method === 'DELETE') {
      if (found) webhooks.splice(webhooks.indexOf(found), 1);
      return found && wrap({});
    }
    const { uri, event } = JSON.parse(body) as { uri: string; event: string };
    if (method === 'POST') return wrap(shown(add(uri, event)));
    if (found) Object.assign(found, { uri, event });
    return found && wrap(shown(found));
  }

  function list(query: URLSearchParams): unknown {
    const length = Math.min(Number(query.get('length')), habits.mostOnPage ?? 100);
    const from = habits.ignoresPage ? 0 : Number(query.get('page')) * length;
    const data = webhooks.slice(from, from + length).map(shown);
    const total = habits.saysTotal === false ? {} : { total: webhooks.length, length: data.length };
    return habits.replies === 'flat' ? { ec: 0, data, ...total } : wrap({ data, ...total });
  }

  function shown({ id, uri, event }: Stored): object {
    const all = 'channel_live,channel_stop,channel_ended';
    const text = event === 'all' && habits.eventsAre !== 'all' ? all : event;
    const shownId = habits.idsAre === 'numbers' ? id : String(id);
    return { id: shownId, uri, event: habits.eventsAre === 'texts' ? text : text.split(',') };
  }

  const wrap = (value: object): unknown =>
    habits.replies === 'wrapped' || habits.replies === 'flat' ? { ec: 0, data: value } : value;

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, webhooks, calls, authorizations, failures, add };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

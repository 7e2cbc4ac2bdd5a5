/** Speaks to an API server's `/v1/webhook`: lists, creates, updates and deletes. One call, one request; trying again is the caller's. */
import { request } from 'undici';
import type { Token } from './authorise.ts';
import { readPageOf, readWebhook, unwrap, type Webhook, WebhookApiError } from './webhook-api.ts';

/** Every method rejects with a `WebhookApiError`, or with the signal's reason once it is aborted. */
export interface WebhookClient {
  /** All of them, over all pages. */
  list(): Promise<readonly Webhook[]>;
  create(webhook: Omit<Webhook, 'id'>): Promise<Webhook>;
  update(webhook: Webhook): Promise<void>;
  /** One that is gone already counts as deleted. */
  remove(id: string): Promise<void>;
}

export interface ClientOptions extends Token {
  /** The server's base URL, without a slash at its end. */
  readonly api: string;
  readonly signal?: AbortSignal;
}

const PAGE_LENGTH = 100;
const MOST_PAGES = 10_000;
const TIMEOUT_MS = 10_000;
const LARGEST_REPLY = 4 * 2 ** 20;

export function createWebhookClient({ api, tokenId, tokenSecret, signal }: ClientOptions): WebhookClient {
  const server = new URL(api).origin;
  const authorization = `Basic ${Buffer.from(`${tokenId}:${tokenSecret}`).toString('base64')}`;

  async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', suffix: string, body?: object): Promise<unknown> {
    const headers = {
      authorization,
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const reply = await request(`${api}/v1/webhook${suffix}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      return unwrap({ server, status: reply.statusCode, text: await readText(reply.body, server) });
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof WebhookApiError ? error : unreachable(error, server);
    }
  }

  return {
    async list() {
      const found = new Map<string, Webhook>();
      for (let page = 0; page < MOST_PAGES; page++) {
        const { items, total } = readPageOf(await call('GET', `?page=${page}&length=${PAGE_LENGTH}`), server);
        const before = found.size;
        for (const item of items) found.set(item.id, item);
        // A server may give shorter pages than it was asked for, or the same page again and again.
        const isLast = found.size === before || (total !== undefined && found.size >= total);
        if (isLast) break;
      }
      return [...found.values()];
    },
    async create({ uri, events }) {
      return readWebhook(await call('POST', '', { uri, event: events.join(',') }), server);
    },
    async update({ id, uri, events }) {
      await call('PUT', `/${encodeURIComponent(id)}`, { uri, event: events.join(',') });
    },
    async remove(id) {
      try {
        await call('DELETE', `/${encodeURIComponent(id)}`);
      } catch (error) {
        if (!(error instanceof WebhookApiError && error.code === 'HTTP_404')) throw error;
      }
    },
  };
}

async function readText(body: AsyncIterable<Buffer>, server: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > LARGEST_REPLY) {
      throw new WebhookApiError('REPLY_TOO_LARGE', `${server} answered with more than ${LARGEST_REPLY} bytes`);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreachable(error: unknown, server: string): WebhookApiError {
  const { name, code } = error as { readonly name?: string; readonly code?: unknown };
  if (name === 'TimeoutError') {
    return new WebhookApiError('TIMEOUT', `${server} did not answer within ${TIMEOUT_MS / 1000} s`);
  }
  const text = typeof code === 'string' ? code : 'NETWORK_ERROR';
  return new WebhookApiError(text, `${server} cannot be reached (${text})`);
}

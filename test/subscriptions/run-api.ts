/** Runs the subscription API on a real port, as the door mounts it, with a registry in memory. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { onTestFinished } from 'vitest';
import { checkUrl } from '../../src/deliver/address-guard.ts';
import { type ApiSettings, createSubscriptionApi } from '../../src/subscriptions/api.ts';
import { createRegistryRig, EVENT_TYPES, type RegistryRig } from './rig.ts';

export const TOKEN = { tokenId: 'an-id', tokenSecret: 'a-secret:with-colon' };
export const AUTHORIZATION = `Basic ${Buffer.from(`${TOKEN.tokenId}:${TOKEN.tokenSecret}`).toString('base64')}`;

export interface ApiRig extends RegistryRig {
  readonly url: string;
  readonly api: { now: ApiSettings | null };
  readonly refused: { readonly code: string; readonly status: number }[];
  readonly defects: unknown[];
  /** One request with the right token; the path from `/v1/webhook` on. */
  call(method: string, suffix: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Names that resolve without asking anyone. */
const NAMES: Readonly<Record<string, string>> = {
  'webhook.com': '93.184.215.14',
  'example.com': '93.184.215.14',
  'inside.example.com': '10.1.2.3',
};

export async function runApi(): Promise<ApiRig> {
  const rig = createRegistryRig();
  const api: ApiRig['api'] = { now: { ...TOKEN, longestUrl: 100, allowPrivate: [] } };
  const refused: { code: string; status: number }[] = [];
  const defects: unknown[] = [];
  const lookup = async (name: string) => {
    const address = NAMES[name];
    if (address === undefined) throw new Error('ENOTFOUND');
    return [{ address, family: 4 }];
  };
  const app = new Koa();
  app.use(
    createSubscriptionApi({
      registry: rig.registry,
      settings: () => api.now,
      eventTypes: EVENT_TYPES,
      checkUrl: (url, allowPrivate) => checkUrl(url, { trust: 'subscriber', allowPrivate }, lookup),
      requestRefused: ({ code, status }) => refused.push({ code, status }),
      defect: (_, error) => defects.push(error),
    }),
  );
  app.use((ctx) => {
    ctx.status = 418;
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call: ApiRig['call'] = async (method, suffix, body, headers = {}) => {
    const isJson = body !== undefined && typeof body === 'object' && !(body instanceof URLSearchParams);
    const response = await fetch(`${url}/v1/webhook${suffix}`, {
      method,
      headers: { authorization: AUTHORIZATION, ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as string | URLSearchParams) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { ...rig, url, api, refused, defects, call };
}

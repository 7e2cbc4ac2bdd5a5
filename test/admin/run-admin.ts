/** A relay in this process, on free ports, with a folder of its own, and a caller of its admin API. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from '../../src/kit/clock.ts';
import { parseJson, stringifyJson } from '../../src/kit/json.ts';
import { formatProblem } from '../../src/kit/problem.ts';
import { silentLog } from '../../src/observe/log.ts';
import { type Relay, startRelay } from '../../src/relay.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whole numbers beyond 2^53 are bigints. */
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about
  readonly body: any;
}

export interface AdminRun extends AsyncDisposable {
  readonly relay: Relay;
  readonly folder: string;
  get(path: string): Promise<Called>;
  post(path: string, body?: unknown): Promise<Called>;
  delete(path: string): Promise<Called>;
  /** Posts to a path at the door. */
  send(path: string, body: unknown): Promise<Called>;
  /** Asks until the condition holds of the answer, and gives it. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  until(path: string, condition: (body: any) => boolean): Promise<any>;
  /** Writes another configuration and loads it into the running relay; with what is left out as it was at the start. */
  reload(changed: { readonly yaml?: string; readonly admin?: string }): void;
  /** Stops the relay and starts it anew on the same store. */
  restart(): Promise<void>;
}

export interface AdminOptions {
  /** What follows the ports, the store and the mappings in `relay.yaml`. */
  readonly yaml: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More members of `admin:`. */
  readonly admin?: string;
  readonly token?: string;
  readonly clock?: Clock;
}

export async function runAdmin({ yaml, env = {}, admin = '', token, clock }: AdminOptions): Promise<AdminRun> {
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-admin-'));
  mkdirSync(join(folder, 'config'));
  cpSync(join(ROOT, 'mappings'), join(folder, 'mappings'), { recursive: true });
  const configPath = join(folder, 'config/relay.yaml');
  const write = (parts: { readonly yaml: string; readonly admin: string }): void =>
    writeFileSync(
      configPath,
      `server: { host: 127.0.0.1, port: 0 }\nadmin: { host: 127.0.0.1, port: 0${parts.admin} }\nstore: sqlite:../data/relay.db\n${parts.yaml}`,
    );
  write({ yaml, admin });
  const start = () =>
    startRelay({ configPath, env, version: '1.2.3', createLog: () => silentLog, ...(clock ? { clock } : {}) });
  let relay = await start();
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const call = async (url: string, init: RequestInit): Promise<Called> => {
    const response = await fetch(url, init);
    const text = await response.text();
    const parsed = parseJson(text, 200);
    return { status: response.status, headers: response.headers, text, body: parsed.ok ? parsed.value : undefined };
  };
  const json = { 'content-type': 'application/json' };
  const get = (path: string) => call(relay.adminUrl + path, { headers });
  return {
    get relay() {
      return relay;
    },
    folder,
    get,
    post: (path, body) =>
      call(relay.adminUrl + path, {
        method: 'POST',
        headers: body === undefined ? headers : { ...headers, ...json },
        ...(body === undefined ? {} : { body: stringifyJson(body) }),
      }),
    delete: (path) => call(relay.adminUrl + path, { method: 'DELETE', headers }),
    send: (path, body) =>
      call(relay.serverUrl + path, {
        method: 'POST',
        headers: json,
        body: typeof body === 'string' ? body : stringifyJson(body),
      }),
    async until(path, condition) {
      for (;;) {
        const { body } = await get(path);
        if (condition(body)) return body;
        await new Promise((turn) => setImmediate(turn));
      }
    },
    reload(changed) {
      write({ yaml, admin, ...changed });
      const problems = relay.reload();
      if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
    },
    async restart() {
      await relay.stop('restart');
      relay = await start();
    },
    async [Symbol.asyncDispose]() {
      await relay.stop('test');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A request with headers that `fetch` would not send: `host`, `origin`, `sec-fetch-site`. */
export function rawRequest(
  url: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: string }> {
  return new Promise((done, failed) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('error', failed);
    request.end(body);
  });
}

export const CLIP_ID = '56fd03e5-3965-4c2e-a6a9-bb6932340000';

/** A clip of BSR, with the number in its id. */
export function clip(n: number, payload: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    id: `${CLIP_ID.slice(0, -4)}${String(n).padStart(4, '0')}`,
    event: 'clip.generated',
    timestamp: 1757175371,
    payload: {
      ...{ id: n, room_id: '27183290', cover: 'cover.jpg', file: `${n}.mp4`, note: '', length: 121, size: 53_049_119 },
      ...{ status: 0, bvid: '', title: '', desc: '', tags: '', area: 0, platform: 'bilibili' },
      created_at: '2025-09-07T00:16:11.747461+08:00',
      ...payload,
    },
  };
}

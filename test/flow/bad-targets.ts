/** Targets that misbehave, each in its own way, on real ports. */
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SELF_SIGNED } from '../deliver/self-signed.ts';

export interface BadTarget {
  readonly name: string;
  readonly url: string;
  /** What becomes of its deliveries, and why. */
  readonly ends: 'dead' | 'delivered';
  readonly why: RegExp;
}

export interface BadTargets extends AsyncDisposable {
  readonly all: readonly BadTarget[];
}

/** Half a gigabyte when it is inflated. */
const BOMB = gzipSync(Buffer.alloc(2 ** 29), { level: 1 });

const LISTENERS: Readonly<
  Record<string, { readonly listener: RequestListener; readonly why: RegExp; readonly ok?: true }>
> = {
  silent: { listener: () => undefined, why: /TIMEOUT/ },
  dripping: {
    why: /TIMEOUT/,
    listener: (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    },
  },
  resetting: { listener: (request) => request.socket.resetAndDestroy(), why: /CONNECTION_RESET/ },
  endless: {
    ok: true,
    why: /^$/,
    listener: (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.writeHead(200).on('drain', more);
      more();
    },
  },
  bomb: {
    ok: true,
    why: /^$/,
    listener: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
  },
  moved: { listener: (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(), why: /HTTP_302/ },
  gone: { listener: (_, response) => void response.writeHead(410).end(), why: /HTTP_410/ },
};

export async function startBadTargets(): Promise<BadTargets> {
  const servers: Server[] = [];
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const all: BadTarget[] = [];
  for (const [name, { listener, why, ok }] of Object.entries(LISTENERS)) {
    const port = await listen(createHttpServer(listener));
    all.push({ name, url: `http://127.0.0.1:${port}/`, ends: ok ? 'delivered' : 'dead', why });
  }
  const secure = await listen(createHttpsServer(SELF_SIGNED, (_, response) => void response.end()));
  all.push({ name: 'self-signed', url: `https://127.0.0.1:${secure}/`, ends: 'dead', why: /TLS_SELF_SIGNED/ });
  const plain = await listen(createHttpServer((_, response) => void response.end()));
  all.push({ name: 'no-tls', url: `https://127.0.0.1:${plain}/`, ends: 'dead', why: /TLS_FAILED|CONNECTION_RESET/ });
  all.push({ name: 'nowhere', url: 'http://nowhere.invalid/', ends: 'dead', why: /DNS_/ });
  all.push({ name: 'closed', url: 'http://127.0.0.1:1/', ends: 'dead', why: /CONNECTION_REFUSED/ });
  return {
    all,
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

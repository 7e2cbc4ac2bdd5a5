/** A consumer on a real port that keeps what it receives. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Consumer extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** Resolves when at least so many requests have come. */
  count(wanted: number): Promise<readonly Received[]>;
  /** Resolves with the first request, past or future, for which the condition holds. */
  request(condition: (request: Received) => boolean): Promise<Received>;
}

export type Answer =
  | number
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** What each request is answered; or, with `hold`, only once the test says so. */
export type Answering =
  | ((request: Received, index: number) => Answer)
  | { readonly hold: (answer: () => void, request: Received) => void };

/** Answers 200 by default. */
export async function startConsumer(answering: Answering = () => 200): Promise<Consumer> {
  const received: Received[] = [];
  const waiting: { done: () => boolean; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(one);
      if (typeof answering === 'function') reply(response, answering(one, received.length - 1));
      else answering.hold(() => reply(response, 200), one);
      for (const waiter of waiting.filter(({ done }) => done())) {
        waiting.splice(waiting.indexOf(waiter), 1);
        waiter.resolve();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const until = (done: () => boolean): Promise<void> =>
    done() ? Promise.resolve() : new Promise((resolve) => waiting.push({ done, resolve }));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async count(wanted) {
      await until(() => received.length >= wanted);
      return received;
    },
    async request(condition) {
      await until(() => received.some(condition));
      return received.find(condition) as Received;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reply(response: ServerResponse, said: Answer): void {
  const { status, headers = {}, body = '' } = typeof said === 'number' ? { status: said } : said;
  response.writeHead(status, headers).end(body);
}

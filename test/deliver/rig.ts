/** A dispatcher on a queue in memory, a hand-moved clock, and real HTTP servers. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../src/deliver/dispatcher.ts';
import type { DeliverReport, DispatcherPorts, Prepared } from '../../src/deliver/ports.ts';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import type { Target } from '../../src/model/target.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';
import { MemoryQueue } from './memory-store.ts';

export const NOTHING: readonly never[] = [];

export function target(changes: Partial<Target> = {}): Target {
  return {
    name: 't',
    format: 'json',
    url: 'http://127.0.0.1:9/hook',
    headers: {},
    timeoutMs: 5000,
    connectTimeoutMs: 2000,
    concurrency: 4,
    rate: null,
    retry: { quick: 1, schedule: [5000, 30_000, 120_000], retryOn: [], deadOn: [] },
    breaker: { failures: 5, pauseMs: 10_000, longestMs: 60_000 },
    orderBy: null,
    sign: [],
    options: {},
    enabled: true,
    trust: 'configured',
    allowPrivate: [],
    ...changes,
  };
}

export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
}

export interface Consumer {
  readonly url: string;
  readonly server: Server;
  readonly received: Received[];
  /** What is sent for each request; may be replaced at any time. */
  answer: (response: ServerResponse, request: Received) => void;
}

/** A consumer that keeps what it gets; closed when the test ends. */
export async function startConsumer(answer: Consumer['answer'] = (response) => response.end()): Promise<Consumer> {
  const received: Received[] = [];
  const { server, url } = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, method = '', url: path = '' } = request;
      const got = { headers, method, url: path, body: Buffer.concat(chunks) };
      received.push(got);
      consumer.answer(response, got);
    });
  });
  const consumer: Consumer = { url: `${url}/hook`, server, received, answer };
  return consumer;
}

export async function listen(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Waits, without a clock, until something that happens on the network has happened. */
export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

export interface Rig {
  readonly clock: ManualClock;
  readonly queue: MemoryQueue;
  readonly shared: MemoryShared;
  readonly targets: Map<string, Target>;
  readonly happened: { readonly what: string; readonly facts: Record<string, unknown> }[];
  readonly dispatcher: Dispatcher;
  /** Which of them have happened. */
  count(what: string): number;
  /** A dispatcher of another relay, or of this one after a restart, on the same store. */
  another(changes?: Partial<DispatcherPorts>): Dispatcher;
}

export interface RigOptions {
  readonly targets: readonly Target[];
  readonly prepare?: (leased: LeasedDelivery) => Prepared;
  readonly ports?: Partial<DispatcherPorts>;
}

export function createRig({ targets: list, prepare = () => hello, ports = {} }: RigOptions): Rig {
  const clock = new ManualClock();
  const queue = new MemoryQueue(clock);
  const shared = new MemoryShared();
  const targets = new Map(list.map((one) => [one.name, one]));
  const happened: Rig['happened'] = [];
  const report = new Proxy({} as DeliverReport, {
    get: (_, what: string) => (facts: Record<string, unknown>) => happened.push({ what, facts }),
  });
  const another: Rig['another'] = (changes = {}) => {
    const dispatcher = createDispatcher({
      queue,
      shared,
      targets: () => targets,
      prepare,
      clock,
      random: () => 0.5,
      report,
      version: '1.2.3',
      ...ports,
      ...changes,
    });
    onTestFinished(async () => {
      const stopped = dispatcher.stop(1000);
      await clock.advance(2000);
      await stopped;
    });
    return dispatcher;
  };
  return {
    clock,
    queue,
    shared,
    targets,
    happened,
    dispatcher: another(),
    count: (what) => happened.filter((one) => one.what === what).length,
    another,
  };
}

/** Waits, without a clock, for so many tries, and then as long as what came of them may gather before it is written. */
export async function written(rig: Rig, tries: number): Promise<void> {
  await until(() => rig.count('deliveryAttempted') === tries);
  await rig.clock.advance(5);
}

export const hello: Prepared = {
  kind: 'requests',
  requests: [
    { event: 'hello', method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from('{"n":1}') },
  ],
};

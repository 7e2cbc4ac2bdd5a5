/** Node's HTTP server, whose connections we read first: what comes whole is taken at once, everything else goes through Node's parser. */
import { type RequestListener, Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../kit/clock.ts';
import { createSweep } from '../../kit/sweep.ts';
import { readPosts, type TakePost, type WholePostConnection } from './whole-post-connection.ts';

export interface WholePostPorts {
  readonly take: TakePost;
  /** Of all headers of a request together. */
  readonly maxHeaderBytes: number;
  readonly clock: Clock;
}

/** By how much longer than it should be an unused connection may be kept. */
const COARSE_MS = 500;

/**
 * To read a whole POST takes Node's parser, request and response some 18 µs, and this server 11. It stays out of everything that HTTP
 * makes difficult: a connection goes to Node, with all that has come, at the first request that is not plain and in one piece.
 */
export class WholePostServer extends Server {
  readonly #open = new Set<WholePostConnection>();
  #isEnding = false;
  #idleStays = false;

  constructor(options: ServerOptions, listener: RequestListener, { take, maxHeaderBytes, clock }: WholePostPorts) {
    super(options, listener);
    const listeners = this.listeners('connection');
    this.removeAllListeners('connection');
    const sweep = createSweep<WholePostConnection>({ clock, coarseMs: COARSE_MS, expire: (one) => one.expire() });
    this.on('connection', (socket: Socket) => {
      const connection = readPosts(socket, {
        ...{ take, maxHeaderBytes, clock, sweep },
        keptMs: () => (this.#isEnding ? 0 : this.keepAliveTimeout),
        left: () => this.#open.delete(connection),
        handOver: () => {
          for (const listener of listeners) listener.call(this, socket);
        },
      });
      this.#open.add(connection);
    });
  }

  /** From now on each answer is the last one of its connection; one that is idle stays for it, or goes when idle ones are closed. */
  endKeepAlive(idle: 'stays' | 'goes'): void {
    this.#isEnding = true;
    this.#idleStays = idle === 'stays';
  }

  /** Node calls this, too, when the server ends. */
  override closeIdleConnections(): void {
    if (this.#idleStays) return;
    for (const connection of [...this.#open]) if (connection.isIdle) connection.destroy();
    super.closeIdleConnections();
  }

  override closeAllConnections(): void {
    for (const connection of [...this.#open]) connection.destroy();
    super.closeAllConnections();
  }
}

/** Ends a server: it takes no more connections, answers what is under way, and cuts what takes too long. */
import type { Server } from 'node:http';
import type { Clock, Timer } from '../kit/clock.ts';

/** A connection that is kept alive turns idle when its last answer is out; nothing tells when. */
const LOOK_EVERY_MS = 50;

export interface CloseOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** For so long a server that can tell its senders closes no idle connection: a request that is on its way over one would be lost. */
  readonly tellMs?: number;
}

/** A server that can tell its senders with an answer that it is the last one, and leave idle connections open until they have had it. */
interface TellingServer extends Server {
  endKeepAlive?(idle: 'stays' | 'goes'): void;
}

/** Takes no more connections at once. Resolves when the last one is gone: within `deadlineMs`. */
export async function closeServer(
  server: TellingServer,
  { clock, deadlineMs, tellMs = 0 }: CloseOptions,
): Promise<void> {
  let look: Timer | undefined;
  const closeIdle = (): void => {
    server.closeIdleConnections();
    look = clock.after(LOOK_EVERY_MS, closeIdle);
  };
  // a sender that keeps its connection busy would have its next request cut
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  server.endKeepAlive?.(tellMs > 0 ? 'stays' : 'goes');
  const deadline = clock.after(deadlineMs, () => server.closeAllConnections());
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    if (tellMs === 0) {
      closeIdle();
      return;
    }
    look = clock.after(tellMs, () => {
      server.endKeepAlive?.('goes');
      closeIdle();
    });
  });
  look?.cancel();
  deadline.cancel();
}

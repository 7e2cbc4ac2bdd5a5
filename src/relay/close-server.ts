/** Ends a server: it takes no more connections, answers what is under way, and cuts what takes too long. */
import type { Server } from 'node:http';
import type { Clock, Timer } from '../kit/clock.ts';

/** A connection that is kept alive turns idle when its last answer is out; nothing tells when. */
const LOOK_EVERY_MS = 50;

export interface CloseOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** For so long each answer only says that it is the last one, and nothing is closed: a request that is on its way over a connection that seems idle would be lost. */
  readonly tellMs?: number;
}

/** Resolves when the last connection is gone: within `tellMs` and `deadlineMs`. */
export async function closeServer(
  server: Server & { endKeepAlive?(): void },
  { clock, deadlineMs, tellMs = 0 }: CloseOptions,
): Promise<void> {
  let look: Timer | undefined;
  const closeIdle = (): void => {
    server.closeIdleConnections();
    look = clock.after(LOOK_EVERY_MS, closeIdle);
  };
  // a sender that keeps its connection busy would have its next request cut
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  server.endKeepAlive?.();
  if (tellMs > 0 && (await hasConnections(server))) {
    await new Promise<void>((resolve) => {
      clock.after(tellMs, resolve);
    });
  }
  const deadline = clock.after(deadlineMs, () => server.closeAllConnections());
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    closeIdle();
  });
  look?.cancel();
  deadline.cancel();
}

function hasConnections(server: Server): Promise<boolean> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count > 0)));
}

/** Ends a server: it takes no more connections, answers what is under way, and cuts what takes too long. */
import type { Server } from 'node:http';
import type { Clock, Timer } from '../kit/clock.ts';

/** A connection that is kept alive turns idle when its last answer is out; nothing tells when. */
const LOOK_EVERY_MS = 50;

/** Resolves when the last connection is gone: within `deadlineMs`. */
export async function closeServer(
  server: Server,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<void> {
  let look: Timer | undefined;
  const closeIdle = (): void => {
    server.closeIdleConnections();
    look = clock.after(LOOK_EVERY_MS, closeIdle);
  };
  // a sender that keeps its connection busy would have its next request cut
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  const deadline = clock.after(deadlineMs, () => server.closeAllConnections());
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    closeIdle();
  });
  look?.cancel();
  deadline.cancel();
}

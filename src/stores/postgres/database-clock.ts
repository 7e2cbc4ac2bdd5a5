/** The clock that all relays on a database share: the database's. */
import type { Clock } from '../../kit/clock.ts';

/** Epoch milliseconds of now, also within a transaction. */
export const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Milliseconds that it is ahead of this machine's, by what it said to a question of `startedAt` that is answered now. */
export function aheadBy(saidMs: number, startedAt: number, clock: Pick<Clock, 'now'>): number {
  return saidMs - (startedAt + clock.now()) / 2;
}

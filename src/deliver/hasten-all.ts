/** What a resumed target finds due: everything that waited there for a later try while it was held. */
import type { QueuePort } from './ports.ts';
import type { TargetState } from './target-state.ts';

/** A claim of another line waits no longer than for so many; and what would be more than a million waits for its time. */
const HASTENED_AT_ONCE = 2000;
const MOST_HASTES = 500;

export interface Hastening {
  readonly queue: Pick<QueuePort, 'hasten'>;
  readonly target: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether a resume has anything to end. */
export function isHeld({ paused, pausedUntil, stopped, breaker }: TargetState): boolean {
  return paused || pausedUntil !== null || stopped !== null || breaker !== null;
}

/** How many became due. Rejects as the queue does. */
export async function hastenAll({ queue, target, now }: Hastening): Promise<number> {
  let all = 0;
  for (let times = 0; times < MOST_HASTES; times++) {
    const { hastened, more } = await queue.hasten({ target, now, limit: HASTENED_AT_ONCE });
    all += hastened;
    if (!more) break;
  }
  return all;
}

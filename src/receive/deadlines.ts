/** At the door: how long a body may take to arrive, watched by one timer for all requests instead of one each. */
import type { Clock } from '../kit/clock.ts';

/** How far past its deadline a body may be noticed. */
const SWEEP_MS = 500;

export interface Deadline {
  /** Monotonic milliseconds. */
  readonly at: number;
  expire(): void;
}

export interface Deadlines {
  add(deadline: Deadline): void;
  remove(deadline: Deadline): void;
}

export function createDeadlines(clock: Pick<Clock, 'monotonic' | 'after'>): Deadlines {
  const open = new Set<Deadline>();
  let isSweeping = false;
  const sweep = (): void => {
    isSweeping = false;
    const now = clock.monotonic();
    for (const deadline of open) {
      if (deadline.at > now) continue;
      open.delete(deadline);
      deadline.expire();
    }
    if (open.size > 0) start();
  };
  const start = (): void => {
    isSweeping = true;
    clock.after(SWEEP_MS, sweep);
  };
  return {
    add(deadline) {
      open.add(deadline);
      if (!isSweeping) start();
    },
    remove(deadline) {
      open.delete(deadline);
    },
  };
}

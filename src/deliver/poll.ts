/** Looks into the queue every now and then, and at once on a hint: hints may be missed, so the look is what counts. */
import type { Clock, Timer } from '../kit/clock.ts';

export interface Poll {
  start(): void;
  now(): void;
  stop(): void;
}

export interface PollPorts {
  readonly clock: Clock;
  readonly everyMs: number;
  due(): Promise<ReadonlyMap<string, number>>;
  onHint(listener: (target: string) => void): () => void;
  moreIsDue(target: string): void;
  /** True where something that waits may be due although its time says nothing of it. */
  mayBeDue(target: string): boolean;
  afterwards(): void;
  onStoreFailure(error: unknown): void;
  onStoreAnswer(): void;
}

const SHORTEST_MS = 20;

export function createPoll(ports: PollPorts): Poll {
  const { clock, everyMs } = ports;
  let timer: Timer | undefined;
  let looking = false;
  let again = false;
  let stopped = false;
  let stopHints: () => void = () => undefined;

  async function look(): Promise<void> {
    if (looking || stopped) {
      again = true;
      return;
    }
    looking = true;
    again = false;
    timer?.cancel();
    let nextMs = everyMs;
    try {
      const due = await ports.due();
      ports.onStoreAnswer();
      if (!stopped) nextMs = handOn(due);
    } catch (error) {
      ports.onStoreFailure(error);
    }
    looking = false;
    if (stopped) return;
    ports.afterwards();
    timer = clock.after(again ? 0 : nextMs, () => void look());
  }

  /** Milliseconds until the next target has something due, or until the next ordinary look. */
  function handOn(due: ReadonlyMap<string, number>): number {
    const now = clock.now();
    let nextMs = everyMs;
    for (const [target, at] of due) {
      if (at <= now || ports.mayBeDue(target)) ports.moreIsDue(target);
      if (at > now) nextMs = Math.min(nextMs, Math.max(at - now, SHORTEST_MS));
    }
    return nextMs;
  }

  return {
    start() {
      stopHints = ports.onHint((target) => ports.moreIsDue(target));
      void look();
    },
    now: () => void look(),
    stop() {
      stopped = true;
      timer?.cancel();
      stopHints();
    },
  };
}

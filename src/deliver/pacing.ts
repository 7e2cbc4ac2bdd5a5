/** How fast a target may be sent to: never more than its rate in any stretch of its time. Pure but for what it remembers. */
import type { Rate } from '../model/source.ts';

export interface Pacer {
  /** 0 where a request may go out now, which then counts; else the milliseconds until one may. `now` is monotonic. */
  take(now: number): number;
}

/** Without a rate everything may go. A fleet of relays shares the rate in equal parts. */
export function createPacer(rate: Rate | null, fleetSize: number): Pacer {
  if (!rate) return { take: () => 0 };
  const count = Math.max(1, Math.floor(rate.count / fleetSize));
  const perMs = rate.perMs * Math.max(1, fleetSize / rate.count);
  /** When the last `count` requests went out, as a ring; `next` is the oldest. */
  const sentAt = new Array<number>(count).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    take(now) {
      const waitMs = (sentAt[next] ?? Number.NEGATIVE_INFINITY) + perMs - now;
      if (waitMs > 0) return waitMs;
      sentAt[next] = now;
      next = (next + 1) % count;
      return 0;
    },
  };
}

/** Milliseconds to leave a target alone after its breaker has opened for the `openings`-th time in a row, from 1. */
export function breakerPauseMs(
  policy: { readonly pauseMs: number; readonly longestMs: number },
  openings: number,
): number {
  return Math.min(policy.pauseMs * 2 ** Math.min(openings - 1, 40), policy.longestMs);
}

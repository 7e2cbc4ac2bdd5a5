/** How fast a target may be sent to: never more than its rate in any stretch of its time. Pure but for what it remembers. */
import type { Rate } from '../model/source.ts';

export interface Pacer {
  /** 0 where a request may go out now, which then counts; else the milliseconds until one may. `now` is monotonic. */
  take(now: number): number;
  /** When the last ones went out, oldest first: all that could still hold up another one. */
  sent(): readonly number[];
}

/**
 * Without a rate everything may go. A fleet of relays shares the rate in equal parts. What the pacer `before` has let go counts: a
 * configuration that is loaded again, or a relay that comes or goes, grants nothing anew.
 */
export function createPacer(rate: Rate | null, fleetSize: number, before?: Pacer): Pacer {
  if (!rate) return { take: () => 0, sent: () => [] };
  const count = Math.max(1, Math.floor(rate.count / fleetSize));
  const perMs = rate.perMs * Math.max(1, fleetSize / rate.count);
  /** When the last `count` requests went out, as a ring; `next` is the oldest. */
  const sentAt = new Array<number>(count).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  const goes = (at: number): void => {
    sentAt[next] = at;
    next = (next + 1) % count;
  };
  before?.sent().slice(-count).forEach(goes);
  return {
    sent: () => [...sentAt.slice(next), ...sentAt.slice(0, next)].filter(Number.isFinite),
    take(now) {
      const waitMs = (sentAt[next] ?? Number.NEGATIVE_INFINITY) + perMs - now;
      if (waitMs > 0) return waitMs;
      goes(now);
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

/** At the door: how fast one source may knock, as a bucket of tokens that refills steadily. */
import type { Clock } from '../kit/clock.ts';
import type { Rate } from '../model/source.ts';

export interface RateLimit {
  /** Takes a token: 0, or the seconds (at least 1) after which one will be there. */
  take(): number;
}

/** A full bucket of `rate.count` tokens that refills in `rate.perMs`. */
export function createRateLimit(rate: Rate, clock: Pick<Clock, 'monotonic'>): RateLimit {
  const tokensPerMs = rate.count / rate.perMs;
  let tokens = rate.count;
  let filledAt = clock.monotonic();
  return {
    take() {
      const now = clock.monotonic();
      tokens = Math.min(rate.count, tokens + (now - filledAt) * tokensPerMs);
      filledAt = now;
      if (tokens < 1) return Math.max(1, Math.ceil((1 - tokens) / tokensPerMs / 1000));
      tokens -= 1;
      return 0;
    },
  };
}

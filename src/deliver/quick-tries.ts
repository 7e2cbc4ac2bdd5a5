/** Tries again within seconds, under the same lease: most failures of a network are over by then. */
import pRetry from 'p-retry';
import type { Verdict } from './judge.ts';

export interface QuickTries {
  /** The verdict on the first try, which has failed. */
  readonly first: Verdict;
  /** Tries in all, the first included. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled before each further one. */
  readonly waitMs: number;
  again(): Promise<Verdict>;
  wait(ms: number): Promise<void>;
  /** False once the target is paused or its breaker open, or the relay stops. */
  mayGoOn(): boolean;
}

/** The verdict on the last try that was made. Entered only after a failure, so that p-retry costs a success nothing. */
export async function tryQuickly({ first, tries, waitMs, again, wait, mayGoOn }: QuickTries): Promise<Verdict> {
  let last = first;
  if (!canRepeat(first) || tries <= 1) return last;
  await wait(waitMs);
  if (!mayGoOn()) return last;
  const options = {
    retries: tries - 2,
    // p-retry keeps count; the waiting is done on the relay's own clock.
    minTimeout: 0,
    shouldRetry: mayGoOn,
    onFailedAttempt: async ({ attemptNumber, retriesLeft }: { attemptNumber: number; retriesLeft: number }) => {
      if (retriesLeft > 0 && mayGoOn()) await wait(waitMs * 2 ** attemptNumber);
    },
  };
  await pRetry(async () => {
    last = await again();
    if (canRepeat(last)) throw new StillFailing();
  }, options).catch((error: unknown) => {
    if (!(error instanceof StillFailing)) throw error;
  });
  return last;
}

class StillFailing extends Error {}

function canRepeat(verdict: Verdict): boolean {
  return verdict.quick && verdict.outcome.kind === 'retry';
}

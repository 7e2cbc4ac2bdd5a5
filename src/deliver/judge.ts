/** Decides what an attempt means: for the delivery, for its target, and for the target's breaker. Pure. */
import { formatDuration } from '../kit/duration.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import type { Outcome, Reason } from '../model/outcome.ts';
import type { RetryPolicy } from '../model/target.ts';

export type TryResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'failed'; readonly reason: Reason };

export interface Judged {
  readonly result: TryResult;
  readonly policy: RetryPolicy;
  /** How many tries this request has had on the long schedule. */
  readonly round: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** When the delivery was created, epoch milliseconds. */
  readonly createdAt: number;
  /** From 0 to 1. */
  readonly random: number;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** May be tried again within seconds, under the same lease. */
  readonly quick: boolean;
  /** The target asked to be left alone until then (epoch milliseconds); null where it did not. */
  readonly pauseTargetUntil: number | null;
  /** The target wants nothing more; null where it did not say so. */
  readonly stopTarget: Reason | null;
  /** True where it tells against the target's health. */
  readonly countsAsFailure: boolean;
}

/** The sender's request is at fault and stays so: sending it again gives the same answer. */
const DEAD = new Set([400, 405, 410, 413, 414, 415, 422]);

/** A pause as long as `Retry-After` is granted on these. */
const PAUSING = new Set([429, 503]);

/** Failures of the network that are often over within seconds. A timeout is none: the target is slow, not away. */
const PASSING = new Set(['CONNECTION_REFUSED', 'CONNECTION_RESET', 'DNS_FAILED', 'NETWORK_ERROR']);

const JITTER = 0.2;

/**
 * 2xx is success. Everything else is tried again on the schedule (a failed connection, 3xx, which is never followed, 401, 403 and 404,
 * which someone may put right, 408, 425, 429, 5xx and unknown ones), but for those in `DEAD`, and as `retryOn` and `deadOn` say otherwise.
 */
export function judge(judged: Judged): Verdict {
  const { result, policy, now } = judged;
  if (result.kind === 'failed') return judgeFailure(judged, result.reason);
  const { status } = result;
  if (status >= 200 && status < 300) return verdict({ kind: 'delivered' });
  const reason = { code: `HTTP_${status}`, message: sentenceFor(status) };
  if (isDead(status, policy)) {
    return { ...verdict({ kind: 'dead', reason }), stopTarget: stops(status, policy) ? reason : null };
  }
  const pauseMs = PAUSING.has(status) ? retryAfterMs(result.retryAfter, now) : 0;
  const pauseTargetUntil = pauseMs > 0 ? now + pauseMs : null;
  return {
    ...verdict(later(judged, reason, pauseTargetUntil ?? 0)),
    quick: status >= 500 && pauseTargetUntil === null,
    pauseTargetUntil,
    countsAsFailure: pauseTargetUntil === null,
  };
}

function judgeFailure(judged: Judged, reason: Reason): Verdict {
  if (reason.code === 'ADDRESS_FORBIDDEN') return verdict({ kind: 'dead', reason });
  return { ...verdict(later(judged, reason, 0)), quick: PASSING.has(reason.code), countsAsFailure: true };
}

function isDead(status: number, policy: RetryPolicy): boolean {
  if (policy.deadOn.includes(status)) return true;
  return DEAD.has(status) && !policy.retryOn.includes(status);
}

/** A 410 says that the target itself is gone, unless the operator has listed it: it then tells of the one delivery only. */
function stops(status: number, policy: RetryPolicy): boolean {
  return status === 410 && !policy.deadOn.includes(410);
}

/** The next round of the schedule, not before `notBefore`; dead where the schedule is over. */
function later({ policy, round, now, random, createdAt }: Judged, reason: Reason, notBefore: number): Outcome {
  const delay = policy.schedule[round];
  if (delay === undefined) {
    const rounds = `${round + 1} ${round === 0 ? 'round' : 'rounds'}`;
    const message = `given up after ${rounds} in ${formatDuration(Math.max(0, now - createdAt))}; the last: ${reason.code}, ${reason.message}`;
    return { kind: 'dead', reason: { code: 'RETRIES_EXHAUSTED', message } };
  }
  const jitter = 1 - JITTER + 2 * JITTER * random;
  return { kind: 'retry', at: Math.max(now + Math.round(delay * jitter), notBefore), reason };
}

function verdict(outcome: Outcome): Verdict {
  return { outcome, quick: false, pauseTargetUntil: null, stopTarget: null, countsAsFailure: false };
}

function sentenceFor(status: number): string {
  if (status >= 300 && status < 400) return `the target answered ${status}; redirects are not followed`;
  return `the target answered ${status}`;
}

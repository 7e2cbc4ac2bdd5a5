/** Why nothing is sent to a target, by what the store has of it: for whoever looks beside the relays, which have it from `health.ts`. Pure. */
import type { Reason } from '../model/outcome.ts';
import { stateAt, type TargetState } from './target-state.ts';

export type Hold =
  /** There is no target of that name any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'stopped'; readonly reason: Reason }
  /** By an operator. */
  | { readonly kind: 'paused' }
  /** Until then, epoch milliseconds, because the target asked for it. */
  | { readonly kind: 'asked'; readonly until: number }
  /** Until then, epoch milliseconds. */
  | { readonly kind: 'breaker_open'; readonly until: number };

export interface Looked {
  /** Undefined where it is gone; a URL that is not known here is taken for the one that was stopped or has failed. */
  readonly target: { readonly enabled: boolean; readonly url: string | null } | undefined;
  readonly state: TargetState;
  /** When the delivery is due, epoch milliseconds: a pause that is over by then does not hold it. */
  readonly dueAt: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Null where the delivery is only waiting for its time or its turn. */
export function holdOf({ target, state, dueAt, now }: Looked): Hold | null {
  if (!target) return { kind: 'gone' };
  if (!target.enabled) return { kind: 'disabled' };
  const { stopped, paused, pausedUntil, breaker } = stateAt(state, target.url);
  if (stopped) return { kind: 'stopped', reason: stopped.reason };
  if (paused) return { kind: 'paused' };
  const from = Math.max(now, dueAt);
  if (pausedUntil !== null && pausedUntil > from) return { kind: 'asked', until: pausedUntil };
  if (breaker && breaker.until > from) return { kind: 'breaker_open', until: breaker.until };
  return null;
}

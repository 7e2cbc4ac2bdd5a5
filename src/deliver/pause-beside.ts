/** An operator's pause and resume beside the relays, in the store alone: those that run take it over when they next look, as from each other. */
import type { SharedState } from '../kit/shared-state.ts';
import { hastenAll, isHeld } from './hasten-all.ts';
import type { QueuePort } from './ports.ts';
import { changeStoredState, HEALTHY, storedTargetStates } from './target-state.ts';

export interface BesidePorts {
  readonly shared: SharedState;
  readonly queue: Pick<QueuePort, 'hasten'>;
}

/** False where an operator had paused it already. Rejects as the store does. */
export async function pauseBeside({ shared }: Pick<BesidePorts, 'shared'>, target: string): Promise<boolean> {
  const before = await changeStoredState(shared, target, (state) => ({ ...state, paused: true }));
  return !before.paused;
}

/**
 * As a relay resumes: ends pauses, a stop and an open breaker, and what waited for a later try meanwhile is due `now`. `hastened` is null where
 * there was nothing to end. Rejects as the store does; may be called again then.
 */
export async function resumeBeside(
  { shared, queue }: BesidePorts,
  { target, now }: { readonly target: string; readonly now: number },
): Promise<{ readonly hastened: number | null }> {
  const state = (await storedTargetStates(shared)).get(target);
  if (!state || !isHeld(state)) return { hastened: null };
  // before anything is sent again: what then fails has its pause
  const hastened = await hastenAll({ queue, target, now });
  await changeStoredState(shared, target, () => HEALTHY);
  return { hastened };
}

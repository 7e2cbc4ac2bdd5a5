/** Whether events are being refused: where one has no room, or no table, the small write of a look into the store may still do. */
import type { Clock } from '../kit/clock.ts';
import { type Arrival, type Saved, StoreUnavailable } from '../stores/store.ts';

export interface RefusedSaves {
  /** Saves, and notes how that ended. */
  saving(save: (arrival: Arrival) => Promise<Saved>): (arrival: Arrival) => Promise<Saved>;
  /** Why the last event could not be stored; undefined once one has been, or a moment later: who sends no more for that reason has to try again. */
  reason(): string | undefined;
}

const MOMENT_MS = 15_000;

export function watchSaves(clock: Pick<Clock, 'monotonic'>): RefusedSaves {
  let refused: { readonly reason: string; readonly at: number } | undefined;
  const isStored = (): void => {
    refused = undefined;
  };
  const isRefused = (error: unknown): void => {
    // what is wrong with one event says nothing of the others
    if (error instanceof StoreUnavailable) refused = { reason: error.message, at: clock.monotonic() };
  };
  return {
    saving: (save) => (arrival) => {
      const saved = save(arrival);
      saved.then(isStored, isRefused);
      return saved;
    },
    reason: () => (refused && clock.monotonic() - refused.at < MOMENT_MS ? refused.reason : undefined),
  };
}

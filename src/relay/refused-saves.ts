/** Whether events are being refused: where one has no room, or no table, the small write of a look into the store may still do. */
import type { Clock } from '../kit/clock.ts';
import { StoreUnavailable } from '../stores/store.ts';

export interface RefusedSaves {
  /** An event has been stored. */
  stored(): void;
  /** One could not be. What is wrong with it alone says nothing of the others. */
  refused(error: unknown): void;
  /** Why the last event could not be stored; undefined once one has been, or a moment later: who sends no more for that reason has to try again. */
  reason(): string | undefined;
}

const MOMENT_MS = 15_000;

export function watchSaves(clock: Pick<Clock, 'monotonic'>): RefusedSaves {
  let last: { readonly reason: string; readonly at: number } | undefined;
  return {
    stored() {
      last = undefined;
    },
    refused(error) {
      if (error instanceof StoreUnavailable) last = { reason: error.message, at: clock.monotonic() };
    },
    reason: () => (last && clock.monotonic() - last.at < MOMENT_MS ? last.reason : undefined),
  };
}

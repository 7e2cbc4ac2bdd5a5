/** Targets that are held in every way there is, as relays and an operator leave them in a store. */
import { createTargetStates, fingerprint, type TargetState } from '../../src/deliver/target-state.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Store } from '../../src/stores/store.ts';

export const URL_OF = 'http://127.0.0.1:9/';
export const UNTIL = Date.UTC(2100, 0, 1);
/** The same as commands write it. */
export const AT = '2100-01-01 00:00:00Z';

export type Said = Readonly<Record<string, Partial<TargetState>>>;

export const SAID: Said = {
  archive: { stopped: { reason: { code: 'HTTP_410', message: 'the target answered 410' }, url: fingerprint(URL_OF) } },
  paused: { paused: true },
  busy: { pausedUntil: UNTIL },
  failing: { breaker: { openings: 3, until: UNTIL } },
};

export async function hold(said: Said, { shared }: Pick<Store, 'shared'>): Promise<void> {
  const states = createTargetStates({ shared, clock: systemClock });
  for (const [name, one] of Object.entries(said)) await states.change(name, (state) => ({ ...state, ...one }));
}

/** What holds deliveries that wait, for the commands that look at the store beside a relay, and when those that nothing holds are tried. */
import type { ConfigDraft } from '../config/draft.ts';
import { showTime } from '../kit/shown.ts';
import type { Delivery } from '../model/delivery.ts';
import { type HeldOnes, heldAmong } from '../plan/held.ts';
import type { Store } from '../stores/store.ts';
import { storedTargets } from './stored-targets.ts';

interface Beside {
  readonly store: Pick<Store, 'shared' | 'ledger'>;
  readonly config: ConfigDraft;
  /** Epoch milliseconds. */
  readonly now: number;
}

export async function heldInStore(deliveries: readonly Delivery[], { store, config, now }: Beside): Promise<HeldOnes> {
  if (!deliveries.some(({ state }) => state === 'waiting')) return new Map();
  return heldAmong(deliveries, { store, targets: await storedTargets(config, store), now });
}

/** When a waiting delivery that nothing holds is tried: no time that has passed is called the next one. */
export function nextTry({ dueAt }: Delivery, now: number): string {
  return dueAt > now ? showTime(dueAt) : `when its turn comes, due since ${showTime(dueAt)}`;
}

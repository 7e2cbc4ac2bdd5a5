/** Looks into the store beside a relay, or after it, until everything is delivered, and holds the ledger to its sums. */
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/stores/open.ts';
import type { Balance, Store } from '../../src/stores/store.ts';
import { expectAgreement } from '../stores/ledger-model.ts';

/** Opens the store for reading, beside whatever runs on it. */
export function openBeside(file: string): Promise<Store> {
  return openStore({ kind: 'sqlite', file }, { clock: systemClock, readonly: true });
}

/** Waits until nothing waits to be sent, and returns the balance, which has to be the same counted from the rows. */
export async function settledBalance(file: string): Promise<Balance> {
  await using store = await openBeside(file);
  while ((await store.ledger.balance()).events.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  return expectAgreement(store);
}

/** Moves everything that one SQLite file keeps to an empty PostgreSQL database, in steps that can be taken up again where they were left. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../kit/clock.ts';
import { imbalances } from './imbalances.ts';
import { openImport } from './postgres/import.ts';
import type { WholeEvent } from './postgres/import-rows.ts';
import { openSqliteStore } from './sqlite/index.ts';
import { type Balance, type Store, StoreRefused } from './store.ts';

export interface MoveOptions {
  readonly file: string;
  readonly url: string;
  readonly clock: Clock;
  /** After each step: how many events of how many are there. */
  readonly progress?: (moved: number, all: number) => void;
}

/** Events in one transaction. */
const STEP = 250;

/**
 * Resolves with the ledger's balance, which is the same on both sides. Rejects with a StoreRefused: what opening either store refuses,
 * STORE_NOT_EMPTY, STORE_SOURCE_CHANGED where the file has taken events since a first try, STORE_MOVE_DIFFERS where the sums are not the same in
 * the end. The file stays as it is; relays refuse the database until the move is through.
 */
export async function moveStore({ file, url, clock, progress = () => undefined }: MoveOptions): Promise<Balance> {
  await using source = await openSqliteStore({ file, clock });
  const { ledger, shared } = source;
  const balance = await ledger.balance();
  refuseUnbalanced(balance, await ledger.recount());
  await using target = await openImport({ url, clock, source: await fingerprint(source, balance) });
  const all = balance.accepted - balance.pruned;
  for (let before = target.cursor; before !== null; ) {
    const page = await ledger.events({ limit: STEP, ...(before === undefined ? {} : { before }) });
    const events = await Promise.all(page.items.map(({ id }) => readEvent(source, id)));
    await target.write(events, page.next);
    progress(target.moved(), all);
    before = page.next ?? null;
  }
  const moved = await target.finish(balance, await shared.list(''));
  if (!isDeepStrictEqual(moved, balance)) {
    const message = 'the sums of the database are not those of the file: the move stays unfinished';
    throw new StoreRefused('STORE_MOVE_DIFFERS', message, 'DROP SCHEMA dragoman CASCADE, and once more');
  }
  return moved;
}

function refuseUnbalanced(kept: Balance, counted: Balance): void {
  const problems = imbalances(kept);
  if (problems.length === 0 && isDeepStrictEqual(kept, counted)) return;
  const message = `the ledger of the file does not add up${problems.length > 0 ? `: ${problems.join('; ')}` : ''}`;
  throw new StoreRefused('STORE_MOVE_DIFFERS', message, 'dragoman ledger --recount');
}

/** Tells a file that has changed since a first try from one that has not. */
async function fingerprint({ ledger }: Store, balance: Balance): Promise<string> {
  const newest = await ledger.events({ limit: 1 });
  return JSON.stringify([newest.items[0]?.id ?? null, balance]);
}

async function readEvent({ ledger }: Store, id: string): Promise<WholeEvent> {
  const [event, deliveries] = await Promise.all([ledger.event(id), ledger.deliveriesOf(id)]);
  if (!event) throw new StoreRefused('STORE_SOURCE_CHANGED', `the event ${id} has gone from the file meanwhile`);
  return {
    event,
    deliveries: await Promise.all(
      deliveries.map(async (delivery) => ({ delivery, attempts: await ledger.attempts(delivery.id) })),
    ),
  };
}

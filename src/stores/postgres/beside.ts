/** The store as a command sees it beside running relays: it reads, may replay and hasten, and changes shared state. */
import type { Client } from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Connections } from './connections.ts';
import { aheadBy, NOW_MS } from './database-clock.ts';
import type { Desk } from './desk.ts';
import { notify } from './fleet.ts';
import { hasten } from './hasten.ts';
import { createLedger } from './ledger.ts';
import { createSharedState } from './shared-state.ts';

export async function besideRelays(work: Connections, clock: Pick<Clock, 'now'>): Promise<Store> {
  const offset = await work.use((client) => offsetOf(client, clock));
  const refuse = async (): Promise<never> => {
    throw new StoreUnavailable('the store is open for reading only');
  };
  const desk: Desk = {
    work,
    slot: () => 'base',
    holder: () => null,
    offsetMs: () => offset,
    hint: (targets) => void work.use((client) => notify(client, targets)).catch(() => undefined),
  };
  return {
    inbox: { save: refuse },
    queue: {
      claim: refuse,
      settle: refuse,
      due: refuse,
      async hasten(request) {
        const answer = await work.use((client) => hasten(client, desk, request));
        if (answer.hastened > 0) desk.hint([request.target]);
        return answer;
      },
      onHint: () => () => {},
    },
    ledger: { ...createLedger(desk), prune: refuse, expire: refuse },
    shared: createSharedState(work),
    fleet: { size: () => 1, holdsLeases: () => false, onLost: () => () => {}, offsetMs: () => offset },
    check: refuse,
    [Symbol.asyncDispose]: () => work.close(),
  };
}

/** Milliseconds that the database's clock is ahead of this machine's: what is made due is due by the database's. */
async function offsetOf(client: Client, clock: Pick<Clock, 'now'>): Promise<number> {
  const startedAt = clock.now();
  const { rows } = await client.query(`SELECT ${NOW_MS} AS now`);
  return Math.round(aheadBy(rows[0].now, startedAt, clock));
}

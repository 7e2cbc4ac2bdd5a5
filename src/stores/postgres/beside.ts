/** The store as a command sees it beside running relays: it reads, may replay and hasten, and changes shared state. */
import { type Store, StoreUnavailable } from '../store.ts';
import type { Connections } from './connections.ts';
import type { Desk } from './desk.ts';
import { notify } from './fleet.ts';
import { hasten } from './hasten.ts';
import { createLedger } from './ledger.ts';
import { createSharedState } from './shared-state.ts';

export function besideRelays(work: Connections): Store {
  const refuse = async (): Promise<never> => {
    throw new StoreUnavailable('the store is open for reading only');
  };
  const desk: Desk = {
    work,
    slot: () => 'base',
    holder: () => null,
    offsetMs: () => 0,
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
    fleet: { size: () => 1, holdsLeases: () => false, onLost: () => () => {} },
    check: refuse,
    [Symbol.asyncDispose]: () => work.close(),
  };
}

/** Lets one of the relays on a store do something while the others wait; a relay that dies lets go by itself. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { modifyShared, type SharedState } from '../kit/shared-state.ts';

export interface RelayLock {
  /** Undefined where another relay has it. Who gets it lets go with what it gets; after `holdMs` it is free anyway. */
  take(name: string, holdMs: number): Promise<(() => Promise<void>) | undefined>;
}

interface Held {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export function createRelayLock({ shared, clock }: { readonly shared: SharedState; readonly clock: Clock }): RelayLock {
  const me = randomUUID();
  return {
    async take(name, holdMs) {
      const key = `lock/${name}`;
      const now = clock.now();
      const mine = JSON.stringify({ by: me, until: now + holdMs } satisfies Held);
      const taken = await modifyShared(shared, key, (text) => (isAnothers(text, { me, now }) ? text : mine));
      if (taken !== mine) return undefined;
      return async () => void (await modifyShared(shared, key, (text) => (text === mine ? null : text)));
    },
  };
}

function isAnothers(text: string | null, { me, now }: { readonly me: string; readonly now: number }): boolean {
  if (text === null) return false;
  const { by, until } = JSON.parse(text) as Held;
  return by !== me && until > now;
}

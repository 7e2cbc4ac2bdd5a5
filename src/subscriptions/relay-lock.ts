/** Lets one of the relays on a store do something while the others wait; a relay that dies lets go by itself. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import type { SharedStatePort } from './subscriber-store.ts';

export interface RelayLock {
  /** Undefined where another relay has it. Who gets it lets go with what it gets; after `holdMs` it is free anyway. */
  take(name: string, holdMs: number): Promise<(() => Promise<void>) | undefined>;
}

interface Held {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export function createRelayLock({
  shared,
  clock,
}: {
  readonly shared: SharedStatePort;
  readonly clock: Clock;
}): RelayLock {
  const me = randomUUID();
  const rowOf = async (key: string) => (await shared.list(key)).find((row) => row.key === key);
  return {
    async take(name, holdMs) {
      const key = `lock/${name}`;
      const row = await rowOf(key);
      const held = row && (JSON.parse(row.value) as Held);
      if (held && held.by !== me && held.until > clock.now()) return undefined;
      const mine: Held = { by: me, until: clock.now() + holdMs };
      if (!(await shared.put(key, JSON.stringify(mine), row?.version ?? 0))) return undefined;
      return async () => {
        const now = await rowOf(key);
        if (now && (JSON.parse(now.value) as Held).by === me) await shared.put(key, null, now.version);
      };
    },
  };
}

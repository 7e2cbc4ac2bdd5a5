import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ApiPorts } from '../../src/admin/api-ports.ts';
import { replayHandlers } from '../../src/admin/replay-api.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { ManualClock } from '../kit/manual-clock.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A ledger of so many dead letters, which sees how many of those that it gave are still held when it is asked for more. */
function ledgerOf(deliveries: number) {
  const given: WeakRef<Delivery>[] = [];
  const replayed: string[] = [];
  let mostHeld = 0;
  const ledger = {
    async deliveries({ limit, before = '0' }: { readonly limit: number; readonly before?: string }) {
      await nextTurn();
      collectGarbage();
      mostHeld = Math.max(mostHeld, given.filter((delivery) => delivery.deref()).length);
      const start = Number(before);
      const items = Array.from({ length: Math.min(limit, deliveries - start) }, (_, n) => dead(start + n));
      given.push(...items.map((delivery) => new WeakRef(delivery)));
      return { items, next: start + limit < deliveries ? String(start + limit) : undefined };
    },
    async replay({ ids }: { readonly ids: readonly string[] }) {
      replayed.push(...ids);
      return { replayed: ids.length };
    },
  };
  return { ledger, replayed, mostHeld: () => mostHeld };
}

const dead = (n: number) => ({ id: `dlv_${n}_1`, eventId: `evt_${n}`, state: 'dead' }) as Delivery;

describe('a replay of many deliveries', () => {
  it('holds few of them at once, and sends every one', async () => {
    const { ledger, replayed, mostHeld } = ledgerOf(2000);
    const ports = { ledger, clock: new ManualClock(), wake: () => undefined } as unknown as ApiPorts;
    const reply = await replayHandlers(ports).replay({ body: { filter: { state: 'dead' } } } as never);
    expect(reply).toMatchObject({ body: { found: 2000, replayed: 2000, next: null } });
    expect(new Set(replayed).size).toBe(2000);
    expect(mostHeld()).toBeLessThan(300);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ApiPorts } from '../../src/admin/api-ports.ts';
import { replayHandlers } from '../../src/admin/replay-api.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { startConsumer } from '../flow/consumer.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { runAdmin } from './run-admin.ts';

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
      return { replayed: ids.length, hastened: 0 };
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

describe('a replay of what waits for a later try', () => {
  it('sends it at once, and of what a filter finds only where that asks for it', async () => {
    let isBroken = true;
    await using consumer = await startConsumer(() => (isBroken ? 503 : 200));
    await using run = await runAdmin({
      yaml: `
sources: { shop: { format: json } }
targets: { later: { format: json, url: "${consumer.url}/hook", retry: { quick: 1, schedule: [1h, 1h, 1h] } } }
rules: [ { name: all, from: shop, to: later } ]
`,
    });
    const { id } = (await run.send('/in/shop', { n: 1 })).body;
    const replay = async (body: unknown) => (await run.post('/api/replay', body)).body;
    const waits = (tries: number) =>
      run.until(`/api/events/${id}`, ({ deliveries: [one] }) => one.tries.length === tries && one.round === tries);
    const [one] = (await waits(1)).deliveries;
    expect(await replay({ filter: { target: 'later' } })).toMatchObject({ found: 0, hastened: 0, waiting: 1 });
    const early = { ids: [one.id] };
    expect(await replay({ ...early, dry_run: true })).toMatchObject({
      ...{ found: 1, replayed: 0, hastened: 0, waiting: 0 },
      previews: [{ nothing: null, differences: [] }],
    });
    expect(await replay(early)).toMatchObject({ found: 1, replayed: 0, hastened: 1, waiting: 0 });
    await waits(2);
    isBroken = false;
    const asked = { filter: { target: 'later', state: 'waiting' } };
    expect(await replay(asked)).toMatchObject({ found: 1, replayed: 0, hastened: 1, waiting: 0 });
    await run.until('/api/ledger', ({ deliveries }) => deliveries.delivered === 1);
    expect(consumer.received).toHaveLength(3);
  });

  it('leaves alone what is being sent at this moment, and says so', async () => {
    let answer: (status: number) => void = () => undefined;
    const server = createServer((_, response) => {
      answer = (status) => response.writeHead(status).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await using run = await runAdmin({
      yaml: `
sources: { shop: { format: json } }
targets: { slow: { format: json, url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/hook" } }
rules: [ { name: all, from: shop, to: slow } ]
`,
    });
    const asked = once(server, 'request');
    const { id } = (await run.send('/in/shop', { n: 1 })).body;
    await asked;
    const { body } = await run.post('/api/replay', { ids: [id] });
    expect(body).toMatchObject({ found: 1, replayed: 0, hastened: 0, waiting: 1 });
    answer(200);
    await run.until('/api/ledger', ({ deliveries }) => deliveries.delivered === 1);
    server.close();
  });
});

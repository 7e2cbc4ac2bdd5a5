/** A relay whose wall clock jumps, and one whose events grow old: real stores and connections, time moved by hand. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startConsumer } from './consumer.ts';
import { startInProcess } from './relay-in-process.ts';
import { createHome } from './relay-process.ts';
import { clipNumber, sendClips } from './sender.ts';
import { openBeside } from './settled.ts';

const DAY_MS = 86_400_000;
const toTarget = (url: string): string => `
sources: { bsr: { format: bsr } }
targets: { shop: { format: bsr, url: "${url}", concurrency: 4, timeout: 1h } }
rules: [ { name: all, from: bsr, to: shop } ]
`;

describe('a wall clock that jumps', () => {
  it.each([
    ['forward', DAY_MS],
    ['back', -DAY_MS],
  ])('a day %s sends nothing twice, and leaves nothing behind', async (_, jump) => {
    const answers: (() => void)[] = [];
    await using consumer = await startConsumer({ hold: (answer) => void answers.push(answer) });
    using home = createHome(toTarget(consumer.url));
    await using running = await startInProcess(home);
    const { relay, clock, happened } = running;
    await clock.advance(0);
    const send = (from: number) => sendClips({ url: `${relay.serverUrl}/in/bsr`, from, count: 20 }).done;
    await send(1);
    await running.advanceUntil(() => consumer.received.length === 4);
    clock.jump(jump);
    await clock.advance(5000);
    // what is under way is under way, and nobody else has taken it
    expect(consumer.received).toHaveLength(4);
    await send(21);
    const letGo = (): void => {
      for (const answer of answers.splice(0)) answer();
    };
    await running.advanceUntil(() => {
      letGo();
      return happened.filter(({ what }) => what === 'delivery.delivered').length === 40;
    });
    const numbers = consumer.received.map(({ body }) => clipNumber(body)).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_unused, index) => index + 1));
    await using store = await openBeside(home.database);
    expect(await store.ledger.balance()).toMatchObject({ events: { delivered: 40, waiting: 0 } });
    expect(happened.filter(({ what }) => what === 'delivery.lease_lost')).toEqual([]);
  });
});

const sickToo = (url: string): string => `
retention: { days: 10 }
sources: { bsr: { format: bsr } }
targets: { shop: { format: bsr, url: "${url}/shop" }, sick: { format: bsr, url: "${url}/sick" } }
rules:
  - { name: healthy, from: bsr, when: { "==": [{ var: data.room_id }, "1"] }, to: shop }
  - { name: sick, from: bsr, when: { "==": [{ var: data.room_id }, "2"] }, to: sick }
`;

describe('retention', () => {
  it('deletes what is finished and old, keeps what is not finished, and the file shrinks', async () => {
    await using consumer = await startConsumer(({ url }) => (url === '/sick' ? 500 : 200));
    using home = createHome(sickToo(consumer.url));
    await using running = await startInProcess(home);
    const { relay, clock, happened } = running;
    await clock.advance(0);
    await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 5, room: () => '2' }).done;
    await sendClips({
      url: `${relay.serverUrl}/in/bsr`,
      from: 6,
      count: 100,
      room: () => '1',
      desc: 'x'.repeat(300_000),
    }).done;
    await using store = await openBeside(home.database);
    await running.advanceUntil(async () => (await store.ledger.balance()).events.delivered === 100);
    expect(await store.ledger.balance()).toMatchObject({ pruned: 0 });
    clock.jump(11 * DAY_MS);
    await running.advanceUntil(() => happened.some(({ what }) => what === 'events.pruned'), 1000);
    const balance = await store.ledger.balance();
    expect(balance).toMatchObject({ accepted: 105, pruned: 100 });
    expect(balance).toEqual(await store.ledger.recount());
    expect((await store.ledger.events({ limit: 100 })).items).toHaveLength(5);
    await store[Symbol.asyncDispose]();
    await running[Symbol.asyncDispose]();
    expect(statSync(home.database).size).toBeLessThan(5_000_000);
  });
});

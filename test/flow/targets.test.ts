/** What targets do to a relay, over real processes and connections: misbehave, ask for patience, leave, and want their order. */
import { describe, expect, it } from 'vitest';
import { startBadTargets } from './bad-targets.ts';
import { startConsumer } from './consumer.ts';
import { createHome, startRelay } from './relay-process.ts';
import { clip, clipNumber, post, sendClips } from './sender.ts';
import { openBeside, settledBalance } from './settled.ts';

const BSR = 'sources: { bsr: { format: bsr } }\n';

describe('targets that misbehave', () => {
  it('end in dead letters that say why, and disturb no healthy one beside them', async () => {
    await using consumer = await startConsumer();
    await using bad = await startBadTargets();
    const once = 'timeout: 2s, retry: { quick: 1, schedule: [] }, breaker: { failures: 1000 }, concurrency: 4';
    const targets = bad.all.map(({ name, url }) => `  ${name}: { format: bsr, url: "${url}", ${once} }\n`).join('');
    using home = createHome(`${BSR}targets:\n  healthy: { format: bsr, url: "${consumer.url}" }\n${targets}rules:
  - { name: all, from: bsr, to: [${['healthy', ...bad.all.map(({ name }) => name)].join(', ')}] }\n`);
    await using relay = await startRelay(home);
    await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 4, callers: 1 }).done;
    await consumer.count(4);
    // the silent one has not even run into its timeout
    expect(relay.lines.filter((line) => line.target === 'silent')).toEqual([]);
    await relay.line(
      () => relay.lines.filter((line) => line.target === 'silent' && line.happening === 'delivery.dead').length === 4,
    );

    await using store = await openBeside(home.database);
    for (const { name, ends, why } of bad.all.filter((one) => one.name !== 'gone')) {
      const { items } = await store.ledger.deliveries({ target: name, limit: 10 });
      expect([name, items.map(({ state }) => state)]).toEqual([name, Array(4).fill(ends)]);
      for (const { id, reason } of items) {
        expect(`${reason?.code ?? ''} ${reason?.message ?? ''}`.trim()).toMatch(why);
        const [attempt, ...others] = await store.ledger.attempts(id);
        expect(others).toEqual([]);
        expect(attempt?.response?.body.length ?? 0).toBeLessThanOrEqual(16 * 1024);
        expect(attempt?.response?.truncated ?? false).toBe(ends === 'delivered');
      }
    }
    // 410: one letter is dead, and nothing more is sent there
    const gone = (await store.ledger.deliveries({ target: 'gone', limit: 10 })).items.map(({ state }) => state);
    expect(gone.filter((state) => state === 'waiting').length).toBeGreaterThan(0);
    expect(relay.lines.find((line) => line.happening === 'target.paused' && line.target === 'gone')).toBeDefined();
    expect(await store.ledger.balance()).toEqual(await store.ledger.recount());
  });
});

describe('a target that asks for patience', () => {
  it('is left alone by all that waits for it, and then gets every event once', async () => {
    let refusedAt = 0;
    const cameAt: number[] = [];
    await using consumer = await startConsumer((_, index) => {
      cameAt.push(performance.now());
      if (index > 0) return 200;
      refusedAt = performance.now();
      return { status: 429, headers: { 'retry-after': '2' } };
    });
    using home = createHome(
      `${BSR}targets: { busy: { format: bsr, url: "${consumer.url}", concurrency: 1, retry: { schedule: [1s] } } }\nrules: [ { name: all, from: bsr, to: busy } ]\n`,
    );
    await using relay = await startRelay(home);
    await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 20 }).done;
    expect(await settledBalance(home.database)).toMatchObject({ accepted: 20, events: { delivered: 20 } });
    expect(consumer.received).toHaveLength(21);
    expect(Math.min(...cameAt.slice(1)) - refusedAt).toBeGreaterThanOrEqual(2000);
  });
});

describe('a target that wants an order', () => {
  it('gets the events of each room one after the other, while other rooms go on', async () => {
    const waiting: (() => void)[] = [];
    await using consumer = await startConsumer({ hold: (answer) => void waiting.push(answer) });
    using home = createHome(
      `${BSR}targets: { shop: { format: bsr, url: "${consumer.url}", order_by: data.room_id, concurrency: 8 } }\nrules: [ { name: all, from: bsr, to: shop } ]\n`,
    );
    await using relay = await startRelay(home);
    for (let n = 1; n <= 30; n++) {
      expect((await post(`${relay.serverUrl}/in/bsr`, clip(n, `room${roomOf(n)}`))).status).toBe(202);
    }
    const numbers = (): number[] => consumer.received.map(({ body }) => clipNumber(body));
    // nobody has been answered: the first of each room are under way, and no other
    await consumer.count(5);
    expect(numbers().map(roomOf).sort()).toEqual([0, 1, 2, 3, 4]);
    for (let answered = 1; answered <= 5; answered++) {
      waiting.shift()?.();
      await consumer.count(5 + answered);
      expect(numbers().slice(answered).map(roomOf).sort()).toEqual([0, 1, 2, 3, 4]);
    }
    while (consumer.received.length < 30 || waiting.length > 0) {
      for (const answer of waiting.splice(0)) answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await settledBalance(home.database);
    for (let room = 0; room < 5; room++) {
      const ofRoom = numbers().filter((n) => roomOf(n) === room);
      expect(ofRoom).toEqual(Array.from({ length: 6 }, (_, index) => room * 6 + index + 1));
    }
  });
});

describe('a target that wants no order any more', () => {
  it.each(['reload', 'restart'])('gets what stood behind a delivery that waits for hours, after a %s', async (how) => {
    await using consumer = await startConsumer(({ body }) => (clipNumber(body) === 1 ? 404 : 200));
    const shop = (order: string): string =>
      `${BSR}targets: { shop: { format: bsr, url: "${consumer.url}", ${order} retry: { quick: 1, schedule: [5h] } } }\nrules: [ { name: all, from: bsr, to: shop } ]\n`;
    using home = createHome(shop('order_by: data.room_id,'));
    await using ordered = await startRelay(home);
    for (let n = 1; n <= 4; n++) await post(`${ordered.serverUrl}/in/bsr`, clip(n, 'one room'));
    await ordered.line(({ happening }) => happening === 'delivery.attempted');
    home.configure(shop(''));
    if (how === 'restart') ordered.kill();
    await (how === 'restart' ? ordered.exited : ordered.line(({ happening }) => happening === 'config.reloaded'));
    await using relay = how === 'restart' ? await startRelay(home) : ordered;
    await consumer.count(4);
    expect(consumer.received.map(({ body }) => clipNumber(body)).sort()).toEqual([1, 2, 3, 4]);
    expect(relay.lines.filter(({ happening }) => happening === 'delivery.lease_lost')).toEqual([]);
  });
});

/** Six clips of one room, then six of the next: whoever kept no order would begin with several of the first. */
function roomOf(n: number): number {
  return Math.floor((n - 1) / 6);
}

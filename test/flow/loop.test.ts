/** Relays in a ring: an event goes through three of them and ends with one clear error. */
import { expect, it } from 'vitest';
import { createHome, type RelayHome, type RelayProcess, startRelay } from './relay-process.ts';
import { post } from './sender.ts';
import { openBeside, settledBalance } from './settled.ts';

/** Each relay takes a delivery's own id for the event's: none of them sees a repeat when it comes round. */
const ring = (next: string): string => `
sources: { hook: { format: json, id: { header: webhook-id } } }
targets: { next: { format: json, url: "${next}/in/hook" } }
rules: [ { name: round and round, from: hook, to: next } ]
`;

async function reloaded(relay: RelayProcess, home: RelayHome, next: RelayProcess): Promise<void> {
  home.configure(ring(next.serverUrl));
  relay.kill('SIGHUP');
  await relay.line(({ happening }) => happening === 'config.reloaded');
}

it('stops an event after three relays, with one clear error', async () => {
  using a = createHome(ring('http://127.0.0.1:9'));
  using b = createHome(ring('http://127.0.0.1:9'));
  using c = createHome(ring('http://127.0.0.1:9'));
  await using first = await startRelay(a);
  await using second = await startRelay(b);
  await using third = await startRelay(c);
  await Promise.all([reloaded(first, a, second), reloaded(second, b, third), reloaded(third, c, first)]);

  expect((await post(`${first.serverUrl}/in/hook`, '{"n":1}', { 'webhook-id': 'one' })).status).toBe(202);
  const dead = await first.line(({ happening }) => happening === 'delivery.dead');
  expect(dead).toMatchObject({ code: 'LOOP', message: expect.stringMatching(/passed 3 relays.*circle/) });
  expect(await settledBalance(a.database)).toMatchObject({ accepted: 2, events: { delivered: 1, dead: 1 } });
  for (const home of [b, c]) {
    expect(await settledBalance(home.database)).toMatchObject({ accepted: 1, events: { delivered: 1, dead: 0 } });
  }
  await using store = await openBeside(a.database);
  const [letter, ...others] = (await store.ledger.deliveries({ state: 'dead', limit: 10 })).items;
  expect([letter?.reason?.code, others]).toEqual(['LOOP', []]);
  expect(await store.ledger.attempts(letter?.id ?? '')).toEqual([]);
});

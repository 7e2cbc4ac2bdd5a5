/** A backlog of 100,000: the port is open in under a second, and what is due goes out while new events are taken. */
import { expect, it } from 'vitest';
import { fillBacklog } from '../flow/backlog.ts';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, type RelayHome, startRelay } from '../flow/relay-process.ts';
import { clip, post } from '../flow/sender.ts';
import { settledBalance } from '../flow/settled.ts';

const BACKLOG = 100_000;

const clipsTo = (url: string): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { vod: { format: remotemonster, url: "${url}", concurrency: 32 } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;

/** Milliseconds from the start of the process until its port has taken an event: the best of three. */
async function msToStart(home: RelayHome, first: number): Promise<number> {
  const took: number[] = [];
  for (let n = first; n < first + 3; n++) {
    const spawnedAt = performance.now();
    await using relay = await startRelay(home);
    expect((await post(`${relay.serverUrl}/in/bsr`, clip(n))).status).toBe(202);
    took.push(performance.now() - spawnedAt);
  }
  return Math.min(...took);
}

it(`is open in under a second with a backlog of ${BACKLOG}, and sends it`, async () => {
  await using consumer = await startConsumer();
  using empty = createHome(clipsTo(consumer.url));
  const without = await msToStart(empty, 1);
  using home = createHome(clipsTo(consumer.url));
  await fillBacklog(home.database, BACKLOG);
  const withBacklog = await msToStart(home, BACKLOG + 1);
  console.log({ without: Math.round(without), withBacklog: Math.round(withBacklog) });
  // A machine that is busy with other things takes longer for both.
  expect(withBacklog).toBeLessThan(Math.max(1000, without * 1.5));
  await using relay = await startRelay(home);
  const balance = await settledBalance(home.database);
  expect(balance).toMatchObject({ accepted: BACKLOG + 3, events: { delivered: BACKLOG + 3, waiting: 0, dead: 0 } });
  expect(relay.lines.filter(({ happening }) => happening === 'relay.defect')).toEqual([]);
});

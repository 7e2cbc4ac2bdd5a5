/** 200 kills: at random moments under load, while the relay starts, and at each named point; nothing that was accepted is lost. */
import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { timesByClip } from '../flow/received-clips.ts';
import { createHome, type RelayHome, startRelay } from '../flow/relay-process.ts';
import { sendClips } from '../flow/sender.ts';
import { settledBalance } from '../flow/settled.ts';
import { seededRandom } from './seeded-random.ts';

const KILLS = Number(process.env.DRAGOMAN_KILLS ?? 200);
const POINTS = ['before-commit', 'after-commit', 'after-claim', 'after-2xx'];
const MOST_CLIPS = 400;

/** A target that fails now and then, so that there are quick tries and later ones to be killed in. */
const clipsTo = (url: string): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets:
  vod:
    { format: remotemonster, url: "${url}", retry: { quick: 2, schedule: [${Array(40).fill('1s').join(', ')}] }, breaker: { failures: 10000 } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;

it(`loses nothing that it accepted over ${KILLS} kills, and every repeat can be told`, async () => {
  const { random, whole } = seededRandom();
  await using consumer = await startConsumer((_, index) => (index % 11 === 0 ? 500 : 200));
  using home = createHome(clipsTo(consumer.url));
  const accepted = new Set<number>();
  const how = { underLoad: 0, whileStarting: 0, atPoint: 0 };
  for (let kill = 0, from = 1; kill < KILLS; kill++, from += MOST_CLIPS) {
    const choice = random();
    if (choice < 0.1) {
      await killWhileStarting(home, whole(600));
      how.whileStarting++;
      continue;
    }
    const point = choice < 0.35 ? `${POINTS[whole(POINTS.length)]}:${1 + whole(60)}` : undefined;
    for (const n of await killUnderLoad(home, { from, point, after: 1 + whole(200) })) accepted.add(n);
    if (point) how.atPoint++;
    else how.underLoad++;
  }
  await using last = await startRelay(home);
  const balance = await settledBalance(home.database);
  const times = timesByClip(consumer.received);
  console.log({
    ...how,
    accepted: accepted.size,
    stored: balance.accepted,
    received: consumer.received.length,
    pid: last.pid,
  });
  expect([...accepted].filter((n) => !times.has(n))).toEqual([]);
  expect(balance.accepted).toBeGreaterThanOrEqual(accepted.size);
  expect(balance.events).toMatchObject({ delivered: balance.accepted, waiting: 0, dead: 0 });
});

async function killWhileStarting(home: RelayHome, afterMs: number): Promise<void> {
  const killLater = (child: ChildProcess): void => void setTimeout(() => child.kill('SIGKILL'), afterMs);
  const relay = await startRelay(home, {}, { spawned: killLater }).catch((error: Error) => {
    expect(error.message).toMatch('ended with null');
  });
  await relay?.exited;
}

interface Kill {
  readonly from: number;
  /** A named point, with the number of the pass; undefined for a kill from outside. */
  readonly point: string | undefined;
  /** How many clips are accepted before the kill from outside. */
  readonly after: number;
}

/** Returns the clips that were accepted. */
async function killUnderLoad(home: RelayHome, { from, point, after }: Kill): Promise<ReadonlySet<number>> {
  const relay = await startRelay(home, point ? { DRAGOMAN_CRASH_AT: point } : {}).catch((error: Error) => {
    // at a point it may die before it has said that it runs
    expect([error.message, point]).toEqual([expect.stringMatching('ended with null'), expect.any(String)]);
  });
  if (!relay) return new Set();
  const sending = sendClips({ url: `${relay.serverUrl}/in/bsr`, from, count: MOST_CLIPS, callers: 8 });
  await Promise.race([sending.done, relay.exited, point ? relay.exited : sending.acceptedAtLeast(after)]);
  relay.kill('SIGKILL');
  await Promise.all([sending.done, relay.exited]);
  return sending.accepted;
}

/** A relay that is killed, at random and where it hurts most: nothing that it accepted is lost, and what comes twice can be told. */
import { describe, expect, it } from 'vitest';
import { startConsumer } from './consumer.ts';
import { timesByClip } from './received-clips.ts';
import { createHome, type RelayHome, startRelay } from './relay-process.ts';
import { sendClips } from './sender.ts';
import { settledBalance } from './settled.ts';

const clipsTo = (url: string): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { vod: { format: remotemonster, url: "${url}/hook", retry: { quick: 1, schedule: [1s, 1s, 1s] } } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;

/** Starts the relay once more, lets the senders repeat what was not accepted, and waits until all is delivered. */
async function comeBack(home: RelayHome, missing: readonly number[]): Promise<void> {
  await using relay = await startRelay(home);
  for (const n of missing) await sendClips({ url: `${relay.serverUrl}/in/bsr`, from: n, count: 1, callers: 1 }).done;
  await settledBalance(home.database);
}

describe('a relay that is killed', () => {
  it('delivers every event that it accepted, in the middle of 500', async () => {
    await using consumer = await startConsumer();
    using home = createHome(clipsTo(consumer.url));
    const relay = await startRelay(home);
    const sending = sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 500, callers: 8 });
    await sending.acceptedAtLeast(250);
    relay.kill('SIGKILL');
    await Promise.all([sending.done, relay.exited]);
    expect(sending.accepted.size).toBeLessThan(500);

    await comeBack(home, [...sending.refused.keys()]);
    const times = timesByClip(consumer.received);
    expect([...times.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(await settledBalance(home.database)).toMatchObject({
      accepted: 500,
      events: { delivered: 500, waiting: 0 },
    });
  });

  it.each(['before-commit:12', 'after-commit:12', 'after-claim:1', 'after-2xx:40'])(
    'loses nothing where it dies %s',
    async (point) => {
      await using consumer = await startConsumer();
      using home = createHome(clipsTo(consumer.url));
      // what a relay has claimed has been waiting: for a target that was switched off
      if (point.startsWith('after-claim')) await leaveWaiting(home, clipsTo(consumer.url));
      const before = point.startsWith('after-claim') ? 20 : 0;
      const accepted = await dieAt(home, point, before);
      const numbers = (most: number): number[] => Array.from({ length: most }, (_, index) => index + 1);
      expect(consumer.received.length).toBeLessThan(200);

      await comeBack(home, []);
      const times = timesByClip(consumer.received);
      for (const n of [...numbers(before), ...accepted]) expect(times.has(n)).toBe(true);
      if (point.startsWith('after-2xx')) expect([...times.values()].some((count) => count > 1)).toBe(true);
      const { accepted: stored, events } = await settledBalance(home.database);
      expect(events).toMatchObject({ delivered: stored, waiting: 0 });
      expect(times.size).toBe(stored);
      if (point.startsWith('after-commit')) expect(stored).toBeGreaterThan(accepted.size);
    },
  );
});

/** Fills the store with 20 clips that nobody sends yet. */
async function leaveWaiting(home: RelayHome, yaml: string): Promise<void> {
  home.configure(yaml.replace('retry:', 'enabled: false, retry:'));
  await using relay = await startRelay(home);
  await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 20 }).done;
  home.configure(yaml);
}

/** Runs the relay under load until it dies at the point; returns the clips that it accepted. */
async function dieAt(home: RelayHome, point: string, before: number): Promise<ReadonlySet<number>> {
  const relay = await startRelay(home, { DRAGOMAN_CRASH_AT: point }).catch((error: Error) => {
    // it may die before it has said that it runs
    expect(error.message).toMatch('ended with null');
  });
  if (!relay) return new Set();
  const sending = sendClips({ url: `${relay.serverUrl}/in/bsr`, from: before + 1, count: 200, callers: 4 });
  expect(await relay.exited).toBe(null);
  await sending.done;
  return sending.accepted;
}

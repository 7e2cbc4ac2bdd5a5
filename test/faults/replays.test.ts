/** 10,000 dead letters are replayed while new events keep flowing: these are answered and delivered as quickly as before. */
import { expect, it } from 'vitest';
import { runDragoman } from '../cli/run-dragoman.ts';
import { fillBacklog } from '../flow/backlog.ts';
import { startConsumer } from '../flow/consumer.ts';
import { timesByClip } from '../flow/received-clips.ts';
import { createHome, startRelay } from '../flow/relay-process.ts';
import { clip, clipNumber, post } from '../flow/sender.ts';
import { settledBalance } from '../flow/settled.ts';

const LETTERS = 10_000;
const PER_SECOND = 100;
/** BSR tries three times, a second apart. */
const SENDERS_GIVE_UP_MS = 2000;
const DEAD = { code: 'HTTP_410', message: 'the target answered 410' };

const config = (url: string): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets:
  vod: { format: remotemonster, url: "${url}/vod" }
  live: { format: remotemonster, url: "${url}/live" }
rules: [ { name: new, from: bsr, on: clip.generated, to: live } ]
`;

it(`replays ${LETTERS} dead letters, and new events keep their latency`, async () => {
  const cameAt = new Map<number, number>();
  const allReplayed = Promise.withResolvers<void>();
  let replayedSoFar = 0;
  await using consumer = await startConsumer(({ url, body }) => {
    if (url === '/live') cameAt.set(clipNumber(body), performance.now());
    else if (++replayedSoFar === LETTERS) allReplayed.resolve();
    return 200;
  });
  using home = createHome(config(consumer.url));
  await fillBacklog(home.database, LETTERS, DEAD);
  await using relay = await startRelay(home);
  const load = steadyLoad(`${relay.serverUrl}/in/bsr`);
  await load.sent(500);
  const before = load.take();
  const replay = await runDragoman(['replay', '--config', home.config, '--state', 'dead', '--json']);
  expect(replay).toMatchObject({ code: 0, out: expect.stringContaining(`"replayed":${LETTERS}`) });
  await allReplayed.promise;
  const during = load.take();
  await load.stop();
  const { accepted, events } = await settledBalance(home.database);
  expect(events).toMatchObject({ delivered: accepted, dead: 0, waiting: 0 });

  const replayed = consumer.received.filter(({ url }) => url === '/vod');
  expect(timesByClip(replayed).size).toBe(LETTERS);
  expect(new Set(replayed.map(({ headers }) => headers['dragoman-replay']))).toEqual(new Set(['1']));
  const figures = [before, during].map((some) => ({
    events: some.length,
    answer: spread(some.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
    delivery: spread(some.map(({ n, sentAt }) => (cameAt.get(n) ?? Number.NaN) - sentAt)),
  }));
  console.log(figures);
  const [quiet, busy] = figures as [(typeof figures)[0], (typeof figures)[0]];
  // of times that are a few milliseconds a ratio would say nothing
  expect(busy.answer.median).toBeLessThan(Math.max(30, quiet.answer.median * 3));
  expect(busy.delivery.median).toBeLessThan(Math.max(60, quiet.delivery.median * 3));
  expect(busy.answer.p99).toBeLessThan(SENDERS_GIVE_UP_MS);
});

interface Answered {
  readonly n: number;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Posts clips from 100,001 on at a steady rate. */
function steadyLoad(url: string) {
  let answered: Answered[] = [];
  const posts: Promise<void>[] = [];
  const started = performance.now();
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const send = async (n: number): Promise<void> => {
    const sentAt = performance.now();
    expect((await post(url, clip(n))).status).toBe(202);
    answered.push({ n, sentAt, answeredAt: performance.now() });
    for (const { count, resolve } of waiting) if (posts.length >= count) resolve();
  };
  const timer = setInterval(() => {
    while (posts.length < ((performance.now() - started) / 1000) * PER_SECOND) posts.push(send(100_001 + posts.length));
  }, 5);
  return {
    sent: (count: number) => new Promise<void>((resolve) => waiting.push({ count, resolve })),
    /** What was answered since the last call. */
    take() {
      const some = answered;
      answered = [];
      return some;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(posts);
    },
  };
}

/** Milliseconds. */
function spread(times: readonly number[]): { readonly median: number; readonly p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => Math.round(sorted[Math.floor(sorted.length * part)] ?? Number.NaN);
  return { median: at(0.5), p99: at(0.99) };
}

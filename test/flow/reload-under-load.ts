/** Reloads a relay again and again while events come in at a steady rate, and holds every event to one of the configurations. */
import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { startConsumer } from './consumer.ts';
import { createHome, startRelay } from './relay-process.ts';
import { clip, clipNumber, post } from './sender.ts';
import { settledBalance } from './settled.ts';

/** Both parts of what is sent name the configuration: the path through the rule's target, the media base through the mapping. */
const generation = (url: string, n: number): string => `
params: { media_base: "https://media.example.com/${n}" }
sources: { bsr: { format: bsr } }
targets:
${Array.from({ length: 101 }, (_, index) => `  vod${index}: { format: remotemonster, url: "${url}/${index}" }`).join('\n')}
rules: [ { name: clips ${n}, from: bsr, on: clip.generated, to: vod${n} } ]
`;

export async function reloadUnderLoad(wish: {
  readonly reloads: number;
  readonly eventsPerSecond: number;
}): Promise<void> {
  await using consumer = await startConsumer();
  using home = createHome(generation(consumer.url, 0));
  await using relay = await startRelay(home);
  const load = startLoad(`${relay.serverUrl}/in/bsr`, wish.eventsPerSecond);
  let good = 0;
  for (let reload = 1; reload <= wish.reloads; reload++) {
    const isBad = reload % 5 === 0;
    const before = relay.lines.length;
    if (isBad) writeFileSync(home.config, 'sources: { bsr: { formt: bsr } }\n');
    else home.configure(generation(consumer.url, ++good));
    // half of them by a signal, half by the watch of the file
    if (reload % 2 === 0) relay.kill('SIGHUP');
    const wanted = isBad ? 'config.rejected' : 'config.reloaded';
    await relay.line(({ happening }) => happening === wanted, before);
  }
  const { statuses, sent } = await load.stop();
  expect(statuses).toEqual(new Map([[202, sent]]));
  expect(await settledBalance(home.database)).toMatchObject({ accepted: sent, events: { delivered: sent, dead: 0 } });
  const seen = consumer.received.map(({ body }) => clipNumber(body)).sort((a, b) => a - b);
  expect(seen).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
  for (const { url, body } of consumer.received) {
    expect(JSON.parse(body).url).toMatch(new RegExp(`^https://media\\.example\\.com${url}/`));
  }
  expect(new Set(consumer.received.map(({ url }) => url)).size).toBeGreaterThan(good / 2);
}

interface Load {
  /** Resolves when every request has been answered. */
  stop(): Promise<{ readonly sent: number; readonly statuses: ReadonlyMap<number, number> }>;
}

/** Posts clips 1, 2, … at a steady rate, whatever the answers do. */
function startLoad(url: string, perSecond: number): Load {
  const statuses = new Map<number, number>();
  const posts: Promise<void>[] = [];
  const started = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * perSecond;
    while (posts.length < due) {
      const n = posts.length + 1;
      posts.push(
        post(url, clip(n)).then(
          ({ status }) => void statuses.set(status, (statuses.get(status) ?? 0) + 1),
          () => void statuses.set(0, (statuses.get(0) ?? 0) + 1),
        ),
      );
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(posts);
      return { sent: posts.length, statuses };
    },
  };
}

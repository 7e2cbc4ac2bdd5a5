/** How much memory a relay takes, whether it takes ever more, and how it comes back to a backlog after it was killed. */
import { costOf, freePort, startSubject } from '../load/processes.ts';
import { oneRule, PATH, startRelay } from '../subjects/relay.ts';
import { CONNECTIONS, delivering, type Far, median, numbers } from './rounds.ts';

const STEP = 20_000;

export interface Memory {
  readonly koaMb: number;
  /** Around the 100,000th event, and around the last. */
  readonly earlyMb: number;
  readonly lateMb: number;
  readonly eventsPerS: number;
}

/** Sends a relay 100,000 events, then 200,000 more; a figure is the median of what is seen after each of the last five 20,000. */
export async function measureGrowth(far: Far): Promise<Memory> {
  const port = await freePort();
  await using koa = await startSubject({ args: ['test/bench/subjects/koa.ts', String(port)], port });
  const load = { connections: CONNECTIONS, from: numbers(100_000), events: 100_000 };
  await far.generator.load({ port, path: PATH, ...load });
  await using relay = await startRelay({ yaml: oneRule(`${far.sink.url}/ok`) });
  const contender = delivering('relay', relay, far, STEP);
  const seen: number[] = [];
  const rates: number[] = [];
  for (let step = 0; step < 300_000 / STEP; step++) {
    rates.push((await contender.run()).eventsPerS);
    seen.push(costOf(relay.pid).rssMb);
  }
  return {
    koaMb: costOf(koa.pid).rssMb,
    earlyMb: median(seen.slice(0, 5)),
    lateMb: median(seen.slice(-5)),
    eventsPerS: median(rates),
  };
}

export interface Drain {
  readonly eventsPerS: number;
  readonly highestMb: number;
  /** From the start of the process to the first 2xx, while the backlog waits. */
  readonly startMs: number;
}

/** Stores a backlog, kills the relay, and starts it with a target that takes everything. */
export async function measureDrain(far: Far, backlog = 100_000): Promise<Drain> {
  const url = `${far.sink.url}/ok`;
  await using relay = await startRelay({ yaml: oneRule(url, ', enabled: false') });
  const load = { port: relay.port, path: PATH, connections: CONNECTIONS, from: numbers(backlog), events: backlog };
  const { accepted } = await far.generator.load(load);
  await relay.kill();
  relay.configure(oneRule(url));
  far.sink.forget();
  await using again = await relay.again({ isAwaited: false });
  const answeredAt = await far.generator.knock(relay.port, PATH);
  const { firstAt, lastAt } = await far.sink.received({ received: accepted + 1 }, 120_000);
  return {
    eventsPerS: (accepted / (lastAt - firstAt)) * 1000,
    highestMb: costOf(again.pid).highestRssMb,
    startMs: answeredAt - again.spawnedAt,
  };
}

/** How much memory a relay takes, whether it takes ever more, and how it comes back to a backlog after it was killed. */
import { costOf } from '../load/cost.ts';
import { freePort, startSubject } from '../load/processes.ts';
import { oneRule, PATH, startRelay } from '../subjects/relay.ts';
import { drive, type Far, type Run } from './drive.ts';
import { median } from './rounds.ts';

const STEP = 20_000;

export interface Memory {
  readonly koaMb: number;
  /** Around the 100,000th event, and around the last. */
  readonly earlyMb: number;
  readonly lateMb: number;
  readonly eventsPerS: number;
  readonly cpuUs: number;
}

/** Sends a relay 300,000 events; a figure is the median of what is seen after three steps of 20,000: those around the 100,000th event, and the last. */
export async function measureGrowth(far: Far): Promise<Memory> {
  const port = await freePort();
  await using koa = await startSubject({ args: ['test/bench/subjects/koa.ts', String(port)], port });
  await drive({ far, subjects: [koa], load: { events: 100_000 } });
  await using relay = await startRelay({ yaml: oneRule(`${far.sink.url}/ok`) });
  const runs: Run[] = [];
  for (let step = 0; step < 300_000 / STEP; step++) {
    runs.push(await drive({ far, subjects: [relay], load: { events: STEP }, wanted: { received: STEP } }));
  }
  const seen = runs.map(({ rssMb }) => rssMb);
  return {
    koaMb: costOf(koa.pid).rssMb,
    earlyMb: median(seen.slice(100_000 / STEP - 2, 100_000 / STEP + 1)),
    lateMb: median(seen.slice(-3)),
    eventsPerS: median(runs.map((run) => run.eventsPerS)),
    cpuUs: median(runs.map((run) => run.cpuUs)),
  };
}

export interface Drain {
  readonly eventsPerS: number;
  readonly cpuUs: number;
  readonly highestMb: number;
  /** From the start of the process to the first 2xx, while the backlog waits. */
  readonly startMs: number;
  /** What the same process receives and delivers directly afterwards. */
  readonly sustained: Pick<Run, 'eventsPerS' | 'cpuUs'>;
}

/** Drains a backlog in each round; a figure is the median of the rounds, the highest memory that of all. */
export async function measureDrain(far: Far, rounds: number): Promise<Drain> {
  const drains: Drain[] = [];
  while (drains.length < rounds) drains.push(await drainOnce(far, 100_000));
  const of = (pick: (drain: Drain) => number): number => median(drains.map(pick));
  return {
    eventsPerS: of((drain) => drain.eventsPerS),
    cpuUs: of((drain) => drain.cpuUs),
    highestMb: Math.max(...drains.map((drain) => drain.highestMb)),
    startMs: of((drain) => drain.startMs),
    sustained: {
      eventsPerS: of((drain) => drain.sustained.eventsPerS),
      cpuUs: of((drain) => drain.sustained.cpuUs),
    },
  };
}

/** Stores a backlog, kills the relay, and starts it with a target that takes everything. */
async function drainOnce(far: Far, backlog: number): Promise<Drain> {
  const url = `${far.sink.url}/ok`;
  await using relay = await startRelay({ yaml: oneRule(url, ', enabled: false') });
  await drive({ far, subjects: [relay], load: { events: backlog } });
  await relay.kill();
  relay.configure(oneRule(url));
  await far.sink.forget();
  await using again = await relay.again({ isAwaited: false });
  const answeredAt = await far.generator.knock(relay.port, PATH);
  const before = costOf(again.pid);
  const { firstAt, lastAt } = await far.sink.received({ received: backlog + 1 }, 120_000);
  const after = costOf(again.pid);
  return {
    eventsPerS: (backlog / (lastAt - firstAt)) * 1000,
    cpuUs: ((after.cpuMs - before.cpuMs) / backlog) * 1000,
    highestMb: after.highestRssMb,
    startMs: answeredAt - again.spawnedAt,
    sustained: await drive({ far, subjects: [again], load: { events: 2 * STEP }, wanted: { received: 2 * STEP } }),
  };
}

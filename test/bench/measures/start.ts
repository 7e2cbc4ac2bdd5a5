/** From the start of a process to its first 2xx. */
import { freePort, startSubject } from '../load/processes.ts';
import { oneRule, PATH, startRelay } from '../subjects/relay.ts';
import type { Far } from './drive.ts';
import { median } from './rounds.ts';

export interface Starts {
  readonly koaMs: number;
  readonly relayMs: number;
}

/** The first start of each is left out: it fills the caches of the disk and of the compiler. */
export async function measureStarts(far: Far, rounds: number): Promise<Starts> {
  const yaml = oneRule(`${far.sink.url}/ok`);
  await using home = await startRelay({ yaml });
  await home.kill('SIGTERM');
  const koa: number[] = [];
  const relay: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const port = await freePort();
    const args = ['test/bench/subjects/koa.ts', String(port)];
    await using plain = await startSubject({ args, port, isAwaited: false });
    koa.push((await far.generator.knock(port, PATH)) - plain.spawnedAt);
    await plain.kill();
    await using started = await home.again({ isAwaited: false });
    relay.push((await far.generator.knock(home.port, PATH)) - started.spawnedAt);
    await started.kill('SIGTERM');
  }
  return { koaMs: median(koa.slice(1)), relayMs: median(relay.slice(1)) };
}

/** PostgreSQL beside SQLite: relay and database on one core, and on both. */
import { startPostgres } from '../../stores/start-postgres.ts';
import { pin } from '../load/processes.ts';
import { oneRule, startRelay } from '../subjects/relay.ts';
import { delivering, type Far, inTurns, type Run } from './rounds.ts';

/** Runs `sqlite, one core`, `postgres, one core`, `sqlite, two cores` and `postgres, two cores`. */
export async function measurePostgres(
  far: Far,
  { events, rounds }: { readonly events: number; readonly rounds: number },
): Promise<ReadonlyMap<string, Run>> {
  const yaml = oneRule(`${far.sink.url}/ok`);
  await using stack = new AsyncDisposableStack();
  const postgres = stack.adopt(await startPostgres(), (server) => server.stop());
  const pid = await postgres.pid();
  const runs = new Map<string, Run>();
  for (const [said, cores] of [
    ['one core', '0'],
    ['two cores', '0,1'],
  ] as const) {
    pin(pid, cores);
    await using sqlite = await startRelay({ yaml, cores });
    await using other = await startRelay({ yaml, cores, store: await postgres.createDatabase() });
    const contenders = [
      delivering(`sqlite, ${said}`, sqlite, far, events),
      delivering(`postgres, ${said}`, other, far, events),
    ];
    for (const [name, run] of await inTurns(contenders, rounds)) runs.set(name, run);
  }
  return runs;
}

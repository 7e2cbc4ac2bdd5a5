/** PostgreSQL beside SQLite: relay and database on one core, and on both; and two relays on one PostgreSQL. */
import { startPostgres } from '../../stores/start-postgres.ts';
import { pin } from '../load/processes.ts';
import { oneRule, type Relay, startRelay } from '../subjects/relay.ts';
import { drive, type Far, type Run } from './drive.ts';
import { type Contender, delivering, inTurns, type Turns } from './rounds.ts';

/** Runs `sqlite` and `postgres`, each with `, one core` and `, two cores`, and `two relays, two cores`. */
export async function measurePostgres(
  far: Far,
  { events, turns }: { readonly events: number; readonly turns: Turns },
): Promise<ReadonlyMap<string, Run>> {
  const yaml = oneRule(`${far.sink.url}/ok`);
  await using stack = new AsyncDisposableStack();
  const postgres = stack.adopt(await startPostgres(), (server) => server.stop());
  const databasePid = await postgres.pid();
  const runs = new Map<string, Run>();
  for (const [said, cores] of [
    ['one core', '0'],
    ['two cores', '0,1'],
  ] as const) {
    pin(databasePid, cores);
    await using relays = new AsyncDisposableStack();
    const start = async (store?: string): Promise<Relay> =>
      relays.use(await startRelay({ yaml, cores, ...(store ? { store } : {}) }));
    const contenders = [
      delivering(`sqlite, ${said}`, { far, subject: await start(), events }),
      delivering(`postgres, ${said}`, {
        ...{ far, subject: await start(await postgres.createDatabase()), databasePid, events },
      }),
    ];
    if (cores === '0,1') {
      const store = await postgres.createDatabase();
      const pair = [await start(store), await start(store)];
      contenders.push(together(`two relays, ${said}`, { far, pair, databasePid, events }));
    }
    for (const [name, run] of await inTurns(contenders, turns)) runs.set(name, run);
  }
  return runs;
}

interface Together {
  readonly far: Far;
  readonly pair: readonly Relay[];
  readonly databasePid: number;
  readonly events: number;
}

/** Each takes half of the connections; each gets warm alone, so that it has learnt as much as a relay by itself. */
function together(name: string, { far, pair, databasePid, events }: Together): Contender {
  return {
    name,
    run: () => drive({ far, subjects: pair, databasePid, load: { events }, wanted: { received: events } }),
    warmUps: pair.map((subject) => delivering(name, { far, subject, events }).run),
  };
}

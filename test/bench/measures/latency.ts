/** How long an event takes at a steady pace, which is sent whatever becomes of the events before. */
import { costOf, type Subject } from '../load/processes.ts';
import { deadTargets, oneRule, PATH, startRelay } from '../subjects/relay.ts';
import { CONNECTIONS, type Contender, type Far, inTurns, numbers, type Run } from './rounds.ts';

const PER_S = 500;

/** Runs `paced relay` and `paced no store`. */
export async function measurePaced(
  far: Far,
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
) {
  const yaml = oneRule(`${far.sink.url}/ok`);
  await using relay = await startRelay({ yaml });
  await using noStore = await startRelay({ yaml, withoutStore: true });
  const pace = { seconds, ratePerS: PER_S };
  return await inTurns([paced('paced relay', relay, far, pace), paced('paced no store', noStore, far, pace)], rounds);
}

const HEALTHY = 10;
const DEAD = 50;

/** Runs `no dead` and `50 dead`: the same events come in, and ten healthy targets get as many of them, in both. */
export async function measureDead(
  far: Far,
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
) {
  await using without = await startRelay({ yaml: deadTargets(far.sink.url, 0) });
  await using beside = await startRelay({ yaml: deadTargets(far.sink.url, DEAD) });
  const rooms = HEALTHY + DEAD;
  const pace = { seconds, ratePerS: 10 * rooms, rooms };
  return await inTurns([paced('no dead', without, far, pace), paced('50 dead', beside, far, pace)], rounds);
}

interface Pace {
  readonly seconds: number;
  readonly ratePerS: number;
  /** Events go to these in turns; only those of the first ten are answered. */
  readonly rooms?: number;
}

function paced(name: string, subject: Subject, far: Far, { seconds, ratePerS, rooms }: Pace): Contender {
  return {
    name,
    async run(): Promise<Run> {
      far.sink.forget();
      const before = costOf(subject.pid);
      const events = seconds * ratePerS;
      const span = rooms ?? 1000;
      const from = Math.ceil(numbers(events + span) / span) * span;
      const load = { port: subject.port, path: PATH, connections: CONNECTIONS, from, events, ratePerS, rooms: span };
      const { accepted, startedAt, endedAt, latency } = await far.generator.load(load);
      const answered = rooms ? Math.round((accepted * HEALTHY) / rooms) : accepted;
      const { latency: endToEnd } = await far.sink.received({ received: answered, under: rooms ? '/after' : '/ok' });
      const after = costOf(subject.pid);
      return {
        eventsPerS: (accepted / (endedAt - startedAt)) * 1000,
        cpuUs: ((after.cpuMs - before.cpuMs) / accepted) * 1000,
        cores: (after.cpuMs - before.cpuMs) / (endedAt - startedAt),
        rssMb: after.rssMb,
        ack: latency,
        endToEnd,
      };
    },
  };
}

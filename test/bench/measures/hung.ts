/** What a target that never answers costs the others: healthy deliveries a second, beside the same without it. */

import { costOf, type Subject } from '../load/processes.ts';
import { HUNG, PATH, startRelay, tenTargets } from '../subjects/relay.ts';
import { CONNECTIONS, type Contender, type Far, inTurns, numbers, type Run } from './rounds.ts';

/** Runs `none hung` and `one hung`; only what goes to the nine healthy targets counts. */
export async function measureHung(far: Far, { events, rounds }: { readonly events: number; readonly rounds: number }) {
  await using none = await startRelay({ yaml: tenTargets(far.sink.url, false) });
  await using one = await startRelay({ yaml: tenTargets(far.sink.url, true) });
  return await inTurns([healthy('none hung', none, far, events), healthy('one hung', one, far, events)], rounds);
}

function healthy(name: string, subject: Subject, far: Far, events: number): Contender {
  return {
    name,
    async run(): Promise<Run> {
      far.sink.forget();
      const before = costOf(subject.pid);
      const from = numbers(events);
      const { accepted, startedAt, latency } = await far.generator.load({
        ...{ port: subject.port, path: PATH, connections: CONNECTIONS, from, events, rooms: 10 },
      });
      if (accepted !== events) throw new Error(`${name} accepted ${accepted} of ${events} events`);
      const rest = (events * 9) / 10;
      const { lastAt, latency: endToEnd } = await far.sink.received({ received: rest, except: HUNG });
      const after = costOf(subject.pid);
      return {
        eventsPerS: (rest / (lastAt - startedAt)) * 1000,
        cpuUs: ((after.cpuMs - before.cpuMs) / events) * 1000,
        cores: (after.cpuMs - before.cpuMs) / (lastAt - startedAt),
        rssMb: after.rssMb,
        ack: latency,
        endToEnd,
      };
    },
  };
}

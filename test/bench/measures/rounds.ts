/** How every measurement is made: the contenders in turns, round after round, and the median of what each has reached. */

import type { Quantiles } from '../load/exchange.ts';
import type { Generator, Sink, Subject } from '../load/processes.ts';
import { costOf } from '../load/processes.ts';
import { PATH } from '../subjects/relay.ts';

export interface Far {
  readonly generator: Generator;
  readonly sink: Sink;
}

/** What one contender did in one round. */
export interface Run {
  readonly eventsPerS: number;
  /** CPU of the process under measurement, all threads, microseconds an event. */
  readonly cpuUs: number;
  /** How much of a core it has used: well below 1 means that something else was in its way. */
  readonly cores: number;
  readonly rssMb: number;
  /** From due to answered, and from due to delivered, milliseconds. */
  readonly ack: Quantiles;
  readonly endToEnd?: Quantiles;
}

export interface Contender {
  readonly name: string;
  run(): Promise<Run>;
}

/** Lets each contender warm up once, then runs all of them in turns. */
export async function inTurns(contenders: readonly Contender[], rounds: number): Promise<ReadonlyMap<string, Run>> {
  for (const contender of contenders) await contender.run();
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) runs.get(contender.name)?.push(await contender.run());
  }
  return new Map([...runs].map(([name, all]) => [name, medianRun(all)]));
}

export const CONNECTIONS = 64;

let nextNumber = 1;

/** Numbers for so many events that no event before has had. */
export function numbers(count: number): number {
  nextNumber += count;
  return nextNumber - count;
}

/** Only what it answers counts. */
export function answering(name: string, subject: Subject, far: Far, durationMs: number): Contender {
  return {
    name,
    async run() {
      const before = costOf(subject.pid);
      const load = { port: subject.port, path: PATH, connections: CONNECTIONS, from: numbers(2 ** 22), durationMs };
      const { accepted, startedAt, endedAt, latency } = await far.generator.load(load);
      const after = costOf(subject.pid);
      return {
        eventsPerS: (accepted / (endedAt - startedAt)) * 1000,
        cpuUs: ((after.cpuMs - before.cpuMs) / accepted) * 1000,
        cores: (after.cpuMs - before.cpuMs) / (endedAt - startedAt),
        rssMb: after.rssMb,
        ack: latency,
      };
    },
  };
}

/** So many events are sent, and time runs until the last of them has been delivered: received = delivered. */
export function delivering(name: string, subject: Subject, far: Far, events: number, rooms?: number): Contender {
  return {
    name,
    async run() {
      far.sink.forget();
      const before = costOf(subject.pid);
      const load = { port: subject.port, path: PATH, connections: CONNECTIONS, from: numbers(events), events };
      const { accepted, startedAt, latency } = await far.generator.load(rooms ? { ...load, rooms } : load);
      if (accepted !== events) throw new Error(`${name} accepted ${accepted} of ${events} events`);
      const { lastAt, latency: endToEnd } = await far.sink.received({ received: accepted });
      const after = costOf(subject.pid);
      return {
        eventsPerS: (events / (lastAt - startedAt)) * 1000,
        cpuUs: ((after.cpuMs - before.cpuMs) / events) * 1000,
        cores: (after.cpuMs - before.cpuMs) / (lastAt - startedAt),
        rssMb: after.rssMb,
        ack: latency,
        endToEnd,
      };
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function medianRun(runs: readonly Run[]): Run {
  const of = (pick: (run: Run) => number): number => median(runs.map(pick));
  const quantiles = (pick: (run: Run) => Quantiles): Quantiles => ({
    p50: of((run) => pick(run).p50),
    p99: of((run) => pick(run).p99),
    p999: of((run) => pick(run).p999),
  });
  const isDelivered = runs.every((run) => run.endToEnd);
  return {
    eventsPerS: of((run) => run.eventsPerS),
    cpuUs: of((run) => run.cpuUs),
    cores: of((run) => run.cores),
    rssMb: of((run) => run.rssMb),
    ack: quantiles((run) => run.ack),
    ...(isDelivered ? { endToEnd: quantiles((run) => run.endToEnd as Quantiles) } : {}),
  };
}

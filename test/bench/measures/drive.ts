/** One round of one contender: a load is sent, what is to come of it is waited for, and both are counted. */
import { costOf, familyCpuMs } from '../load/cost.ts';
import type { Load, Quantiles, Wanted } from '../load/exchange.ts';
import type { Generator, Sink, Subject } from '../load/processes.ts';
import { PATH } from '../subjects/relay.ts';

export interface Far {
  readonly generator: Generator;
  readonly sink: Sink;
}

/** What one contender did in one round. */
export interface Run {
  readonly eventsPerS: number;
  /** CPU of all threads of what is measured, microseconds an event. */
  readonly cpuUs: number;
  /** How much of a core it has used: well below 1 means that something else was in its way. */
  readonly cores: number;
  readonly rssMb: number;
  /** From due to answered, and from due to delivered, milliseconds. */
  readonly ack: Quantiles;
  readonly endToEnd?: Quantiles;
}

export interface Work {
  readonly far: Far;
  /** The load is split over them. */
  readonly subjects: readonly Pick<Subject, 'port' | 'pid'>[];
  /** A server whose CPU counts with theirs. */
  readonly databasePid?: number | undefined;
  readonly load: Pick<Load, 'events' | 'durationMs' | 'ratePerS' | 'rooms'>;
  /** What the sink is to get, all of which counts; left out: what is answered counts. */
  readonly wanted?: Wanted;
}

const CONNECTIONS = 64;
/** More events than any run by the clock sends. */
const MANY = 2 ** 22;

export async function drive({ far, subjects, databasePid, load, wanted }: Work): Promise<Run> {
  await far.sink.forget();
  const spent = (): number => {
    const own = total(subjects.map(({ pid }) => costOf(pid).cpuMs));
    return databasePid === undefined ? own : own + familyCpuMs(databasePid);
  };
  const before = spent();
  const { sent, accepted, startedAt, endedAt, latency } = await far.generator.load({
    ...{ ports: subjects.map(({ port }) => port), path: PATH, connections: CONNECTIONS },
    ...{ from: numbers(load.events ?? MANY), ...load },
  });
  if (wanted && accepted !== sent) throw new Error(`accepted were ${accepted} of ${sent} events`);
  const arrived = wanted && (await far.sink.received(wanted));
  const cpuMs = spent() - before;
  const tookMs = (arrived?.lastAt ?? endedAt) - startedAt;
  return {
    eventsPerS: ((wanted?.received ?? accepted) / tookMs) * 1000,
    cpuUs: (cpuMs / accepted) * 1000,
    cores: cpuMs / tookMs,
    rssMb: total(subjects.map(({ pid }) => costOf(pid).rssMb)),
    ack: latency,
    ...(arrived ? { endToEnd: arrived.latency } : {}),
  };
}

let nextNumber = 1;

/** Numbers for so many events that no event before has had. */
export function numbers(count: number): number {
  nextNumber += count;
  return nextNumber - count;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

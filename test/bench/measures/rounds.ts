/** How every measurement is made: the contenders in turns, round after round, there and back. */
import { nowMs, type Quantiles } from '../load/exchange.ts';
import type { Subject } from '../load/processes.ts';
import { drive, type Far, type Run } from './drive.ts';

export interface Contender {
  readonly name: string;
  run(): Promise<Run>;
  /** What warms up each of its processes; by default its runs do. None where another contender has the same process. */
  readonly warmUps?: readonly (() => Promise<unknown>)[];
}

export interface Turns {
  readonly rounds: number;
  /** Time that each process has to get warm: the same for all, however fast they are. */
  readonly warmUpMs: number;
}

/** The runs of each contender, in the order of the rounds. */
export type Rounds = ReadonlyMap<string, readonly Run[]>;

/** Lets each contender warm up, then runs all of them in turns; of each the median of what it has reached. */
export async function inTurns(contenders: readonly Contender[], turns: Turns): Promise<ReadonlyMap<string, Run>> {
  return medians(await inRounds(contenders, turns));
}

/** The same, round by round. Every second round goes backwards, so that none of them always comes after the same one. */
export async function inRounds(contenders: readonly Contender[], turns: Turns, clock = nowMs): Promise<Rounds> {
  for (const { run, warmUps = [run] } of contenders) {
    for (const warmUp of warmUps) {
      const endsAt = clock() + turns.warmUpMs;
      while (clock() < endsAt) await warmUp();
    }
  }
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < turns.rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed())
      runs.get(contender.name)?.push(await contender.run());
  }
  return runs;
}

export function medians(rounds: Rounds): ReadonlyMap<string, Run> {
  return new Map([...rounds].map(([name, all]) => [name, medianRun(all)]));
}

export interface Answering {
  readonly far: Far;
  readonly subject: Subject;
  readonly durationMs: number;
}

/** Only what it answers counts. */
export function answering(name: string, { far, subject, durationMs }: Answering): Contender {
  return { name, run: () => drive({ far, subjects: [subject], load: { durationMs } }) };
}

export interface Delivering {
  readonly far: Far;
  readonly subject: Subject;
  readonly databasePid?: number;
  readonly events: number;
  readonly rooms?: number;
}

/** So many events are sent, and time runs until the last of them has been delivered: received = delivered. */
export function delivering(name: string, { far, subject, databasePid, events, rooms }: Delivering): Contender {
  const load = rooms === undefined ? { events } : { events, rooms };
  return { name, run: () => drive({ far, subjects: [subject], databasePid, load, wanted: { received: events } }) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function medianRun(runs: readonly Run[]): Run {
  return joined(runs, median);
}

/** The geometric mean: the ratio of two of them is the mean of the ratios. */
export function meanRun(runs: readonly Run[]): Run {
  return joined(runs, (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length));
}

function joined(runs: readonly Run[], join: (values: readonly number[]) => number): Run {
  const of = (pick: (run: Run) => number): number => join(runs.map(pick));
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

/** What a measurement hands back: figures to read, and the ratios that the goals ask for. */
import type { Run } from './drive.ts';
import { median, medians, type Rounds } from './rounds.ts';

export type Figures = Readonly<Record<string, number>>;

export interface Measured {
  /** By the keys of the goals; NaN where a figure is missing. */
  readonly ratios: Readonly<Record<string, number>>;
  /** What a ratio would be if CPU time an event were compared: unlike the rate, it stands on a machine that others use, too. */
  readonly byCpu?: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, Figures>>;
}

/** Whose rate is set beside whose, by the goal's key. */
type Pairs = Readonly<Record<string, readonly [contender: string, reference: string]>>;

/** The rates of pairs of contenders, each to that of its reference. */
export function compareRates(runs: ReadonlyMap<string, Run>, pairs: Pairs): Measured {
  const each = (ratio: (one?: Run, reference?: Run) => number): Record<string, number> =>
    Object.fromEntries(Object.entries(pairs).map(([key, [a, b]]) => [key, ratio(runs.get(a), runs.get(b))]));
  return {
    ratios: each((one, reference) => quotient(one?.eventsPerS, reference?.eventsPerS)),
    byCpu: each((one, reference) => quotient(reference?.cpuUs, one?.cpuUs)),
    figures: figuresOf(runs),
  };
}

/** The same of contenders that share their processes: the median of the rounds' ratios, so that a slow minute hits both sides. */
export function compareRounds(rounds: Rounds, pairs: Pairs): Measured {
  const ratios: Record<string, number> = {};
  const byCpu: Record<string, number> = {};
  const spreads: Record<string, Figures> = {};
  for (const [key, [one, reference]] of Object.entries(pairs)) {
    const each = (ratio: (one: Run, reference?: Run) => number): number[] =>
      (rounds.get(one) ?? []).map((run, round) => ratio(run, rounds.get(reference)?.[round]));
    const rates = each((run, other) => quotient(run.eventsPerS, other?.eventsPerS));
    ratios[key] = median(rates);
    byCpu[key] = median(each((run, other) => quotient(other?.cpuUs, run.cpuUs)));
    spreads[`${one} ÷ ${reference}`] = { rounds: rates.length, least: Math.min(...rates), most: Math.max(...rates) };
  }
  return { ratios, byCpu, figures: { ...figuresOf(medians(rounds)), ...spreads } };
}

/** The 99th percentile, end to end, of one contender to that of another one. */
export function compareTails(
  runs: ReadonlyMap<string, Run>,
  { key, pair: [one, reference] }: { readonly key: string; readonly pair: readonly [string, string] },
): Measured {
  const p99 = (name: string): number | undefined => runs.get(name)?.endToEnd?.p99;
  return { ratios: { [key]: quotient(p99(one), p99(reference)) }, figures: figuresOf(runs) };
}

function quotient(above = Number.NaN, below = Number.NaN): number {
  return above / below;
}

function figuresOf(runs: ReadonlyMap<string, Run>): Record<string, Figures> {
  return Object.fromEntries(
    [...runs].map(([name, { eventsPerS, cpuUs, cores, rssMb, ack, endToEnd }]) => [
      name,
      {
        'events/s': eventsPerS,
        'CPU µs/event': cpuUs,
        cores,
        'RSS MB': rssMb,
        ...{ 'ack p50 ms': ack.p50, 'ack p99': ack.p99, 'ack p99.9': ack.p999 },
        ...(endToEnd ? { 'e2e p50 ms': endToEnd.p50, 'e2e p99': endToEnd.p99, 'e2e p99.9': endToEnd.p999 } : {}),
      },
    ]),
  );
}

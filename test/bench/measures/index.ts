/** Every measurement by its name: what it finds, and the ratios that the goals ask for. */
import { measureHung } from './hung.ts';
import type { Far, Run } from './rounds.ts';
import { measureThroughput } from './throughput.ts';

export type Figures = Readonly<Record<string, number>>;

export interface Measured {
  /** By the keys of the goals. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, Figures>>;
}

export interface Extent {
  readonly isQuick: boolean;
  readonly rounds: number;
}

export interface Measure {
  readonly isQuick: boolean;
  run(far: Far, extent: Extent): Promise<Measured>;
}

export const MEASURES: Readonly<Record<string, Measure>> = {
  throughput: {
    isQuick: true,
    async run(far, { isQuick, rounds }) {
      const size = isQuick ? { events: 12_000, durationMs: 1000 } : { events: 50_000, durationMs: 4000 };
      const runs = await measureThroughput(far, { ...size, rounds, isFull: !isQuick });
      const rate = (name: string): number => runs.get(name)?.eventsPerS ?? Number.NaN;
      return {
        ratios: known({
          'end-to-end/koa': rate('relay') / rate('koa'),
          'end-to-end/no-store': rate('relay') / rate('no store'),
          'end-to-end/node-red': rate('relay') / rate('node-red'),
          'stored/koa': rate('stored only') / rate('koa'),
        }),
        figures: figuresOf(runs),
      };
    },
  },
  hung: {
    isQuick: true,
    async run(far, { isQuick, rounds }) {
      const runs = await measureHung(far, { events: isQuick ? 12_000 : 40_000, rounds });
      const rate = (name: string): number => runs.get(name)?.eventsPerS ?? Number.NaN;
      return { ratios: { 'one-hung/none-hung': rate('one hung') / rate('none hung') }, figures: figuresOf(runs) };
    },
  },
};

export function figuresOf(runs: ReadonlyMap<string, Run>): Record<string, Figures> {
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

function known(ratios: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(ratios).filter(([, ratio]) => Number.isFinite(ratio)));
}

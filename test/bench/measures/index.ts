/** Every measurement by its name: what it finds, and the ratios that the goals ask for. */
import { measureHung } from './hung.ts';
import { measureDead, measurePaced } from './latency.ts';
import { measureMapping } from './mapping.ts';
import { measureDrain, measureGrowth } from './memory.ts';
import { measurePostgres } from './postgres.ts';
import type { Far, Run } from './rounds.ts';
import { measureRules } from './rules.ts';
import { measureStarts } from './start.ts';
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
  rules: {
    isQuick: false,
    async run(far, { rounds }) {
      const runs = await measureRules(far, { events: 15_000, rounds });
      const rate = (name: string): number => runs.get(name)?.eventsPerS ?? Number.NaN;
      return {
        ratios: {
          'rules-1000/rules-1': rate('rules 1000') / rate('rules 1'),
          'rules-10000/rules-1': rate('rules 10000') / rate('rules 1'),
        },
        figures: figuresOf(runs),
      };
    },
  },
  memory: {
    isQuick: false,
    async run(far) {
      const { koaMb, earlyMb, lateMb, eventsPerS } = await measureGrowth(far);
      const drain = await measureDrain(far);
      return {
        ratios: {
          'rss/koa': earlyMb / koaMb,
          'rss-300k/rss-100k': lateMb / earlyMb,
          'drain/end-to-end': drain.eventsPerS / eventsPerS,
          'drain-rss/300MB': drain.highestMb / 300,
        },
        figures: {
          memory: { 'koa MB': koaMb, 'to 100,000 MB': earlyMb, 'to 300,000 MB': lateMb, 'events/s': eventsPerS },
          drain: { 'events/s': drain.eventsPerS, 'highest MB': drain.highestMb, 'start to 2xx ms': drain.startMs },
        },
      };
    },
  },
  latency: {
    isQuick: false,
    async run(far, { rounds }) {
      const runs = await measurePaced(far, { seconds: 5, rounds });
      const p99 = (name: string): number => runs.get(name)?.endToEnd?.p99 ?? Number.NaN;
      return { ratios: { 'p99/no-store': p99('paced relay') / p99('paced no store') }, figures: figuresOf(runs) };
    },
  },
  dead: {
    isQuick: false,
    async run(far, { rounds }) {
      const runs = await measureDead(far, { seconds: 15, rounds });
      const p99 = (name: string): number => runs.get(name)?.endToEnd?.p99 ?? Number.NaN;
      return { ratios: { 'dead-p99/healthy-p99': p99('50 dead') / p99('no dead') }, figures: figuresOf(runs) };
    },
  },
  start: {
    isQuick: false,
    async run(far, { rounds }) {
      const { koaMs, relayMs } = await measureStarts(far, rounds);
      return {
        ratios: { 'start/koa': relayMs / koaMs },
        figures: { 'start to first 2xx': { 'koa ms': koaMs, 'relay ms': relayMs } },
      };
    },
  },
  mapping: {
    isQuick: false,
    async run() {
      const { compiledUs, interpretedUs, checkMs } = measureMapping();
      return {
        ratios: { 'mapping/1µs': compiledUs, 'check/200ms': checkMs / 200 },
        figures: { mapping: { µs: compiledUs, 'json-logic µs': interpretedUs, 'checking all ms': checkMs } },
      };
    },
  },
  postgres: {
    isQuick: false,
    async run(far, { rounds }) {
      const runs = await measurePostgres(far, { events: 15_000, rounds });
      const rate = (name: string): number => runs.get(name)?.eventsPerS ?? Number.NaN;
      return {
        ratios: {
          'postgres/sqlite': rate('postgres, one core') / rate('sqlite, one core'),
          'postgres-2-cores/sqlite-2-cores': rate('postgres, two cores') / rate('sqlite, two cores'),
        },
        figures: figuresOf(runs),
      };
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

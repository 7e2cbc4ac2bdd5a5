/** Every measurement by its name: what it finds, and the ratios that the goals ask for. */
import type { Far } from './drive.ts';
import { measureHung } from './hung.ts';
import { measureDead, measurePaced } from './latency.ts';
import { measureMapping } from './mapping.ts';
import { compareRates, compareRounds, compareTails, type Measured } from './measured.ts';
import { measureDrain, measureGrowth } from './memory.ts';
import { measurePostgres } from './postgres.ts';
import type { Turns } from './rounds.ts';
import { measureRules } from './rules.ts';
import { measureStarts } from './start.ts';
import { measureThroughput } from './throughput.ts';

export interface Extent {
  readonly isQuick: boolean;
  readonly turns: Turns;
}

export interface Measure {
  readonly isQuick: boolean;
  run(far: Far, extent: Extent): Promise<Measured>;
}

export const MEASURES: Readonly<Record<string, Measure>> = {
  throughput: {
    isQuick: true,
    async run(far, { isQuick, turns }) {
      const size = isQuick ? { events: 12_000, durationMs: 1000 } : { events: 50_000, durationMs: 4000 };
      return compareRates(await measureThroughput(far, { ...size, turns, isFull: !isQuick }), {
        'end-to-end/koa': ['relay', 'koa'],
        'end-to-end/no-store': ['relay', 'no store'],
        'end-to-end/node-red': ['relay', 'node-red'],
        'stored/koa': ['stored only', 'koa'],
      });
    },
  },
  hung: {
    isQuick: true,
    async run(far, { isQuick, turns }) {
      // two turns of one process differ by a tenth and more: many short rounds find a few per cent
      const size = isQuick ? { events: 8000, times: 2 } : { events: 12_000, times: 6 };
      const extent = { events: size.events, turns: { ...turns, rounds: size.times * turns.rounds } };
      return compareRounds(await measureHung(far, extent), { 'one-hung/none-hung': ['one hung', 'none hung'] });
    },
  },
  rules: {
    isQuick: false,
    async run(far, { turns }) {
      return compareRounds(await measureRules(far, { events: 5000, turns }), {
        'rules-1000/rules-1': ['rules 1000', 'rules 1'],
        'rules-10000/rules-1': ['rules 10000', 'rules 1'],
      });
    },
  },
  memory: {
    isQuick: false,
    async run(far, { turns }) {
      const { koaMb, earlyMb, lateMb, eventsPerS, cpuUs } = await measureGrowth(far);
      const drain = await measureDrain(far, turns.rounds);
      return {
        ratios: {
          'rss/koa': earlyMb / koaMb,
          'rss-300k/rss-100k': lateMb / earlyMb,
          'drain/end-to-end': drain.eventsPerS / drain.sustained.eventsPerS,
          'drain-rss/300MB': drain.highestMb / 300,
        },
        byCpu: { 'drain/end-to-end': drain.sustained.cpuUs / drain.cpuUs },
        figures: {
          memory: {
            ...{ 'koa MB': koaMb, 'to 100,000 MB': earlyMb, 'to 300,000 MB': lateMb },
            ...{ 'events/s': eventsPerS, 'CPU µs/event': cpuUs },
          },
          drain: {
            ...{ 'events/s': drain.eventsPerS, 'CPU µs/event': drain.cpuUs },
            ...{ 'highest MB': drain.highestMb, 'start to 2xx ms': drain.startMs },
            ...{ 'sustained events/s': drain.sustained.eventsPerS, 'sustained CPU µs/event': drain.sustained.cpuUs },
          },
        },
      };
    },
  },
  latency: {
    isQuick: false,
    async run(far, { turns }) {
      const runs = await measurePaced(far, { seconds: 10, turns });
      return compareTails(runs, { key: 'p99/no-store', pair: ['paced relay', 'paced no store'] });
    },
  },
  dead: {
    isQuick: false,
    async run(far, { turns }) {
      const runs = await measureDead(far, { seconds: 17, turns });
      return compareTails(runs, { key: 'dead-p99/healthy-p99', pair: ['50 dead', 'no dead'] });
    },
  },
  start: {
    isQuick: false,
    async run(far, { turns }) {
      const { koaMs, relayMs } = await measureStarts(far, turns.rounds);
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
    async run(far, { turns }) {
      return compareRates(await measurePostgres(far, { events: 15_000, turns }), {
        'postgres/sqlite': ['postgres, one core', 'sqlite, one core'],
        'postgres-2-cores/sqlite-2-cores': ['postgres, two cores', 'sqlite, two cores'],
        'postgres-2-relays/postgres-1-relay': ['two relays, two cores', 'postgres, two cores'],
      });
    },
  },
};

/** The benchmark itself: that its figures are what it says they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Generator, type Sink, startGenerator, startSink } from './bench/load/processes.ts';
import { drive, type Run } from './bench/measures/drive.ts';
import { measureHung } from './bench/measures/hung.ts';
import { compareRounds } from './bench/measures/measured.ts';
import { inRounds, meanRun } from './bench/measures/rounds.ts';
import { HUNG_PATH, manyRules, startRelay } from './bench/subjects/relay.ts';

function run(eventsPerS: number, cpuUs = 100): Run {
  return { eventsPerS, cpuUs, cores: 1, rssMb: 200, ack: { p50: 1, p99: 2, p999: 3 } };
}

describe('a ratio of two sides that share a process', () => {
  const pair = { 'with/without': ['with', 'without'] } as const;

  it('is the median of the rounds, each by itself, so that a slow minute hits both sides', () => {
    const rounds = new Map([
      ['with', [run(90), run(9), run(50)]],
      ['without', [run(100), run(10), run(100)]],
    ]);
    const { ratios, figures } = compareRounds(rounds, pair);
    expect(ratios['with/without']).toBeCloseTo(0.9);
    expect(figures['with ÷ without']).toEqual({ rounds: 3, least: 0.5, most: 0.9 });
  });

  it('is turned round for processor time, of which less is better', () => {
    const rounds = new Map([
      ['with', [run(1, 125)]],
      ['without', [run(1, 100)]],
    ]);
    expect(compareRounds(rounds, pair).byCpu).toEqual({ 'with/without': 0.8 });
  });

  it('is not measured where a side is missing', () => {
    expect(compareRounds(new Map([['with', [run(1)]]]), pair).ratios['with/without']).toBeNaN();
  });
});

it('lets what is peculiar to a process fall out of a mean in which each process has had both sides', () => {
  const [quick, slow] = [1.3, 0.7];
  const one = meanRun([run(90 * quick), run(90 * slow)]);
  const reference = meanRun([run(100 * slow), run(100 * quick)]);
  expect(one.eventsPerS / reference.eventsPerS).toBeCloseTo(0.9);
});

it('runs every second round backwards, after each has got warm', async () => {
  const ran: string[] = [];
  const contender = (name: string) => ({
    name,
    async run() {
      ran.push(name);
      return run(ran.length);
    },
    warmUps: [async () => void ran.push(`${name} warm`)],
  });
  let now = 0;
  const rounds = await inRounds([contender('a'), contender('b')], { rounds: 2, warmUpMs: 2 }, () => now++);
  expect(ran).toEqual(['a warm', 'b warm', 'a', 'b', 'b', 'a']);
  expect(rounds.get('a')?.map(({ eventsPerS }) => eventsPerS)).toEqual([3, 6]);
});

describe('with processes', () => {
  let generator: Generator;
  let sink: Sink;

  beforeAll(async () => {
    generator = startGenerator();
    sink = await startSink();
  });
  afterAll(() => {
    generator[Symbol.dispose]();
    sink[Symbol.dispose]();
  });

  const post = async (path: string): Promise<number> =>
    (await fetch(`${sink.url}${path}`, { method: 'POST', body: '_1_.mp4' })).status;

  it('leaves a path without an answer until it is released, and the others alone', async () => {
    await sink.forget();
    await sink.hang(HUNG_PATH);
    const hanging = [post(HUNG_PATH), post(HUNG_PATH)];
    await sink.received({ received: 2, under: HUNG_PATH });
    expect(await post('/ok/other')).toBe(200);
    expect(await sink.release()).toBe(2);
    expect(await Promise.all(hanging)).toEqual([200, 200]);
    expect(await post(HUNG_PATH)).toBe(200);
  });

  it('measures beside a target that hangs, which has all it has missed before the next turn', async () => {
    const rounds = await measureHung({ generator, sink }, { events: 600, turns: { rounds: 3, warmUpMs: 0 } });
    expect([...rounds.keys()]).toEqual(['none hung', 'one hung']);
    for (const runs of rounds.values()) {
      expect(runs).toHaveLength(3);
      for (const { eventsPerS } of runs) expect(eventsPerS).toBeGreaterThan(0);
    }
    // nothing has come a second time, and nothing is left to come
    await sink.received({ received: 600 });
    await expect(sink.received({ received: 601 }, 0)).rejects.toThrow('600 of 601');
  });

  it('refuses to call a target hung that has not hung to the end of a turn', async () => {
    const answering = { ...sink, hang: async () => undefined };
    const measured = measureHung({ generator, sink: answering }, { events: 600, turns: { rounds: 1, warmUpMs: 0 } });
    await expect(measured).rejects.toThrow('0 requests hung at the end of a turn, not 8');
  });

  it('waits until new rules are in force, and says where they are refused', async () => {
    await using relay = await startRelay({ yaml: manyRules(`${sink.url}/ok`, 1) });
    await relay.reload(manyRules(`${sink.url}/ok`, 2));
    const load = { events: 20, rooms: 2 };
    await drive({ far: { generator, sink }, subjects: [relay], load, wanted: { received: 20 } });
    await expect(relay.reload('rules: [{ to: nowhere }]\n')).rejects.toThrow('refuses its new configuration');
  });
});

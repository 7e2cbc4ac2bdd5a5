import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHistogram } from '../../src/admin/histogram.ts';
import { createTraffic, trafficKey } from '../../src/admin/traffic.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const lines = (...made: [rule: string, target: string][]) =>
  made.map(([rule, target]) => ({ rule, target, dead: null }));

describe('the traffic of the last hour', () => {
  it('counts an event once for each rule, and once for each of its targets', () => {
    const traffic = createTraffic(new ManualClock());
    traffic.accepted('bsr', lines(['r1', 'a'], ['r1', 'b'], ['r2', 'a']));
    const rate = traffic.rates();
    expect(rate(trafficKey.source('bsr'))).toBe(1);
    expect([rate(trafficKey.rule('r1')), rate(trafficKey.rule('r2'))]).toEqual([1, 1]);
    expect(rate(trafficKey.toRule('bsr', 'r1'))).toBe(1);
    expect([rate(trafficKey.toTarget('r1', 'a')), rate(trafficKey.toTarget('r1', 'b'))]).toEqual([1, 1]);
  });

  it('tells rates by the minute over the last five', async () => {
    const clock = new ManualClock();
    const traffic = createTraffic(clock);
    for (let second = 0; second < 600; second++) {
      traffic.accepted('bsr', []);
      await clock.advance(1000);
    }
    expect(traffic.rates()(trafficKey.source('bsr'))).toBeCloseTo(60, 0);
    await clock.advance(300_000);
    expect(traffic.rates()(trafficKey.source('bsr'))).toBe(0);
    expect(traffic.hour()(trafficKey.source('bsr'))).toBe(600);
    await clock.advance(3_600_000);
    expect(traffic.hour()(trafficKey.source('bsr'))).toBe(0);
    expect(traffic.lastEventAt('bsr')).toBe(Date.UTC(2026, 0, 1) + 599_000);
  });

  it('gives curves of ten seconds a step, an hour long at most', async () => {
    const clock = new ManualClock();
    const traffic = createTraffic(clock);
    traffic.refused('bsr');
    await clock.advance(10_000);
    traffic.accepted('bsr', []);
    traffic.settled({ rule: 'r', target: 'a', outcome: 'delivered', ageMs: 100 });
    traffic.attempted({ rule: 'r', target: 'a', outcome: 'retry' });
    traffic.settled({ rule: 'r', target: 'a', outcome: 'dead', ageMs: 100 });
    traffic.answered(4);
    const series = traffic.series();
    expect(series).toMatchObject({
      from: '2026-01-01T00:00:00.000Z',
      step_seconds: 10,
      ...{ accepted: [0, 1], refused: [1, 0], delivered: [0, 1], failed: [0, 1], dead: [0, 1] },
    });
    expect(series.latency_p50_ms[0]).toBeNull();
    expect(series.latency_p50_ms[1]).toBeCloseTo(100, -2);
    await clock.advance(7_200_000);
    const later = traffic.series();
    expect(later.accepted).toHaveLength(360);
    expect(Date.parse(later.from)).toBe(clock.now() - 3_590_000);
  });

  it('counts a delivery whose filter failed as dead on its rule and its target', () => {
    const traffic = createTraffic(new ManualClock());
    traffic.accepted('bsr', [{ rule: 'r', target: 'a', dead: { code: 'FILTER_FAILED' } }]);
    expect(traffic.rates()(trafficKey.ruleFailed('r'))).toBe(1);
    expect(traffic.hour()(trafficKey.dead('a'))).toBe(1);
  });
});

describe('a histogram of durations', () => {
  it('gives quantiles within a tenth and a millisecond', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 1), (all, part) => {
        const histogram = createHistogram();
        for (const ms of all) histogram.add(ms);
        const exact = all.toSorted((a, b) => a - b)[Math.ceil(part * all.length) - 1] as number;
        const found = histogram.quantile(part) as number;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.1 + 1);
      }),
    );
  });

  it('is silent about nothing', () => {
    expect(createHistogram().quantile(0.5)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { metricLabels } from '../../src/relay/metric-labels.ts';

describe('the label of a target', () => {
  const labels = metricLabels(
    () => ({}) as Plan,
    () => new Map([['vod', {}]]),
  );
  it.each([
    ['vod', 'vod'],
    ['subscriber:7', 'subscribers'],
    ['down', 'gone'],
  ])(
    '%s is %s: one word for subscribers that have left, one for targets that the configuration no longer has',
    (name, label) => {
      expect(labels.target(name)).toBe(label);
    },
  );
});

import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { beginCounts } from '../../src/observe/begin-counts.ts';
import { createHappenings } from '../../src/observe/happenings.ts';
import { silentLog } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';

const metrics = createMetrics();
const names = new Set(
  metrics.registry.getMetricsAsArray().flatMap(({ name }) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
);

/** The names of metrics in a query: words with an underscore that a brace, a bracket or an operator follows. */
function metricsIn(query: string): string[] {
  return [...query.matchAll(/\b((?:dragoman|nodejs|process)_\w+)/g)].map(([, name]) => name as string);
}

describe('the shipped pages of Grafana and rules of Prometheus', () => {
  const dashboard = JSON.parse(readFileSync('config/grafana-dashboard.json', 'utf8'));
  const alerts = parse(readFileSync('config/alerts.yaml', 'utf8'));
  const queries: string[] = [
    ...dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr)),
    ...alerts.groups.flatMap(({ rules }: { rules: { expr: string }[] }) => rules.map(({ expr }) => expr)),
  ];

  it('ask for metrics that the relay has', () => {
    expect(queries.length).toBeGreaterThan(25);
    expect(queries.flatMap(metricsIn).filter((name) => !names.has(name))).toEqual([]);
    expect(queries.filter((query) => metricsIn(query).length === 0)).toEqual(['up{job="dragoman"} == 0']);
  });

  it('say of every alert what it is about', () => {
    for (const { alert, labels, annotations } of alerts.groups[0].rules) {
      expect([alert, labels.severity]).toEqual([
        expect.stringMatching(/^Dragoman/),
        expect.stringMatching(/^(page|warn)$/),
      ]);
      expect(annotations.summary).toMatch(/\w/);
    }
  });
});

describe('a rule of Prometheus', () => {
  const { rules } = parse(readFileSync('config/alerts.yaml', 'utf8')).groups[0] as {
    rules: { alert: string; expr: string }[];
  };
  const exprOf = (name: string): string => rules.find(({ alert }) => alert === name)?.expr ?? '';

  it('sees the first increase of each counter that it watches', async () => {
    const own = createMetrics();
    beginCounts(own, { sources: ['bsr'], targets: ['vod'] });
    const lines = (await own.registry.metrics()).split('\n');
    const watched = rules.flatMap(({ expr }) => [...expr.matchAll(/increase\((\w+)\{(\w+="\w+")\}/g)]);
    expect(watched).toHaveLength(3);
    for (const [, name, label = ''] of watched)
      expect(
        lines.filter((line) => line.startsWith(`${name}{`) && line.includes(label) && line.endsWith('} 0')),
      ).toHaveLength(1);
    own.reloads.inc({ result: 'rejected' });
    beginCounts(own, { sources: ['bsr'], targets: ['vod'] });
    expect(await own.registry.metrics()).toContain('dragoman_config_reloads_total{result="rejected"} 1');
  });

  it.each([
    [0, 5, true],
    [100, 26, true],
    [100, 24, false],
    [100, 0, false],
    [0, 0, false],
  ])('of many refusals, with %i taken and %i refused: %s', (taken, refused, expected) => {
    const numbers = { dragoman_events_received_total: taken, dragoman_requests_rejected_total: refused };
    const sum = /sum by \(source\) \(rate\((\w+)(?:\{source!=""\})?\[15m\]\)\)/g;
    expect(runInNewContext(exprOf('DragomanManyRefused').replaceAll(sum, '$1'), numbers)).toBe(expected);
  });
});

describe('labels', () => {
  it('do not grow with what comes in', async () => {
    const own = createMetrics();
    const happenings = createHappenings({
      log: silentLog,
      metrics: own,
      labels: {
        type: ({ type }) => (type === 'order' ? type : 'other'),
        target: (name) => (name.startsWith('sub') ? 'subscribers' : name),
      },
    });
    for (let n = 0; n < 1000; n++) {
      happenings.eventAccepted({ id: `evt_${n}`, source: 'shop', type: `type-${n}` }, 1);
      happenings.eventDuplicate({ id: `evt_${n}`, source: 'shop', type: `type-${n}` });
      const facts = {
        delivery: `dlv_${n}_1`,
        rule: 'r',
        target: `sub-${n}`,
        outcome: 'delivered',
        code: '',
        message: '',
      };
      happenings.deliveryAttempted({ ...facts, attempt: 1, status: 200, durationMs: 1 });
      happenings.deliverySettled({ ...facts, ageMs: 1 });
    }
    happenings.eventAccepted({ id: 'evt_x', source: 'shop', type: 'order' }, 1);
    const text = await own.registry.metrics();
    expect(text).toContain('dragoman_events_accepted_total{source="shop",type="other"} 1000');
    expect(text).toContain('dragoman_events_accepted_total{source="shop",type="order"} 1');
    expect(text).toContain('dragoman_attempts_total{target="subscribers",result="delivered"} 1000');
    expect(text.split('\n').filter((line) => line.startsWith('dragoman_')).length).toBeLessThan(150);
  });
});

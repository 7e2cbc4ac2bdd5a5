import { describe, expect, it } from 'vitest';
import { connectedTo, drawLinks, type Link } from '../../src/admin/dashboard/pages/overview/flow-geometry.ts';

const links: readonly Link[] = [
  { from: 'source/a', to: 'rule/r', events: 100, failed: 0 },
  { from: 'source/b', to: 'rule/s', events: 1, failed: 0 },
  { from: 'rule/r', to: 'target/x', events: 100, failed: 3 },
  { from: 'rule/s', to: 'target/x', events: 0, failed: 0 },
];
const places = ['source/a', 'source/b', 'rule/r', 'rule/s', 'target/x'];
const anchors = new Map(places.map((key, n) => [key, { left: { x: n * 10, y: n }, right: { x: n * 10 + 5, y: n } }]));

describe('the lines of the flow', () => {
  it('are red where something fails, grey where nothing comes', () => {
    expect(drawLinks(links, anchors).map(({ tone }) => tone)).toEqual(['flowing', 'flowing', 'failing', 'idle']);
  });

  it('are thicker with more traffic, and a thin one is still seen', () => {
    const [most, least] = drawLinks(links, anchors).map(({ width }) => width);
    expect(most).toBe(11);
    expect(least).toBeGreaterThan(2);
    expect(least).toBeLessThan(3);
  });

  it('run from the right side of one place to the left side of the next', () => {
    expect(drawLinks(links, anchors)[0]?.path).toMatch(/^M5 0C.* 20 2$/);
  });

  it('are left out where one of their ends is not on the page', () => {
    expect(drawLinks([{ from: 'source/a', to: 'rule/gone', events: 1, failed: 0 }], anchors)).toEqual([]);
  });

  it.each([
    ['source/a', ['source/a', 'rule/r', 'target/x']],
    ['rule/s', ['rule/s', 'target/x', 'source/b']],
    ['target/x', ['target/x', 'rule/r', 'source/a', 'rule/s', 'source/b']],
  ])('that belong to %s lead through rules to both sides', (place, wanted) => {
    expect(connectedTo(place, links)).toEqual(new Set(wanted));
  });
});

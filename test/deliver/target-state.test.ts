import { describe, expect, it } from 'vitest';
import { createTargetStates, type TargetState } from '../../src/deliver/target-state.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';

function setUp() {
  const clock = new ManualClock();
  const shared = new MemoryShared();
  return { clock, shared, relay: () => createTargetStates({ shared, clock }) };
}

describe('what is known of targets', () => {
  it('is nothing bad at first', () => {
    const states = setUp().relay();
    expect(states.of('t')).toEqual({
      paused: false,
      pausedUntil: null,
      stopped: null,
      breaker: null,
      pauseEnds: 0,
      breakerEnds: 0,
    });
    expect(states.isLoaded()).toBe(false);
  });

  it('holds at once here, and after a refresh at the other relays', async () => {
    const { relay } = setUp();
    const [one, two] = [relay(), relay()];
    const written = one.change('t', (state) => ({ ...state, paused: true }));
    expect(one.of('t').paused).toBe(true);
    await written;
    expect(two.of('t').paused).toBe(false);
    await two.refresh();
    expect(two.of('t').paused).toBe(true);
    expect(two.isLoaded()).toBe(true);
  });

  it('is what was said last where two relays speak of one thing', async () => {
    const { relay } = setUp();
    const [one, two] = [relay(), relay()];
    await one.change('t', (state) => ({ ...state, breaker: { openings: 1, until: 5 } }));
    await two.change('t', (state) => ({ ...state, breaker: null }));
    expect(two.of('t').breaker).toBeNull();
    await one.refresh();
    expect(one.of('t').breaker).toBeNull();
  });

  const hour = Date.UTC(2026, 0, 1, 1);
  const said: Readonly<Record<string, Partial<TargetState>>> = {
    'paused by an operator': { paused: true },
    'paused for an hour': { pausedUntil: hour },
    'stopped by a 410': { stopped: { reason: { code: 'HTTP_410', message: 'gone' }, url: 'abc' } },
    'behind an open breaker': { breaker: { openings: 1, until: hour } },
  };
  const names = Object.keys(said);
  const pairs = names.flatMap((first) =>
    names.filter((one) => one !== first).map((second) => [first, second] as const),
  );

  it.each(pairs)('is %s and %s where two relays say so before they hear of each other', async (first, second) => {
    const { relay } = setUp();
    const [one, two] = [relay(), relay()];
    await Promise.all([one.refresh(), two.refresh()]);
    await one.change('t', (state) => ({ ...state, ...said[first] }));
    await two.change('t', (state) => ({ ...state, ...said[second] }));
    const both = { ...said[first], ...said[second] };
    expect(two.of('t')).toMatchObject(both);
    const restarted = relay();
    for (const states of [one, restarted]) {
      await states.refresh();
      expect(states.of('t')).toMatchObject(both);
    }
  });

  it('is all that two relays say at the same moment', async () => {
    const { relay } = setUp();
    const [one, two] = [relay(), relay()];
    const changes = Object.values(said).map((what) => (state: TargetState) => ({ ...state, ...what }));
    await Promise.all(changes.map((change, index) => (index === 0 ? one : two).change('t', change)));
    for (const states of [one, two]) {
      await states.refresh();
      expect(states.of('t')).toMatchObject(Object.assign({}, ...Object.values(said)));
    }
  });

  it('is no older than what was written while the store was asked', async () => {
    const { relay, shared } = setUp();
    const states = relay();
    await states.change('t', (state) => ({ ...state, breaker: { openings: 1, until: 5 } }));
    const rows = await shared.list('');
    const { promise, resolve } = Promise.withResolvers<typeof rows>();
    const { list } = shared;
    shared.list = () => promise;
    const refreshed = states.refresh();
    await states.change('t', (state) => ({ ...state, paused: true }));
    await states.change('new', (state) => ({ ...state, paused: true }));
    resolve(rows);
    await refreshed;
    expect([states.of('t').paused, states.of('new').paused]).toEqual([true, true]);
    shared.list = list;
    await states.refresh();
    expect([states.of('t').paused, states.of('new').paused]).toEqual([true, true]);
  });

  it('is nothing any more, for any relay, once a target has gone for good', async () => {
    const { relay, shared } = setUp();
    const [one, two] = [relay(), relay()];
    await one.change('t', (state) => ({ ...state, paused: true }));
    await one.change('t', (state) => ({ ...state, breaker: { openings: 1, until: 5 } }));
    await two.refresh();
    await one.forget('t');
    await one.forget('t');
    expect(shared.rows.size).toBe(0);
    for (const states of [one, two]) {
      await states.refresh();
      expect(states.of('t')).toMatchObject({ paused: false, breaker: null });
    }
    await two.change('t', (state) => ({ ...state, paused: true }));
    await one.refresh();
    expect(one.of('t')).toMatchObject({ paused: true, breaker: null });
  });

  it('is written later where the store is away', async () => {
    const { relay, shared } = setUp();
    const [one, two] = [relay(), relay()];
    shared.isAway = true;
    await one.change('t', (state) => ({ ...state, paused: true }));
    await expect(one.refresh()).rejects.toThrow();
    expect(one.of('t').paused).toBe(true);
    shared.isAway = false;
    await two.change('t', (state) => ({ ...state, breaker: { openings: 1, until: 5 } }));
    await one.refresh();
    await two.refresh();
    for (const states of [one, two]) expect(states.of('t')).toMatchObject({ paused: true, breaker: { openings: 1 } });
  });

  it('keeps the end of a pause where the wall clock jumps', async () => {
    const { relay, clock } = setUp();
    const states = relay();
    await states.change('t', (state) => ({ ...state, pausedUntil: clock.now() + 60_000 }));
    clock.jump(-86_400_000);
    await states.refresh();
    expect(states.of('t').pauseEnds).toBe(clock.monotonic() + 60_000);
  });

  it('keeps the end of a pause where the wall clock jumps and something else changes', async () => {
    const { relay, clock } = setUp();
    const [one, two] = [relay(), relay()];
    const pausedUntil = clock.now() + 60_000;
    await one.change('t', (state) => ({ ...state, pausedUntil }));
    await two.refresh();
    clock.jump(-86_400_000);
    await one.change('t', (state) => ({ ...state, paused: true }));
    await two.refresh();
    for (const states of [one, two]) expect(states.of('t').pauseEnds).toBe(clock.monotonic() + 60_000);
  });

  it('keeps the end of a pause where the wall clock jumps before it is written', async () => {
    const { relay, shared, clock } = setUp();
    const states = relay();
    const pausedUntil = clock.now() + 60_000;
    shared.isAway = true;
    await states.change('t', (state) => ({ ...state, pausedUntil }));
    clock.jump(-86_400_000);
    shared.isAway = false;
    await states.refresh();
    expect(shared.rows.size).toBe(1);
    expect(states.of('t').pauseEnds).toBe(clock.monotonic() + 60_000);
  });

  it.each([3_600_000, -3_600_000])('ends at the same moment on a relay whose clock is off by %i ms', async (offMs) => {
    const { relay, shared, clock } = setUp();
    const off = new ManualClock(clock.now() + offMs);
    const [right, wrong] = [relay(), createTargetStates({ shared, clock: off, offsetMs: () => -offMs })];
    const pauseOf = (now: number) => ({ pausedUntil: now + 60_000, breaker: { openings: 1, until: now + 5000 } });
    const ends = { pauseEnds: 60_000, breakerEnds: 5000 };
    await wrong.change('t', (state) => ({ ...state, ...pauseOf(off.now()) }));
    await right.refresh();
    expect(right.of('t')).toMatchObject({ ...pauseOf(clock.now()), ...ends });
    expect(wrong.of('t')).toMatchObject({ ...pauseOf(off.now()), ...ends });
    await right.change('u', (state) => ({ ...state, ...pauseOf(clock.now()) }));
    await wrong.refresh();
    expect(wrong.of('u')).toMatchObject({ ...pauseOf(off.now()), ...ends });
    await wrong.change('u', (state) => ({ ...state, paused: true }));
    await right.refresh();
    expect(right.of('u')).toMatchObject({ ...pauseOf(clock.now()), ...ends, paused: true });
  });

  it('makes no pause longer than a day of what a relay with a wrong clock has written', async () => {
    const { relay, clock } = setUp();
    const [one, two] = [relay(), relay()];
    await one.change('t', (state) => ({ ...state, pausedUntil: clock.now() + 400 * 86_400_000 }));
    await two.refresh();
    expect(two.of('t').pauseEnds).toBe(clock.monotonic() + 86_400_000);
  });

  it.each(['', 'no json', '{"paused":1', 'null', '[]', '{}'])(
    'takes the unreadable text %j for a healthy target',
    async (value) => {
      const { relay, shared } = setUp();
      shared.rows.set('target/t', { key: 'target/t', value, version: 1 });
      const states = relay();
      await states.refresh();
      expect(states.of('t')).toMatchObject({ paused: false, stopped: null, breaker: null });
    },
  );
});

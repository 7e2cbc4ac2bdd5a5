import { describe, expect, it } from 'vitest';
import { createTargetStates } from '../../src/deliver/target-state.ts';
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

  it('is what was said last where two relays speak', async () => {
    const { relay, shared } = setUp();
    const [one, two] = [relay(), relay()];
    await one.change('t', (state) => ({ ...state, paused: true }));
    await two.change('t', (state) => ({ ...state, breaker: { openings: 1, until: 5 } }));
    await one.refresh();
    expect(one.of('t').breaker).toEqual(two.of('t').breaker);
    expect(shared.rows.get('target/t')?.version).toBe(2);
  });

  it('is written later where the store is away', async () => {
    const { relay, shared } = setUp();
    const [one, two] = [relay(), relay()];
    shared.isAway = true;
    await one.change('t', (state) => ({ ...state, paused: true }));
    await expect(one.refresh()).rejects.toThrow();
    expect(one.of('t').paused).toBe(true);
    shared.isAway = false;
    await one.refresh();
    await two.refresh();
    expect(two.of('t').paused).toBe(true);
  });

  it('keeps the end of a pause where the wall clock jumps', async () => {
    const { relay, clock } = setUp();
    const states = relay();
    await states.change('t', (state) => ({ ...state, pausedUntil: clock.now() + 60_000 }));
    clock.jump(-86_400_000);
    await states.refresh();
    expect(states.of('t').pauseEnds).toBe(clock.monotonic() + 60_000);
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

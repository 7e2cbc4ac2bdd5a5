import { describe, expect, it } from 'vitest';
import type { TailDelivery, TailEvent } from '../../src/admin/api-schema.ts';
import { createMask } from '../../src/admin/mask.ts';
import { createTail, type TailReader } from '../../src/admin/tail.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const EVENT: TailEvent = {
  ...{ id: 'evt_1', source: 'bsr', format: 'bsr', type: 'clip.generated', state: 'accepted', deliveries: [] },
  ...{ time: '2026-01-01T00:00:00.000Z', received_at: '2026-01-01T00:00:00.000Z' },
};
const DELIVERY: TailDelivery = {
  ...{ id: 'dlv_1_1', event_id: 'evt_1', target: 'vod', outcome: 'delivered', reason: null, age_ms: 5 },
  at: '2026-01-01T00:00:00.000Z',
};

/** A reader whose stream is as slow as the test wants. */
function reader(wants: TailReader['wants'] = () => true) {
  const written: string[] = [];
  const listeners: (() => void)[] = [];
  const state = { unsent: 0, ended: false };
  const stream = {
    get writableLength() {
      return state.unsent;
    },
    write: (text: string) => written.push(text),
    end: () => {
      state.ended = true;
    },
    once: (_: 'close', listener: () => void) => listeners.push(listener),
  };
  return { stream, wants, written, state, close: () => listeners.forEach((listener) => void listener()) };
}

function tail() {
  const clock = new ManualClock();
  return { clock, tail: createTail({ clock, mask: createMask(() => ['s3cret']) }) };
}

describe('the live tail', () => {
  it('is watched only while someone reads', () => {
    const { tail: live, clock } = tail();
    const one = reader();
    expect(live.isWatched()).toBe(false);
    live.attach(one);
    expect(live.isWatched()).toBe(true);
    one.close();
    expect(live.isWatched()).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('tells each reader what it wants to know, without secrets', () => {
    const { tail: live } = tail();
    const all = reader();
    const picky = reader(({ source, target }) => source === 'sigma' || target === 'vod');
    live.attach(all);
    live.attach(picky);
    live.accepted({ ...EVENT, type: 'a s3cret' });
    live.settled(DELIVERY);
    expect(all.written.slice(1).map((text) => text.split('\n')[0])).toEqual(['event: accepted', 'event: settled']);
    expect(all.written[1]).toContain('a ***');
    expect(picky.written.slice(1).map((text) => text.split('\n')[0])).toEqual(['event: settled']);
    expect(JSON.parse(all.written[2]?.split('\n')[1]?.replace('data: ', '') ?? '')).toEqual(DELIVERY);
  });

  it('does not pile up what a slow reader has not taken, and tells it how much it missed', () => {
    const { tail: live } = tail();
    const slow = reader();
    live.attach(slow);
    slow.state.unsent = 300_000;
    for (let n = 0; n < 7; n++) live.accepted(EVENT);
    expect(slow.written).toHaveLength(1);
    slow.state.unsent = 0;
    live.accepted(EVENT);
    expect(slow.written.slice(1)).toEqual(['event: missed\ndata: {"missed":7}\n\n', expect.stringContaining('evt_1')]);
  });

  it('shows by a heartbeat that it is there', async () => {
    const { tail: live, clock } = tail();
    const one = reader();
    live.attach(one);
    await clock.advance(45_000);
    expect(one.written.slice(1)).toEqual(Array.from({ length: 3 }, () => ': still here\n\n'));
  });

  it('takes so many readers and no more, and lets all of them go at the end', () => {
    const { tail: live, clock } = tail();
    const readers = Array.from({ length: 33 }, () => reader());
    expect(readers.map((one) => live.attach(one)).filter((taken) => taken)).toHaveLength(32);
    live.close();
    expect(readers.filter(({ state }) => state.ended)).toHaveLength(32);
    expect([live.isWatched(), clock.pending]).toEqual([false, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { createBegunThings } from '../../src/alarms/begun-things.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';

const MINUTE = 60_000;
const MOST = 10_000;

function rig() {
  const clock = new ManualClock();
  const shared = new MemoryShared();
  const relay = () => createBegunThings({ shared, clock });
  return { clock, shared, relay, one: relay(), other: relay() };
}

describe('what has begun and not ended', () => {
  it('is known before it is written, and nothing of it is lost while the store is away', async () => {
    const { shared, one, other } = rig();
    shared.isAway = true;
    one.began('endless', 'a', 1);
    one.began('endless', 'b', 2);
    await expect(one.sync()).rejects.toThrow('away');
    one.ended('endless', 'b', 3);
    expect(one.of('endless')).toEqual([{ value: 'a', at: 1 }]);
    shared.isAway = false;
    await one.sync();
    await other.sync();
    expect(other.of('endless')).toEqual([{ value: 'a', at: 1 }]);
    expect(other.of('another')).toEqual([]);
  });

  it('ends also where the end comes while its start is being written', async () => {
    const { clock, shared, relay } = rig();
    const one = createBegunThings({
      clock,
      shared: {
        list: (prefix) => shared.list(prefix),
        put(key, value, version) {
          one.ended('endless', 'a', 4);
          return shared.put(key, value, version);
        },
      },
    });
    one.began('endless', 'a', 1);
    await one.sync();
    const next = relay();
    await next.sync();
    expect(next.of('endless')).toEqual([]);
  });

  it('can end also where there is no room for more news', async () => {
    const { one } = rig();
    for (let n = 0; n <= MOST; n++) one.began('endless', String(n), 1);
    one.ended('endless', '0', 4);
    expect(one.of('endless')).toHaveLength(MOST - 1);
  });

  it('comes together where two relays write at the same moment', async () => {
    const { one, other } = rig();
    one.began('endless', 'a', 1);
    other.ended('endless', 'a', 4);
    one.ended('endless', 'b', 20);
    other.began('endless', 'b', 1);
    other.began('endless', 'b', 25);
    await Promise.all([one.sync(), other.sync()]);
    await Promise.all([one.sync(), other.sync()]);
    for (const relay of [one, other]) expect(relay.of('endless')).toEqual([{ value: 'b', at: 25 }]);
  });

  it('is written once more by the relay that another one forestalled, within the same look', async () => {
    const { relay, one, other } = rig();
    one.began('endless', 'a', 1);
    other.ended('endless', 'a', 4);
    await Promise.all([one.sync(), other.sync()]);
    const next = relay();
    await next.sync();
    expect(next.of('endless')).toEqual([]);
  });

  it('is no start that comes up to an hour after its end', async () => {
    const { clock, shared, one, other } = rig();
    one.ended('endless', 'a', 4);
    await one.sync();
    await clock.advance(60 * MINUTE);
    await one.sync();
    other.began('endless', 'a', 1);
    await other.sync();
    expect(other.of('endless')).toEqual([]);
    await clock.advance(61 * MINUTE);
    await other.sync();
    expect([...shared.rows.keys()]).toEqual([]);
  });

  it('is never more than anyone could work through, and neither is what has ended', async () => {
    const { shared, one, other, clock } = rig();
    for (const relay of [one, other]) {
      for (let n = 0; n <= MOST; n++) relay.ended('endless', `${relay === one}${n}`, n);
      await relay.sync();
      await clock.advance(MINUTE);
    }
    expect(shared.rows.size).toBe(MOST);
    for (const relay of [one, other]) {
      for (let n = 0; n <= MOST; n++) relay.began('endless', `again ${relay === one}${n}`, n);
      await relay.sync();
    }
    expect(other.of('endless')).toHaveLength(MOST);
    expect(shared.rows.size).toBe(2 * MOST);
    other.ended('endless', 'again true0', 1);
    await other.sync();
    expect(other.of('endless')).toHaveLength(MOST - 1);
  });

  it('is forgotten with its alarm', async () => {
    const { shared, one } = rig();
    one.began('endless', 'a', 1);
    one.ended('endless', 'b', 1);
    await one.sync();
    await one.keepOnly(new Set());
    expect(one.of('endless')).toEqual([]);
    expect([...shared.rows.keys()]).toEqual([]);
  });
});

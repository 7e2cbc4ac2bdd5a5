import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmPorts } from '../../src/alarms/alarm-ports.ts';
import { createAlarms } from '../../src/alarms/alarms.ts';
import type { EventScope } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type MemoryShared, memoryShared } from '../admin/memory-shared.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface RigOptions {
  readonly alarms: readonly Alarm[];
  readonly clock?: ManualClock;
  readonly shared?: MemoryShared;
}

/** Alarms with a clock that is moved by hand, and an inbox that keeps what they say, each event once. */
function rig({ alarms: configured, clock = new ManualClock(), shared = memoryShared() }: RigOptions) {
  const said: JsonObject[] = [];
  const state = { dead: 0, open: [] as string[], alarms: configured, canSave: true };
  const ports: AlarmPorts = {
    clock,
    alarms: () => state.alarms,
    deadLetters: async (_, most) => Math.min(most, state.dead),
    openBreakers: () => state.open,
    async receive(event) {
      if (!state.canSave) return false;
      said.push(event);
      return true;
    },
    shared,
    failed: (_, error) => {
      if (!shared.isAway) throw error;
    },
  };
  const alarms = createAlarms(ports);
  alarms.start();
  let events = 0;
  const arrive = (type: string, data: JsonObject = {}, source = 'bsr'): void => {
    const id = `evt_${++events}`;
    const time = new Date(clock.now()).toISOString();
    alarms.stored(source, { event: { id, type, source, time }, data } as unknown as EventScope);
  };
  return { alarms, clock, shared, said, state, arrive, types: () => said.map(({ type }) => type) };
}

const silent = (forMs: number | 'usual', more: Partial<Alarm> = {}): Alarm =>
  ({ name: 'silence', kind: 'silent', sources: ['bsr'], forMs, repeatMs: null, ...more }) as Alarm;
const unfinished: Alarm = {
  ...{ name: 'endless', kind: 'unfinished', source: 'bsr', started: 'record.started', ended: 'record.ended' },
  ...{ same: ['data', 'live_id'], withinMs: HOUR, repeatMs: null },
};

describe('a source that falls silent', () => {
  it('is said once, as an event that tells what, since when and why, and once more when it is over', async () => {
    const { clock, said, arrive, types, alarms } = rig({ alarms: [silent(30 * MINUTE)] });
    await clock.advance(MINUTE);
    arrive('clip.generated');
    await clock.advance(30 * MINUTE);
    expect(said).toEqual([]);
    await clock.advance(2 * HOUR);
    expect(said).toEqual([
      {
        type: 'alarm.silent',
        id: `silence|bsr|${Date.UTC(2026, 0, 1, 0, 1)}|1`,
        time: expect.stringMatching(/^2026-01-01T00:31/),
        alarm: 'silence',
        condition: 'silent',
        about: 'bsr',
        since: '2026-01-01T00:01:00.000Z',
        message: 'source bsr has sent nothing for longer than 30m',
        times: 1,
      },
    ]);
    expect(alarms.active()).toMatchObject([{ name: 'silence', about: 'bsr' }]);
    arrive('clip.generated');
    await clock.advance(10_000);
    expect(types()).toEqual(['alarm.silent', 'alarm.resolved']);
    expect(alarms.active()).toEqual([]);
  });

  it('is said again while it lasts where the alarm repeats', async () => {
    const { clock, said } = rig({ alarms: [silent(30 * MINUTE, { repeatMs: HOUR })] });
    await clock.advance(4 * HOUR);
    expect(said.map(({ type, times }) => [type, times])).toEqual([
      ['alarm.silent', 1],
      ['alarm.silent', 2],
      ['alarm.silent', 3],
      ['alarm.silent', 4],
    ]);
    expect(new Set(said.map(({ id }) => id)).size).toBe(4);
  });

  it('is measured by its own past: a pause like those of its nights is usual, a longer one is not', async () => {
    const { clock, types, arrive } = rig({ alarms: [silent('usual')] });
    await clock.advance(10_000);
    for (let day = 0; day < 4; day++) {
      for (let n = 0; n < 14; n++) {
        arrive('clip.generated');
        await clock.advance(HOUR);
      }
      await clock.advance(10 * HOUR);
    }
    arrive('clip.generated');
    expect(types()).toEqual([]);
    await clock.advance(15 * HOUR);
    expect(types()).toEqual([]);
    await clock.advance(3 * HOUR);
    expect(types()).toEqual(['alarm.silent']);
  }, 60_000);

  it('gets its time to be heard again after our own absence', async () => {
    const clock = new ManualClock();
    const shared = memoryShared();
    const before = rig({ alarms: [silent(30 * MINUTE)], clock, shared });
    await clock.advance(10_000);
    before.arrive('clip.generated');
    await before.alarms.stop();
    clock.jump(5 * HOUR);
    const after = rig({ alarms: [silent(30 * MINUTE)], clock, shared });
    await clock.advance(MINUTE);
    after.arrive('clip.generated');
    await clock.advance(20 * MINUTE);
    expect(after.types()).toEqual([]);
    await clock.advance(20 * MINUTE);
    expect(after.types()).toEqual(['alarm.silent']);
  });
});

describe('something that begins and does not end', () => {
  it('is said for each value that two events should have had in common', async () => {
    const { clock, said, arrive } = rig({ alarms: [unfinished] });
    arrive('record.started', { live_id: 'a' });
    arrive('record.started', { live_id: 'b' });
    arrive('record.started', { live_id: 'c' }, 'another source');
    arrive('record.started', {});
    await clock.advance(30 * MINUTE);
    arrive('record.ended', { live_id: 'a' });
    await clock.advance(HOUR);
    expect(said.map(({ type, about }) => [type, about])).toEqual([['alarm.unfinished', 'b']]);
    arrive('record.ended', { live_id: 'b' });
    await clock.advance(10_000);
    expect(said.at(-1)).toMatchObject({ type: 'alarm.resolved', about: 'b' });
  });

  it('is not said where the end overtook the start', async () => {
    const { clock, said, alarms } = rig({ alarms: [unfinished] });
    const at = (id: string, type: string, time: string): void => {
      const event = { id, type, source: 'bsr', time };
      alarms.stored('bsr', { event, data: { live_id: 'a' } } as unknown as EventScope);
    };
    at('evt_2', 'record.ended', '2026-01-01T00:00:20.000Z');
    await clock.advance(30_000);
    at('evt_1', 'record.started', '2026-01-01T00:00:00.000Z');
    await clock.advance(2 * HOUR);
    expect(said).toEqual([]);
  });

  it('is remembered across a restart and ended by another relay', async () => {
    const clock = new ManualClock();
    const shared = memoryShared();
    const first = rig({ alarms: [unfinished], clock, shared });
    first.arrive('record.started', { live_id: 'a' });
    first.arrive('record.started', { live_id: 'b' });
    await first.alarms.stop();
    const second = rig({ alarms: [unfinished], clock, shared });
    await clock.advance(10_000);
    second.arrive('record.ended', { live_id: 'a' });
    await clock.advance(2 * HOUR);
    expect(second.said.map(({ about }) => about)).toEqual(['b']);
  });
});

describe('dead letters and open breakers', () => {
  it('above a number are said until there are fewer', async () => {
    const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 10, targets: null, repeatMs: null };
    const { clock, state, said, types } = rig({ alarms: [alarm] });
    state.dead = 10;
    await clock.advance(MINUTE);
    expect(said).toEqual([]);
    state.dead = 11;
    await clock.advance(MINUTE);
    expect(said).toMatchObject([
      { type: 'alarm.dead_letters', about: 'all targets', message: 'there are more than 10 dead letters' },
    ]);
    state.dead = 0;
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.dead_letters', 'alarm.resolved']);
  });

  it('for longer than a time are said for each target', async () => {
    const alarm: Alarm = { name: 'down', kind: 'breaker-open', targets: null, forMs: 10 * MINUTE, repeatMs: null };
    const { clock, state, said, types } = rig({ alarms: [alarm] });
    state.open = ['a', 'b'];
    await clock.advance(9 * MINUTE);
    state.open = ['a'];
    await clock.advance(5 * MINUTE);
    expect(said).toMatchObject([{ type: 'alarm.breaker_open', about: 'a' }]);
    state.open = [];
    await clock.advance(10_000);
    expect(types()).toEqual(['alarm.breaker_open', 'alarm.resolved']);
  });
});

describe('several relays, and a store that goes away', () => {
  const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 0, targets: null, repeatMs: HOUR };

  it('say one thing under one id, so that the inbox takes it once', async () => {
    const clock = new ManualClock();
    const shared = memoryShared();
    const relays = [rig({ alarms: [alarm], clock, shared }), rig({ alarms: [alarm], clock, shared })];
    for (const relay of relays) relay.state.dead = 1;
    await clock.advance(2 * HOUR + MINUTE);
    const ids = new Set(relays.flatMap(({ said }) => said.map(({ id }) => id)));
    expect(ids.size).toBe(3);
  });

  it('is said as soon as it can be saved', async () => {
    const { clock, state, shared, types } = rig({ alarms: [alarm] });
    state.dead = 1;
    state.canSave = false;
    await clock.advance(MINUTE);
    state.canSave = true;
    shared.isAway = true;
    await clock.advance(MINUTE);
    expect(types()).toEqual([]);
    shared.isAway = false;
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.dead_letters']);
  });

  it('is forgotten without a word when the configuration has it no more', async () => {
    const { clock, state, shared, types, alarms } = rig({ alarms: [alarm, unfinished] });
    state.dead = 1;
    await clock.advance(MINUTE);
    state.alarms = [];
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.dead_letters']);
    expect(alarms.active()).toEqual([]);
    expect([...shared.rows.keys()].filter((key) => key.startsWith('alarm-on/'))).toEqual([]);
  });
});

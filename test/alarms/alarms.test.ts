import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmPorts, FailingTarget } from '../../src/alarms/alarm-ports.ts';
import { createAlarms } from '../../src/alarms/alarms.ts';
import type { EventScope } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface RigOptions {
  readonly alarms: readonly Alarm[];
  readonly clock?: ManualClock;
  readonly shared?: MemoryShared;
}

/** Alarms with a clock that is moved by hand, and an inbox that keeps what they say, each event once. */
function rig({ alarms: configured, clock = new ManualClock(), shared = new MemoryShared() }: RigOptions) {
  const said: JsonObject[] = [];
  const failures: string[] = [];
  const state = {
    dead: {} as Record<string, number>,
    failing: [] as FailingTarget[],
    alarms: configured,
    canSave: true,
    lastHeard: undefined as number | undefined,
    isAlone: true,
  };
  const ports: AlarmPorts = {
    clock,
    alarms: () => state.alarms,
    deadLetters: async (target) =>
      new Map(
        Object.entries(state.dead).filter(([name]) =>
          target === 'subscribers' ? name.startsWith('subscriber:') : (target ?? name) === name,
        ),
      ),
    failingTargets: () => state.failing,
    lastHeard: async () => state.lastHeard,
    async receive(event) {
      if (!state.canSave) return false;
      said.push(event);
      return true;
    },
    shared,
    isAlone: () => state.isAlone,
    failed: (_, error) => {
      if (!shared.isAway) throw error;
      failures.push(String(error));
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
  return { alarms, clock, shared, said, failures, state, arrive, types: () => said.map(({ type }) => type) };
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
        id: expect.stringMatching(`^silence\\|bsr\\|${Date.UTC(2026, 0, 1, 0, 1)}\\|`),
        time: expect.stringMatching(/^2026-01-01T00:31/),
        alarm: 'silence',
        condition: 'silent',
        about: 'bsr',
        since: '2026-01-01T00:01:00.000Z',
        message:
          'source bsr has sent nothing since 2026-01-01T00:01:00Z, longer than 30m: dragoman events --source bsr',
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
    const shared = new MemoryShared();
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
    const shared = new MemoryShared();
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

describe('something that begins again', () => {
  const SECOND = 1000;

  /** Relays on one store, whose looks come in their order; what they are told happened so many seconds after midnight. */
  function relays(count: number) {
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const midnight = clock.now();
    const one = () => {
      const { alarms, said } = rig({ alarms: [unfinished], clock, shared });
      const tell = (type: string, second: number): void => {
        const event = { id: 'evt_1', type, source: 'bsr', time: new Date(midnight + second * SECOND).toISOString() };
        alarms.stored('bsr', { event, data: { live_id: 'a' } } as unknown as EventScope);
      };
      return {
        began: (second: number) => tell('record.started', second),
        ended: (second: number) => tell('record.ended', second),
        stop: () => alarms.stop(),
        /** The seconds since when something is unfinished, as far as this relay has said so. */
        said: () => said.map(({ type, since }) => [type, (Date.parse(since as string) - midnight) / SECOND]),
      };
    };
    return { clock, shared, one, all: Array.from({ length: count }, one) };
  }
  type Relay = ReturnType<ReturnType<typeof relays>['one']>;

  it.each([
    ['later', 25],
    ['within the same second', 20],
  ])('is watched from its new start, which came in one look with the end: %s', async (_, again) => {
    const { clock, all } = relays(1);
    const [relay] = all as [Relay];
    relay.began(1);
    await clock.advance(20 * SECOND);
    relay.ended(20);
    relay.began(again);
    await clock.advance(HOUR - 10 * SECOND);
    expect(relay.said()).toEqual([]);
    await clock.advance(MINUTE);
    expect(relay.said()).toEqual([['alarm.unfinished', again]]);
    relay.ended(4000);
    await clock.advance(10 * SECOND);
    expect(relay.said().at(-1)).toEqual(['alarm.resolved', again]);
  });

  it('is watched from its new start also where that overtook the end', async () => {
    const { clock, all } = relays(1);
    const [relay] = all as [Relay];
    relay.began(1);
    await clock.advance(20 * SECOND);
    relay.began(25);
    await clock.advance(20 * SECOND);
    relay.ended(20);
    await clock.advance(2 * HOUR);
    expect(relay.said()).toEqual([['alarm.unfinished', 25]]);
  });

  it('is not ended by an end from before it began', async () => {
    const { clock, all } = relays(1);
    const [relay] = all as [Relay];
    relay.began(7);
    await clock.advance(10 * SECOND);
    relay.ended(4);
    await clock.advance(2 * HOUR);
    expect(relay.said()).toEqual([['alarm.unfinished', 7]]);
  });

  describe.each([
    ['the relay that heard the start', 0, 1],
    ['the relay that heard the end', 1, 0],
  ])('on two relays, where %s writes first', (_, starting, ending) => {
    const both = () => {
      const { all, ...rest } = relays(2);
      return {
        ...rest,
        starts: all[starting] as Relay,
        ends: all[ending] as Relay,
        said: () => all.flatMap((one) => one.said()),
      };
    };

    it('is ended by the end', async () => {
      const { clock, starts, ends, said } = both();
      starts.began(1);
      ends.ended(4);
      await clock.advance(2 * HOUR);
      expect(said()).toEqual([]);
    });

    it('is ended by the end that came while the store was away', async () => {
      const { clock, shared, starts, ends, said } = both();
      shared.isAway = true;
      starts.began(1);
      ends.ended(4);
      await clock.advance(MINUTE);
      shared.isAway = false;
      await clock.advance(2 * HOUR);
      expect(said()).toEqual([]);
    });

    it('is watched from its new start, which one hears and the other the end', async () => {
      const { clock, starts, ends } = both();
      starts.began(1);
      await clock.advance(20 * SECOND);
      ends.ended(20);
      starts.began(20);
      await clock.advance(2 * HOUR);
      expect(starts.said().concat(ends.said())).toContainEqual(['alarm.unfinished', 20]);
      expect(starts.said().concat(ends.said())).not.toContainEqual(['alarm.unfinished', 1]);
    });
  });

  it('is ended by an end whose relay has stopped before the start was written', async () => {
    const { clock, one, all } = relays(2);
    const [starts, ends] = all as [Relay, Relay];
    starts.began(1);
    ends.ended(4);
    await ends.stop();
    await starts.stop();
    const next = one();
    await clock.advance(2 * HOUR);
    expect(next.said()).toEqual([]);
  });

  it('leaves nothing in the store once it has ended for long', async () => {
    const { clock, shared, all } = relays(2);
    const [starts, ends] = all as [Relay, Relay];
    starts.began(1);
    ends.ended(4);
    await clock.advance(2 * HOUR);
    expect([...shared.rows.keys()]).toEqual([]);
  });
});

describe('dead letters and open breakers', () => {
  it('above a number are said until there are fewer', async () => {
    const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 10, targets: null, repeatMs: null };
    const { clock, state, said, types } = rig({ alarms: [alarm] });
    state.dead = { archive: 4, gone: 6 };
    await clock.advance(MINUTE);
    expect(said).toEqual([]);
    state.dead = { archive: 4, gone: 7 };
    await clock.advance(MINUTE);
    expect(said).toMatchObject([
      {
        type: 'alarm.dead_letters',
        about: 'all targets',
        message: '11 dead letters (gone 7, archive 4), more than 10: dragoman deliveries --state dead',
      },
    ]);
    state.dead = {};
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.dead_letters', 'alarm.resolved']);
  });

  it('are told with their number of now, whatever was said', async () => {
    const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 0, targets: ['archive'], repeatMs: null };
    const { clock, state, alarms } = rig({ alarms: [alarm] });
    const messages = () => alarms.active().map(({ message }) => message);
    const way = 'more than 0: dragoman deliveries --state dead --target archive';
    state.dead = { archive: 1 };
    await clock.advance(MINUTE);
    expect(messages()).toEqual([`1 dead letter of target archive, ${way}`]);
    state.dead = { archive: 3 };
    await clock.advance(MINUTE);
    expect(messages()).toEqual([`3 dead letters of target archive, ${way}`]);
    state.dead = { archive: 500 };
    await clock.advance(MINUTE);
    expect(messages()).toEqual([`at least 500 dead letters of target archive, ${way}`]);
  });

  it('are told without the numbers of targets where not all are counted, and with five targets at most', async () => {
    const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 0, targets: null, repeatMs: null };
    const { clock, state, alarms } = rig({ alarms: [alarm] });
    state.dead = { a: 300, b: 100, c: 50, d: 40, e: 9, f: 1 };
    await clock.advance(MINUTE);
    expect(alarms.active()).toMatchObject([
      { message: 'at least 500 dead letters (a, b, c, d, e, …), more than 0: dragoman deliveries --state dead' },
    ]);
  });

  it('name a target that said that it is gone, until it is resumed', async () => {
    const alarm: Alarm = { name: 'down', kind: 'breaker-open', targets: null, forMs: 10 * MINUTE, repeatMs: null };
    const { clock, state, said, types } = rig({ alarms: [alarm] });
    state.failing = [{ name: 'a', why: 'breaker', isSubscriber: false }];
    await clock.advance(6 * MINUTE);
    state.failing = [{ name: 'a', why: 'stopped', isSubscriber: false }];
    await clock.advance(6 * MINUTE);
    const message = 'target a has been stopped for longer than 10m: it answered that it is gone';
    expect(said).toMatchObject([{ type: 'alarm.breaker_open', about: 'a', message }]);
    state.failing = [];
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.breaker_open', 'alarm.resolved']);
  });

  it('of the group of subscribers are those of each of them, and of no other target', async () => {
    const { clock, state, said } = rig({
      alarms: [
        { name: 'down', kind: 'breaker-open', targets: ['subscribers', 'a'], forMs: 10 * MINUTE, repeatMs: null },
        { name: 'dead', kind: 'dead-letters', targets: ['subscribers'], above: 1, repeatMs: null },
      ],
    });
    state.failing = ['a', 'b', 'subscriber:1'].map((name) => ({
      ...{ name, why: 'breaker' },
      isSubscriber: name === 'subscriber:1',
    }));
    state.dead = { a: 4, 'subscriber:1': 2 };
    await clock.advance(12 * MINUTE);
    expect(said.map(({ about, message }) => [about, message])).toEqual([
      ['subscribers', '2 dead letters (subscriber:1 2), more than 1: dragoman deliveries --state dead'],
      ['subscriber:1', expect.stringContaining('target subscriber:1 has been failing')],
      ['a', expect.stringContaining('target a has been failing')],
    ]);
  });

  it('for longer than a time are said for each target', async () => {
    const alarm: Alarm = { name: 'down', kind: 'breaker-open', targets: null, forMs: 10 * MINUTE, repeatMs: null };
    const { clock, state, said, types } = rig({ alarms: [alarm] });
    state.failing = [
      { name: 'a', why: 'breaker', isSubscriber: false },
      { name: 'b', why: 'breaker', isSubscriber: false },
    ];
    await clock.advance(9 * MINUTE);
    state.failing = [{ name: 'a', why: 'breaker', isSubscriber: false }];
    await clock.advance(5 * MINUTE);
    expect(said).toMatchObject([{ type: 'alarm.breaker_open', about: 'a' }]);
    state.failing = [];
    await clock.advance(10_000);
    expect(types()).toEqual(['alarm.breaker_open', 'alarm.resolved']);
  });
});

describe('several relays, and a store that goes away', () => {
  const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 0, targets: null, repeatMs: HOUR };

  it('say one thing under one id, so that the inbox takes it once', async () => {
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const relays = [rig({ alarms: [alarm], clock, shared }), rig({ alarms: [alarm], clock, shared })];
    for (const relay of relays) relay.state.dead = { archive: 1 };
    await clock.advance(2 * HOUR + MINUTE);
    const ids = new Set(relays.flatMap(({ said }) => said.map(({ id }) => id)));
    expect(ids.size).toBe(3);
  });

  it('is said as soon as it can be saved', async () => {
    const { clock, state, shared, types } = rig({ alarms: [alarm] });
    state.dead = { archive: 1 };
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
    state.dead = { archive: 1 };
    await clock.advance(MINUTE);
    state.alarms = [];
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.dead_letters']);
    expect(alarms.active()).toEqual([]);
    expect([...shared.rows.keys()].filter((key) => key.startsWith('alarm-on/'))).toEqual([]);
  });

  it('tell of what a stop cannot write', async () => {
    const { alarms, clock, shared, failures } = rig({ alarms: [alarm, unfinished] });
    await clock.advance(MINUTE);
    shared.isAway = true;
    await alarms.stop();
    expect(failures).toEqual(['StoreUnavailable: the store is away']);
  });
});

describe('an alarm that a reload alters', () => {
  const idsOf = (said: readonly JsonObject[]) => said.map(({ id, type }) => `${type} ${id}`);

  it('is said anew where it is on again for the same thing: its id is not that of what was said before', async () => {
    const { clock, state, said, types } = rig({ alarms: [silent(HOUR)] });
    await clock.advance(2 * HOUR);
    state.alarms = [silent(4 * HOUR)];
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.silent', 'alarm.resolved']);
    await clock.advance(3 * HOUR);
    expect(types()).toEqual(['alarm.silent', 'alarm.resolved', 'alarm.silent']);
    state.alarms = [silent(8 * HOUR)];
    await clock.advance(MINUTE);
    expect(new Set(idsOf(said)).size).toBe(4);
  });

  it('is said again in its time where it was off for a while, and the first time not twice', async () => {
    const alarm = silent(HOUR, { repeatMs: HOUR });
    const { clock, state, said } = rig({ alarms: [alarm] });
    await clock.advance(3.5 * HOUR);
    state.alarms = [];
    await clock.advance(MINUTE);
    state.alarms = [alarm];
    await clock.advance(2.5 * HOUR);
    const ids = idsOf(said);
    expect([ids.length, new Set(ids).size]).toEqual([6, 5]);
  });

  it('forgets what began for it, also where it was the only one', async () => {
    const { clock, state, shared, said, arrive } = rig({ alarms: [unfinished] });
    arrive('record.started', { live_id: 'a' });
    await clock.advance(MINUTE);
    state.alarms = [];
    await clock.advance(MINUTE);
    expect([...shared.rows.keys()]).toEqual([]);
    state.alarms = [unfinished];
    await clock.advance(2 * HOUR);
    expect(said).toEqual([]);
  });

  it('forgets what began while it looked at another field', async () => {
    const { clock, state, said, arrive } = rig({ alarms: [unfinished] });
    arrive('record.started', { live_id: 'a', room_id: 7 });
    await clock.advance(MINUTE);
    state.alarms = [{ ...unfinished, same: ['data', 'room_id'] } as Alarm];
    arrive('record.started', { live_id: 'b', room_id: 8 });
    await clock.advance(MINUTE);
    arrive('record.ended', { live_id: 'b', room_id: 8 });
    await clock.advance(2 * HOUR);
    expect(said).toEqual([]);
  });

  it('is said where another condition of the same name was on about the same target', async () => {
    const { clock, state, said } = rig({
      alarms: [{ name: 'ill', kind: 'breaker-open', targets: ['a'], forMs: MINUTE, repeatMs: null }],
    });
    state.failing = [{ name: 'a', why: 'breaker', isSubscriber: false }];
    state.dead = { a: 1 };
    await clock.advance(5 * MINUTE);
    state.alarms = [{ name: 'ill', kind: 'dead-letters', targets: ['a'], above: 0, repeatMs: null }];
    await clock.advance(MINUTE);
    expect(said.map(({ type, condition }) => [type, condition])).toEqual([
      ['alarm.breaker_open', 'breaker_open'],
      ['alarm.resolved', 'breaker_open'],
      ['alarm.dead_letters', 'dead_letters'],
    ]);
  });

  it('does not take for silence what it was not there to hear', async () => {
    const { clock, state, types, arrive } = rig({ alarms: [silent(HOUR)] });
    await clock.advance(MINUTE);
    arrive('clip.generated');
    await clock.advance(MINUTE);
    state.alarms = [];
    await clock.advance(20 * HOUR);
    state.lastHeard = clock.now() - MINUTE;
    state.alarms = [silent(HOUR)];
    await clock.advance(50 * MINUTE);
    expect(types()).toEqual([]);
    await clock.advance(20 * MINUTE);
    expect(types()).toEqual(['alarm.silent']);
  });
});

describe('a clock that jumps', () => {
  it('ahead, as after a machine has slept, leaves the senders their time to be heard again, and targets theirs to recover', async () => {
    const down: Alarm = { name: 'down', kind: 'breaker-open', targets: null, forMs: 10 * MINUTE, repeatMs: null };
    const { clock, state, types, arrive } = rig({ alarms: [silent(30 * MINUTE), down] });
    await clock.advance(HOUR / 2);
    arrive('clip.generated');
    state.failing = [{ name: 'a', why: 'breaker', isSubscriber: false }];
    await clock.advance(MINUTE);
    clock.jump(5 * HOUR);
    await clock.advance(5 * MINUTE);
    expect(types()).toEqual([]);
    await clock.advance(20 * MINUTE);
    expect(types()).toEqual(['alarm.breaker_open', 'alarm.silent']);
  });

  it('back from a year that was wrong does not silence the alarm until then', async () => {
    const { clock, types, arrive } = rig({ alarms: [silent(30 * MINUTE)] });
    await clock.advance(MINUTE);
    clock.jump(365 * 24 * HOUR);
    arrive('clip.generated');
    await clock.advance(MINUTE);
    clock.jump(-365 * 24 * HOUR);
    await clock.advance(29 * MINUTE);
    expect(types()).toEqual([]);
    await clock.advance(2 * MINUTE);
    expect(types()).toEqual(['alarm.silent']);
  });

  it('back does not keep an alarm that repeats quiet until it is as late again', async () => {
    const alarm: Alarm = { name: 'piling up', kind: 'dead-letters', above: 0, targets: null, repeatMs: HOUR };
    const { clock, state, said } = rig({ alarms: [alarm] });
    state.dead = { archive: 1 };
    await clock.advance(MINUTE);
    clock.jump(-24 * HOUR);
    await clock.advance(90 * MINUTE);
    expect(said.map(({ times }) => times)).toEqual([1, 2, 3]);
  });
});

describe('what two events have in common', () => {
  it.each([
    ['a number', 7],
    ['a number past 2^53', 2n ** 60n],
    ['a text with what terminals and databases do not take', 'a\u0000\u001b[31m\ud800'],
    ['a long text', 'x'.repeat(5000)],
  ])('may be %s', async (_, live_id) => {
    const { clock, types, arrive } = rig({ alarms: [unfinished] });
    arrive('record.started', { live_id });
    await clock.advance(2 * HOUR);
    expect(types()).toEqual(['alarm.unfinished']);
    arrive('record.ended', { live_id });
    await clock.advance(MINUTE);
    expect(types()).toEqual(['alarm.unfinished', 'alarm.resolved']);
  });

  it.each([null, true, '', [1], { a: 1 }])('is nothing where it is %j', async (live_id) => {
    const { clock, types, arrive } = rig({ alarms: [unfinished] });
    arrive('record.started', { live_id });
    await clock.advance(2 * HOUR);
    expect(types()).toEqual([]);
  });

  it('is all of a long text, of which the alarm shows the beginning', async () => {
    const { clock, said, arrive } = rig({ alarms: [unfinished] });
    const long = (end: string) => ({ live_id: `https://file.example.com/${'\u{1f600}'.repeat(200)}${end}` });
    arrive('record.started', long('a'));
    arrive('record.started', long('b'));
    arrive('record.ended', long('a'));
    await clock.advance(2 * HOUR);
    expect(said).toEqual([
      expect.objectContaining({ about: expect.stringMatching(/^https:\/\/file\.example\.com\/\u{1f600}+….{8}$/u) }),
    ]);
  });
});

describe('alarms that only one of two relays has', () => {
  const ill: Alarm = { name: 'ill', kind: 'dead-letters', targets: null, above: 0, repeatMs: null };

  function two(second: readonly Alarm[]) {
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const has = rig({ alarms: [ill, unfinished], clock, shared });
    const lacks = rig({ alarms: second, clock, shared });
    for (const one of [has, lacks]) Object.assign(one.state, { isAlone: false, dead: { a: 3 } });
    return { clock, shared, has, lacks };
  }

  it('are said once while the other has yet to load the same configuration, and forget nothing', async () => {
    const { clock, has, lacks } = two([]);
    has.arrive('record.started', { live_id: 'a' });
    await clock.advance(50 * MINUTE);
    expect([has.types(), lacks.said, lacks.alarms.active()]).toEqual([['alarm.dead_letters'], [], []]);
    lacks.state.alarms = [ill, unfinished];
    await clock.advance(2 * HOUR);
    const all = [...has.types(), ...lacks.types()];
    expect(all.toSorted()).toEqual(['alarm.dead_letters', 'alarm.unfinished']);
  });

  it('are forgotten an hour after both have lost them, or at once by a relay that is alone', async () => {
    const { clock, shared, has, lacks } = two([ill, unfinished]);
    has.arrive('record.started', { live_id: 'a' });
    await clock.advance(MINUTE);
    const rows = (): number => [...shared.rows.keys()].filter((key) => !key.startsWith('alarm-past/')).length;
    expect(rows()).toBe(2);
    for (const one of [has, lacks]) one.state.alarms = [];
    await clock.advance(50 * MINUTE);
    expect(rows()).toBe(2);
    await clock.advance(20 * MINUTE);
    expect(rows()).toBe(0);
    has.state.alarms = [ill];
    await clock.advance(MINUTE);
    Object.assign(has.state, { alarms: [], isAlone: true });
    await clock.advance(MINUTE);
    expect(rows()).toBe(0);
  });
});

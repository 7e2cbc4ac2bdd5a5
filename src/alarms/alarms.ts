/** Alarms: looks every few seconds what is odd for too long, and says so by an event that goes the way of every event. */
import type { Timer } from '../kit/clock.ts';
import { valueAt } from '../kit/value-at.ts';
import type { EventScope } from '../model/event.ts';
import { alarmEvent } from './alarm-event.ts';
import { type Alarm, type AlarmOn, type AlarmPorts, markOf } from './alarm-ports.ts';
import { type BegunThings, createBegunThings } from './begun-things.ts';
import { type Facts, type Failing, judgeAlarm, MOST_COUNTED } from './judge-alarm.ts';
import { createMissedAlarms } from './missed-alarms.ts';
import { createSaidAlarms, type Said } from './said-alarms.ts';
import { createSourcePasts } from './source-pasts.ts';

export interface Alarms {
  /** An event of the source has been stored; there is no scope where its type is unknown. */
  stored(source: string, scope: EventScope | undefined): void;
  /** Those that are on. */
  active(): readonly AlarmOn[];
  start(): void;
  /** Stops looking; what is new is still written. Never rejects: what cannot be written is told as a fault. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 10_000;
/** One look makes so many events of an alarm at most; the next one goes on. */
const MOST_NEW = 100;
/** A wall clock that has moved by so much more or less than time has passed was set, or the machine has slept. */
const JUMP_MS = 60_000;

export function createAlarms(ports: AlarmPorts): Alarms {
  const { clock } = ports;
  /** When we began to listen, by the monotonic clock. */
  let startedAt = clock.monotonic();
  let wallOffset = clock.now() - startedAt;
  const begun = createBegunThings(ports);
  const pasts = createSourcePasts(ports);
  const said = createSaidAlarms(ports.shared);
  const missed = createMissedAlarms(ports);
  const failing = new Map<string, Failing>();
  /** What each that is on says now; what was said of it may be older. */
  let messages: ReadonlyMap<string, string> = new Map();
  /** Nothing is left in the store of alarms, of which there are none. */
  let isTidy = false;
  let timer: Timer | undefined;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const alarms = ports.alarms();
    const names = new Set(alarms.map(({ name }) => name));
    await said.refresh();
    if (alarms.length === 0 && said.all().length === 0 && isTidy) return;
    noticeJump();
    await Promise.all([pasts.sync(), begun.sync()]);
    const watches = new Set(alarms.flatMap((alarm) => (alarm.kind === 'unfinished' ? [watchOf(alarm)] : [])));
    await begun.keepOnly(missed.keptOf(watches));
    await said.keepOnly(missed.keptOf(names));
    isTidy = !missed.any() && alarms.length === 0;
    watchTargets(failing, ports);
    const found = new Map<string, string>();
    for (const alarm of alarms) for (const on of await follow(alarm)) found.set(keyOf(on), on.message);
    messages = found;
  }

  /** What was silent or failing for long only by the clock gets its time as after a start. */
  function noticeJump(): void {
    const jump = clock.now() - clock.monotonic() - wallOffset;
    if (Math.abs(jump) < JUMP_MS) return;
    wallOffset += jump;
    startedAt = clock.monotonic();
    for (const [name, one] of failing) failing.set(name, { ...one, since: one.since + jump });
  }

  /** Returns those that are on. */
  async function follow(alarm: Alarm): Promise<readonly AlarmOn[]> {
    const findings = judgeAlarm(alarm, await factsFor(alarm)).map((one) => ({ name: alarm.name, ...one }));
    const abouts = new Set(findings.map(({ about }) => about));
    for (const one of said.of(alarm.name)) {
      const isAltered = one.kind !== undefined && one.kind !== alarm.kind;
      if (isAltered || !abouts.has(one.on.about)) await sayOver(alarm, one);
    }
    let fresh = 0;
    for (const on of findings) {
      if (said.find(on) === undefined && ++fresh > MOST_NEW) continue;
      await sayOn(alarm, on);
    }
    return findings;
  }

  async function sayOn(alarm: Alarm, finding: AlarmOn): Promise<void> {
    const { kind } = alarm;
    const known = said.find(finding) ?? (await said.begin(finding, kind));
    if (!known) return; // another relay was first; the next look finds what it wrote
    const now = clock.now();
    const { saidAt } = known;
    // a clock that was set back must not keep an alarm quiet until it is as late again
    const isDue = known.times === 0 || (alarm.repeatMs !== null && Math.abs(now - saidAt) >= alarm.repeatMs);
    if (!isDue) return;
    const times = known.times + 1;
    const on = { ...known.on, message: finding.message };
    const event = alarmEvent({ alarm, kind, on, saidAt, times, now });
    if (await ports.receive(event)) await said.write(known, { on, kind, times, saidAt: now });
  }

  async function sayOver(alarm: Alarm, one: Said): Promise<void> {
    const wasSaid = one.times > 0;
    const { on, kind = alarm.kind, saidAt } = one;
    const event = alarmEvent({ alarm, kind, on, saidAt, times: 0, now: clock.now() });
    if (!wasSaid || (await ports.receive(event))) await said.end(one);
  }

  async function factsFor(alarm: Alarm): Promise<Facts> {
    const dead = new Map<string | null, ReadonlyMap<string, number>>();
    if (alarm.kind === 'dead-letters') {
      const most = alarm.above + MOST_COUNTED;
      for (const target of alarm.targets ?? [null]) dead.set(target, await ports.deadLetters(target, most));
    }
    return {
      now: clock.now(),
      uptimeMs: clock.monotonic() - startedAt,
      past: pasts.of,
      begun: alarm.kind === 'unfinished' ? begun.of(watchOf(alarm)) : [],
      dead: (target) => dead.get(target) ?? new Map(),
      failing,
      isOn: (about) => said.find({ name: alarm.name, about }) !== undefined,
    };
  }

  function lookOnce(): Promise<void> {
    looking ??= look()
      .catch((error) => ports.failed('alarms', error))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  function wait(): void {
    timer = clock.after(LOOK_EVERY_MS, () => {
      void lookOnce().finally(() => {
        if (timer) wait();
      });
    });
  }

  return {
    stored(source, scope) {
      pasts.heard(source);
      if (scope) for (const one of notedOf(ports.alarms(), scope)) begun[one.kind](one.alarm, one.value, one.at);
    },
    active() {
      const names = new Set(ports.alarms().map(({ name }) => name));
      const ours = said.all().filter(({ on }) => names.has(on.name));
      return ours.map(({ on }) => ({ ...on, message: messages.get(keyOf(on)) ?? on.message }));
    },
    start: wait,
    async stop() {
      timer?.cancel();
      timer = undefined;
      await looking;
      await Promise.all([pasts.sync(), begun.sync()]).catch((error) => ports.failed('alarms', error));
    },
  };
}

/** What began for an alarm is of no use to one of the same name that looks for something else. */
function watchOf({ name, source, started, ended, same }: Extract<Alarm, { readonly kind: 'unfinished' }>): string {
  return `${name}|${markOf({ source, started, ended, same })}`;
}

interface Noted {
  readonly kind: keyof Pick<BegunThings, 'began' | 'ended'>;
  readonly alarm: string;
  readonly value: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

function notedOf(alarms: readonly Alarm[], scope: EventScope): readonly Noted[] {
  const { source, type, time } = scope.event;
  return alarms.flatMap((alarm): readonly Noted[] => {
    if (alarm.kind !== 'unfinished' || alarm.source !== source) return [];
    if (type !== alarm.started && type !== alarm.ended) return [];
    const value = textAt(scope, alarm.same);
    if (value === undefined) return [];
    return [{ kind: type === alarm.started ? 'began' : 'ended', alarm: watchOf(alarm), value, at: Date.parse(time) }];
  });
}

/** Undefined where there is nothing that two events could have in common. */
function textAt(scope: EventScope, path: readonly string[]): string | undefined {
  const value = valueAt(scope, path);
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isText && value !== '' ? String(value) : undefined;
}

/** Since when a target fails is not begun anew where a probe of its open breaker is answered that it is gone. */
function watchTargets(failing: Map<string, Failing>, { failingTargets, clock }: AlarmPorts): void {
  const now = new Map(failingTargets().map(({ name, ...how }) => [name, how]));
  for (const name of failing.keys()) if (!now.has(name)) failing.delete(name);
  for (const [name, how] of now) failing.set(name, { ...how, since: failing.get(name)?.since ?? clock.now() });
}

function keyOf({ name, about }: Pick<AlarmOn, 'name' | 'about'>): string {
  return JSON.stringify([name, about]);
}

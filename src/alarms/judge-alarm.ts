/** Whether an alarm is on, and about what: decides from what is known, changes nothing. */
import { formatDuration } from '../kit/duration.ts';
import { SUBSCRIBERS } from '../model/target.ts';
import type { Alarm, AlarmOn, FailingTarget } from './alarm-ports.ts';
import { type SourcePast, usualPauseMs } from './source-past.ts';

export interface Facts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long this relay has been running. */
  readonly uptimeMs: number;
  past(source: string): SourcePast | undefined;
  /** What an `unfinished` alarm has seen begin and not end. */
  readonly begun: readonly Begun[];
  /** Dead letters by target, counted up to `MOST_COUNTED` beyond what the alarm allows. */
  dead(target: string | null): ReadonlyMap<string, number>;
  readonly failing: ReadonlyMap<string, Failing>;
  isOn(about: string): boolean;
}

export interface Begun {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Failing extends Omit<FailingTarget, 'name'> {
  /** Epoch milliseconds, as far as this relay knows. */
  readonly since: number;
}

type Finding = Omit<AlarmOn, 'name'>;

/** After a start the senders get this long to be heard again: silence may have been our own absence. */
const SETTLING_MS = 600_000;

export const ALL_TARGETS = 'all targets';
/** Beyond what an alarm allows no more dead letters are counted: nobody needs to know the fifth digit. */
export const MOST_COUNTED = 500;
/** A message names no more targets. */
const MOST_NAMED = 5;

export function judgeAlarm(alarm: Alarm, facts: Facts): readonly Finding[] {
  switch (alarm.kind) {
    case 'silent':
      return alarm.sources.flatMap((source) => judgeSilence(source, alarm.forMs, facts) ?? []);
    case 'unfinished':
      return facts.begun
        .filter(({ at }) => facts.now - at > alarm.withinMs)
        .map(({ value, at }) => ({
          about: value,
          since: at,
          message: `${alarm.started} of source ${alarm.source} came with ${alarm.same.join('.')} ${value}, and no ${alarm.ended} within ${formatDuration(alarm.withinMs)}`,
        }));
    case 'dead-letters':
      return (alarm.targets ?? [null]).flatMap((target) => judgeDead(target, alarm.above, facts) ?? []);
    case 'breaker-open':
      return failingOf(alarm.targets, facts).flatMap((target) => judgeFailing(target, alarm.forMs, facts) ?? []);
  }
}

function judgeSilence(source: string, wanted: number | 'usual', facts: Facts): Finding | undefined {
  const past = facts.past(source);
  const forMs = wanted === 'usual' ? past && usualPauseMs(past) : wanted;
  if (!past || forMs === undefined) return undefined;
  const silence = facts.now - past.last;
  if (silence <= forMs) return undefined;
  if (!facts.isOn(source) && facts.uptimeMs < Math.min(forMs, SETTLING_MS)) return undefined;
  const last = new Date(past.last).toISOString().replace(/\.\d+/, '');
  const limit = wanted === 'usual' ? `and ${roughly(forMs)} would be usual` : `longer than ${formatDuration(forMs)}`;
  return {
    about: source,
    since: past.last,
    message: `source ${source} has sent nothing since ${last}, ${limit}: dragoman events --source ${source}`,
  };
}

/** The targets to look at: of the subscribers those that fail. */
function failingOf(targets: readonly string[] | null, { failing }: Facts): readonly string[] {
  if (targets === null) return [...failing.keys()];
  const subscribers = [...failing].filter(([, { isSubscriber }]) => isSubscriber).map(([name]) => name);
  return [...new Set(targets.flatMap((target) => (target === SUBSCRIBERS ? subscribers : [target])))];
}

function judgeDead(target: string | null, above: number, facts: Facts): Finding | undefined {
  const byTarget = [...facts.dead(target)].toSorted(([, a], [, b]) => b - a);
  const count = byTarget.reduce((sum, [, dead]) => sum + dead, 0);
  if (count <= above) return undefined;
  const isMore = count >= above + MOST_COUNTED;
  const letters = `${isMore ? 'at least ' : ''}${count} dead ${count === 1 ? 'letter' : 'letters'}`;
  // Where not all were counted, a target's number would be wrong.
  const named = byTarget.slice(0, MOST_NAMED).map(([name, dead]) => (isMore ? name : `${name} ${dead}`));
  const isGroup = target === null || target === SUBSCRIBERS;
  const whose = isGroup
    ? ` (${[...named, ...(byTarget.length > MOST_NAMED ? ['…'] : [])].join(', ')})`
    : ` of target ${target}`;
  const filter = isGroup ? '' : ` --target ${target}`;
  return {
    about: target ?? ALL_TARGETS,
    since: facts.now,
    message: `${letters}${whose}, more than ${above}: dragoman deliveries --state dead${filter}`,
  };
}

/** One that is on stays on until the target is well again: a relay that has just started does not know how long it has been failing. */
function judgeFailing(target: string, forMs: number, facts: Facts): Finding | undefined {
  const failing = facts.failing.get(target);
  if (failing === undefined) return undefined;
  const { since, why } = failing;
  if (facts.now - since <= forMs && !facts.isOn(target)) return undefined;
  const what =
    why === 'stopped'
      ? `has been stopped for longer than ${formatDuration(forMs)}: it answered that it is gone`
      : `has been failing for longer than ${formatDuration(forMs)}: its breaker is open`;
  return { about: target, since, message: `target ${target} ${what}` };
}

/** In minutes: what is learned is no more exact. */
function roughly(ms: number): string {
  return formatDuration(Math.round(ms / 60_000) * 60_000);
}

/** Whether an alarm is on, and about what: decides from what is known, changes nothing. */
import { formatDuration } from '../kit/duration.ts';
import type { Alarm, AlarmOn } from './alarm-ports.ts';
import { type SourcePast, usualPauseMs } from './source-past.ts';

export interface Facts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long this relay has been running. */
  readonly uptimeMs: number;
  past(source: string): SourcePast | undefined;
  /** What an `unfinished` alarm has seen begin and not end. */
  readonly begun: readonly Begun[];
  dead(target: string | null): number;
  /** Since when a breaker has been open, epoch milliseconds; undefined where it is closed. */
  openSince(target: string): number | undefined;
  readonly openTargets: readonly string[];
  isOn(about: string): boolean;
}

export interface Begun {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

type Finding = Omit<AlarmOn, 'name'>;

/** After a start the senders get this long to be heard again: silence may have been our own absence. */
const SETTLING_MS = 600_000;

export const ALL_TARGETS = 'all targets';

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
          message: `${alarm.started} of source ${alarm.source} came, and no ${alarm.ended} within ${formatDuration(alarm.withinMs)}`,
        }));
    case 'dead-letters':
      return (alarm.targets ?? [null]).flatMap((target) => judgeDead(target, alarm.above, facts) ?? []);
    case 'breaker-open':
      return (alarm.targets ?? facts.openTargets).flatMap((target) => judgeBreaker(target, alarm.forMs, facts) ?? []);
  }
}

function judgeSilence(source: string, wanted: number | 'usual', facts: Facts): Finding | undefined {
  const past = facts.past(source);
  const forMs = wanted === 'usual' ? past && usualPauseMs(past) : wanted;
  if (!past || forMs === undefined) return undefined;
  const silence = facts.now - past.last;
  if (silence <= forMs) return undefined;
  if (!facts.isOn(source) && facts.uptimeMs < Math.min(forMs, SETTLING_MS)) return undefined;
  const usual = wanted === 'usual' ? `, and ${formatDuration(forMs)} would be usual` : '';
  return {
    about: source,
    since: past.last,
    message: `source ${source} has sent nothing for longer than ${formatDuration(forMs)}${usual}`,
  };
}

function judgeDead(target: string | null, above: number, facts: Facts): Finding | undefined {
  const count = facts.dead(target);
  if (count <= above) return undefined;
  const where = target === null ? '' : ` of target ${target}`;
  return {
    about: target ?? ALL_TARGETS,
    since: facts.now,
    message: `there are more than ${above} dead letters${where}`,
  };
}

/** One that is on stays on until the breaker closes: a relay that has just started does not know how long it has been open. */
function judgeBreaker(target: string, forMs: number, facts: Facts): Finding | undefined {
  const since = facts.openSince(target);
  if (since === undefined) return undefined;
  if (facts.now - since <= forMs && !facts.isOn(target)) return undefined;
  return {
    about: target,
    since,
    message: `target ${target} has been failing for longer than ${formatDuration(forMs)}: its breaker is open`,
  };
}

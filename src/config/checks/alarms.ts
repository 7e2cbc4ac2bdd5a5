/** Checks of alarms: exactly one condition each, about sources, targets and events that exist. */

import { SUBSCRIBERS } from '../../model/target.ts';
import { CONDITIONS } from '../keys/alarm.ts';
import type { AlarmSettings } from '../settings.ts';
import type { Draft, Placed } from '../shape.ts';
import { type Checking, formatOfSource, namesOf, sound, unknownName } from './report.ts';
import { checkNamesAreUnique } from './rules.ts';

type Alarm = Draft<AlarmSettings['value']>;

export function checkAlarms(checking: Checking): void {
  const alarms = sound(checking.settings.alarms);
  checkNamesAreUnique(
    alarms.map((alarm) => alarm.value.name),
    { what: 'alarm', code: 'ALARM_DUPLICATE_NAME' },
    checking,
  );
  for (const { value, at } of alarms) {
    checkCondition(value, at, checking);
    checkNames(value, checking);
    checkUnfinished(value, checking);
  }
}

function checkCondition(alarm: Alarm, at: Placed<string>['at'], { reader }: Checking): void {
  const count = CONDITIONS.filter((key) => alarm[key] !== null).length;
  if (count === 1) return;
  const message = `alarm "${alarm.name?.value ?? ''}" has ${count === 0 ? 'no condition' : `${count} conditions`}, and one is needed`;
  reader.problem({ at, code: 'ALARM_CONDITION', message, try: `one of ${CONDITIONS.join(', ')}` });
}

function checkNames(alarm: Alarm, { settings, reader }: Checking): void {
  const who = `alarm "${alarm.name?.value ?? ''}" watches`;
  const sources = namesOf(settings.sources);
  const targets = [...new Set([...namesOf(settings.targets), SUBSCRIBERS])];
  const unfinished = alarm.unfinished?.source;
  for (const source of sound([...(alarm.silent?.source ?? []), ...(unfinished ? [unfinished] : [])])) {
    if (sources.includes(source.value)) continue;
    unknownName(source, reader, { code: 'ALARM_UNKNOWN_SOURCE', who, what: 'source', known: sources });
  }
  for (const target of sound([...(alarm.dead_letters?.target ?? []), ...(alarm.breaker_open?.target ?? [])])) {
    if (targets.includes(target.value)) continue;
    unknownName(target, reader, { code: 'ALARM_UNKNOWN_TARGET', who, what: 'target', known: targets });
  }
}

function checkUnfinished(alarm: Alarm, checking: Checking): void {
  const { unfinished } = alarm;
  const format = formatOfSource(unfinished?.source?.value ?? '', checking);
  if (!unfinished || !format || format.open) return;
  const known = Object.keys(format.events);
  for (const type of sound([unfinished.started, unfinished.ended])) {
    if (known.includes(type.value)) continue;
    const who = `alarm "${alarm.name?.value ?? ''}" waits for`;
    unknownName(type, checking.reader, { code: 'ALARM_UNKNOWN_EVENT', who, what: `event of ${format.name}`, known });
  }
}

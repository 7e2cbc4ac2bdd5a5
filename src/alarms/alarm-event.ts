/** The event that an alarm makes: format json, source `dragoman`, for ordinary rules to send on. */
import type { JsonObject } from '../model/json.ts';
import { type Alarm, type AlarmOn, markOf } from './alarm-ports.ts';

/** Where the `json` format finds what it needs in such an event. */
export const ALARM_OPTIONS = { type: 'type', id: 'id', time: 'time' } as const;

export interface AlarmSaying {
  readonly alarm: Alarm;
  /** The condition that it is or was on by, which a reload may have altered. */
  readonly kind: Alarm['kind'];
  readonly on: AlarmOn;
  /** Epoch milliseconds: when it was said last; 0 where it was not. */
  readonly saidAt: number;
  /** How often it has been said, from 1; 0 says that it is over. */
  readonly times: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The same alarm said for the same time has the same `id` on every relay, so that the inbox takes it once. One that was altered, or that
 * was switched off and on, counts its times anew, and yet no repeat of it may pass for one of before.
 */
export function alarmEvent({ alarm, kind, on, saidAt, times, now }: AlarmSaying): JsonObject {
  const { name, repeatMs, ...watched } = alarm;
  const condition = kind.replace('-', '_');
  const since = new Date(on.since).toISOString();
  return {
    type: times === 0 ? 'alarm.resolved' : `alarm.${condition}`,
    id: `${on.name}|${on.about}|${on.since}|${markOf(watched)}|${saidAt}${times === 0 ? '|over' : ''}`,
    time: new Date(now).toISOString(),
    alarm: on.name,
    condition,
    about: on.about,
    since,
    message: times === 0 ? `over: ${on.message}` : on.message,
    times,
  };
}

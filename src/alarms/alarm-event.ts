/** The event that an alarm makes: format json, source `dragoman`, for ordinary rules to send on. */
import type { JsonObject } from '../model/json.ts';
import type { Alarm, AlarmOn } from './alarm-ports.ts';

/** Where the `json` format finds what it needs in such an event. */
export const ALARM_OPTIONS = { type: 'type', id: 'id', time: 'time' } as const;

export interface AlarmSaying {
  readonly alarm: Pick<Alarm, 'kind'>;
  readonly on: AlarmOn;
  /** How often it has been said, from 1; 0 says that it is over. */
  readonly times: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The same alarm said for the same time has the same `id` on every relay, so that the inbox takes it once. */
export function alarmEvent({ alarm, on, times, now }: AlarmSaying): JsonObject {
  const condition = alarm.kind.replace('-', '_');
  const since = new Date(on.since).toISOString();
  return {
    type: times === 0 ? 'alarm.resolved' : `alarm.${condition}`,
    id: `${on.name}|${on.about}|${on.since}|${times}`,
    time: new Date(now).toISOString(),
    alarm: on.name,
    condition,
    about: on.about,
    since,
    message: times === 0 ? `over: ${on.message}` : on.message,
    times,
  };
}

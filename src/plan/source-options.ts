/** How a source's requests are read: its options, as they are today. */
import { ALARM_OPTIONS } from '../alarms/alarm-event.ts';
import type { Config } from '../config/config.ts';
import type { FormatOptions } from '../model/format.ts';
import { OWN_SOURCE } from '../model/source.ts';

/** None where today's configuration has no source of that name and format: a stored event stays readable. */
export function sourceOptionsOf(source: string | undefined, format: string, config: Config): FormatOptions {
  if (source === OWN_SOURCE) return ALARM_OPTIONS;
  return config.sources.find((one) => one.name === source && one.format === format)?.options ?? {};
}

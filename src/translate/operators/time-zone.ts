/** Time zones by name (`Asia/Shanghai`, `UTC`) or offset (`+08:00`), for what is shown to people. */
import { ValueError } from '../run.ts';

/** Minutes east of UTC at a moment. */
export type Zone = (ms: number) => number;

const known = new Map<string, Zone>([['UTC', () => 0]]);

/** Throws ValueError where there is no such zone. */
export function zoneNamed(name: string): Zone {
  const before = known.get(name);
  if (before) return before;
  const zone = fixedOffset(name) ?? namedZone(name);
  if (known.size < 1000) known.set(name, zone);
  return zone;
}

function fixedOffset(name: string): Zone | undefined {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (!match) return undefined;
  const minutes = (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1);
  return () => minutes;
}

function namedZone(name: string): Zone {
  const format = formatFor(name);
  return (ms) => {
    const text = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const match = /^GMT([+-])(\d\d):(\d\d)/.exec(text);
    return match ? (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1) : 0;
  };
}

function formatFor(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    throw new ValueError('there is no such time zone: write UTC, +08:00 or Asia/Shanghai');
  }
}

/** `+08:00`, or `+0800` without the colon. */
export function offsetText(minutes: number, colon: string): string {
  const absolute = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}${colon}${two(absolute % 60)}`;
}

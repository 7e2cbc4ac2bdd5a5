/** Times on the command line: `2h` (ago), a date or a time, in UTC as all that is shown. */
import { parseDuration } from '../kit/duration.ts';
import { Failure } from './terminal.ts';

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const HOUR_MS = 3_600_000;

/** Epoch milliseconds; undefined where nothing was given. */
export function parseWhen(text: unknown, now: number): number | undefined {
  if (text === undefined) return undefined;
  const written = String(text);
  const ago = parseDuration(written);
  if (ago !== undefined) return now - ago;
  const [, date, time = '00:00', zone = 'Z'] = TIME.exec(written) ?? [];
  const at = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  // A 30th of February would be taken for the 2nd of March.
  const isDay = date !== undefined && !Number.isNaN(at) && dayOf(Date.parse(date)) === date;
  if (isDay) return at;
  throw new Failure(`"${text}" is no time`, whenMeant(written.trim(), now) ?? '2h, 30m, or 2026-01-31T12:00:00Z', 2);
}

const UNITS: Readonly<Record<string, string>> = { s: 's', m: 'm', h: 'h', d: 'd', w: 'w' };

function whenMeant(text: string, now: number): string | undefined {
  const [, count = '', unit = ''] =
    /^[-+]?\s*(\d{1,6})\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)(?:\s+ago)?$/i.exec(
      text,
    ) ?? [];
  const short = UNITS[unit.charAt(0).toLowerCase()];
  if (short !== undefined) return short === 'w' ? `${Number(count) * 7}d` : `${Number(count)}${short}`;
  if (/^(?:\d{10}|\d{13})$/.test(text)) {
    return new Date(Number(text) * (text.length === 10 ? 1000 : 1)).toISOString();
  }
  if (/^\d{1,3}$/.test(text) && Number(text) > 0) return `${Number(text)}m, or ${Number(text)}h`;
  if (/^today$/i.test(text)) return dayOf(now);
  if (/^yesterday$/i.test(text)) return dayOf(now - 24 * HOUR_MS);
  const [, hour = '', rest] = /^(\d{1,2})(:[0-5]\d(?::[0-5]\d)?)Z?$/i.exec(text) ?? [];
  if (rest === undefined || Number(hour) > 23) return undefined;
  const today = `${dayOf(now)}T${hour.padStart(2, '0')}${rest}Z`;
  return Date.parse(today) <= now ? today : `${dayOf(now - 24 * HOUR_MS)}${today.slice(10)}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

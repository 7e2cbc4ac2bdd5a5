/** Reads the times that senders write into ISO 8601 UTC with milliseconds. */

/** The last moment of the year 9999, in epoch milliseconds: no sender means a later one. */
export const LAST_MS = 253_402_300_799_999;

/** Text of an epoch in milliseconds, or undefined where it is no moment between 1970 and 9999. */
export function isoFromEpochMs(epochMs: number): string | undefined {
  if (!(epochMs >= 0 && epochMs <= LAST_MS)) return undefined;
  return new Date(epochMs).toISOString();
}

const ISO = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)([Zz]|[+-]\d\d(?::?\d\d)?)$/;

/**
 * Text of an ISO 8601 time with 0 to 9 fraction digits and `Z` or an offset, in UTC and cut to milliseconds; undefined where it is
 * none, says no offset, or is before 1970.
 */
export function isoFromText(text: string): string | undefined {
  return isoFromEpochMs(epochMsOf(text));
}

/** Whether a text is an ISO 8601 time of any year: also what a clock says that was never set. */
export function isIsoTime(text: string): boolean {
  return !Number.isNaN(epochMsOf(text));
}

/** NaN where the text is no time. */
function epochMsOf(text: string): number {
  const [, date, clock, zone] = ISO.exec(text) ?? [];
  if (date === undefined || clock === undefined || zone === undefined || !isDay(date)) return Number.NaN;
  const offset = /^[Zz]$/.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  const [whole, fraction = ''] = clock.split(/[.,]/);
  return Date.parse(`${date}T${whole}${fraction && `.${fraction.slice(0, 3)}`}${offset}`);
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isDay(date: string): boolean {
  const ms = Date.parse(date);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

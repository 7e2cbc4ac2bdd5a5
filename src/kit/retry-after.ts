/** Reads the `Retry-After` with which a server asks for a pause. */

/** The longest pause that is granted. */
const LONGEST_MS = 24 * 3_600_000;

/** Milliseconds to wait from `now` (epoch milliseconds), at most 24 hours; 0 where the header is missing, past or unreadable. */
export function retryAfterMs(value: string | undefined, now: number): number {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
  // A date in HTTP begins with the name of a day; Date.parse alone would take `1.5` and `-5` for years.
  const at = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.min(Math.max(at - now, 0), LONGEST_MS);
}

/** Reads a moment as people write it in a query: ISO 8601, epoch milliseconds, or how long ago. */
import { parseDuration } from '../kit/duration.ts';

/** Epoch milliseconds of `2026-01-31T12:00:00Z`, `1767225600000` or `2h`; undefined where it is none of them. */
export function parseWhen(text: string, nowMs: number): number | undefined {
  if (/^\d{9,16}$/.test(text)) return Number(text);
  const ago = parseDuration(text);
  if (ago !== undefined) return nowMs - ago;
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** `since` and `until` of a filter in epoch milliseconds; the name of the one that is no moment. */
export function readTimes(
  filter: { readonly since?: string | undefined; readonly until?: string | undefined },
  nowMs: number,
): { readonly since?: number; readonly until?: number } | { readonly wrong: 'since' | 'until' } {
  const times: { since?: number; until?: number } = {};
  for (const name of ['since', 'until'] as const) {
    const text = filter[name];
    if (text === undefined) continue;
    const ms = parseWhen(text, nowMs);
    if (ms === undefined) return { wrong: name };
    times[name] = ms;
  }
  return times;
}

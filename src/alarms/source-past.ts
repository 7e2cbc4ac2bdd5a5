/** A source's past, as far as silence is concerned: when it was heard last, and which pauses are usual. Pure. */

export interface SourcePast {
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly events: number;
  /** The longest pause that ended on a day, in milliseconds, by the number of days since 1970. */
  readonly longest: Readonly<Record<string, number>>;
}

const DAY_MS = 86_400_000;
/** A week and a day: what only happens on Sundays is then usual. */
const DAYS_KEPT = 8;
/** Before it has been heard so often and so long, nothing is known of a source. */
const LEAST_EVENTS = 20;
const LEAST_PAST_MS = DAY_MS;
const TOLERANCE = 1.5;
const SHORTEST_USUAL_MS = 600_000;

/** The past with one more event at `now`. A pause that was longer than usual teaches no more than that it may be. */
export function heard(past: SourcePast | undefined, now: number): SourcePast {
  if (!past) return { first: now, last: now, events: 1, longest: {} };
  const pause = Math.max(0, now - past.last);
  const taught = Math.min(pause, usualPauseMs(past) ?? pause);
  const today = String(Math.floor(now / DAY_MS));
  const longest = { ...past.longest, [today]: Math.max(past.longest[today] ?? 0, taught) };
  return { first: past.first, last: Math.max(past.last, now), events: past.events + 1, longest: recent(longest, now) };
}

/** What two relays know of one source. */
export function joinedPast(a: SourcePast, b: SourcePast | undefined): SourcePast {
  if (!b) return a;
  const days = new Set([...Object.keys(a.longest), ...Object.keys(b.longest)]);
  const longest = Object.fromEntries([...days].map((day) => [day, Math.max(a.longest[day] ?? 0, b.longest[day] ?? 0)]));
  const last = Math.max(a.last, b.last);
  return {
    first: Math.min(a.first, b.first),
    last,
    events: Math.max(a.events, b.events),
    longest: recent(longest, last),
  };
}

/** The longest silence that is still usual: half as long again as the longest of the last eight days; undefined while too little is known. */
export function usualPauseMs({ first, last, events, longest }: SourcePast): number | undefined {
  if (events < LEAST_EVENTS || last - first < LEAST_PAST_MS) return undefined;
  return Math.max(SHORTEST_USUAL_MS, Math.max(0, ...Object.values(longest)) * TOLERANCE);
}

function recent(longest: Readonly<Record<string, number>>, now: number): Readonly<Record<string, number>> {
  const oldest = Math.floor(now / DAY_MS) - DAYS_KEPT;
  return Object.fromEntries(Object.entries(longest).filter(([day]) => Number(day) > oldest));
}

/** What is known of each target's health by every relay on the store, and after a restart: pauses, stops and open breakers. */
import { createHash } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { modifyShared, type SharedState } from '../kit/shared-state.ts';
import type { Reason } from '../model/outcome.ts';

export interface TargetState {
  /** By an operator. */
  readonly paused: boolean;
  /** The target asked for it; epoch milliseconds. */
  readonly pausedUntil: number | null;
  /** Where it asked for that, as a fingerprint; left out where that is not known. The pause holds for this URL only. */
  readonly pausedUrl?: string;
  /** The target said that it is gone. It holds for this URL only. */
  readonly stopped: { readonly reason: Reason; readonly url: string } | null;
  /** Open until then (epoch milliseconds), for the `openings`-th time in a row; for this URL only, where it is known. */
  readonly breaker: { readonly openings: number; readonly until: number; readonly url?: string } | null;
}

export interface KnownState extends TargetState {
  /** The ends of the pause and of the breaker's pause in monotonic milliseconds: a jump of the wall clock moves neither. */
  readonly pauseEnds: number;
  readonly breakerEnds: number;
}

/** May be asked more than once, of other states each time: again on top of what another relay has written meanwhile. */
type Change = (state: KnownState) => TargetState;

export interface TargetStates {
  of(target: string): KnownState;
  /** Holds here at once; is written to the store as soon as it answers. Resolves after the first try to write it. */
  change(target: string, change: Change): Promise<void>;
  /** Takes what is known of a target that has gone for good out of the store. Rejects as the store does; may be called twice. */
  forget(target: string): Promise<void>;
  /** Takes over what other relays have written or taken out, and writes what could not be written before. */
  refresh(): Promise<void>;
  /** False until the first refresh has come back. */
  isLoaded(): boolean;
}

export const HEALTHY: TargetState = { paused: false, pausedUntil: null, stopped: null, breaker: null };

const PREFIX = 'target/';
const LONGEST_PAUSE_MS = 24 * 3_600_000;

interface Entry {
  /** What the store has, and on top of it what it does not have yet. */
  known: KnownState;
  /** What the store has, as far as is known; null where it has nothing. */
  text: string | null;
  /** The turn of the last write. */
  writtenAt: number;
  /** What is still to be written, oldest first. */
  readonly changes: Change[];
  writing: Promise<void> | null;
}

/** Tells two URLs of one target apart without keeping either. */
export function fingerprint(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 16);
}

/** What holds at a URL: what another address of the target has done is not its fault. Null, a URL that is not known, is taken for that one. */
export function stateAt<S extends TargetState>(state: S, url: string | null): S {
  const { stopped, pausedUntil, pausedUrl, breaker } = state;
  if (url === null || (!stopped && !breaker && pausedUntil === null)) return state;
  const here = fingerprint(url);
  return {
    ...state,
    stopped: stopped?.url === here ? stopped : null,
    pausedUntil: (pausedUrl ?? here) === here ? pausedUntil : null,
    breaker: (breaker?.url ?? here) === here ? breaker : null,
  };
}

export interface TargetStatePorts {
  readonly shared: SharedState;
  readonly clock: Clock;
  /** Milliseconds that the clock that all relays on the store share is ahead of this one; 0 by default. The store has times by that one. */
  offsetMs?(): number;
}

export function createTargetStates({ shared, clock, offsetMs = () => 0 }: TargetStatePorts): TargetStates {
  const entries = new Map<string, Entry>();
  const healthy: KnownState = { ...HEALTHY, pauseEnds: 0, breakerEnds: 0 };
  /** Counts the lists that were asked for and the writes that have gone through: a list may be older than what was written after its turn. */
  let turn = 0;
  let loaded = false;

  /** An end that was known before stays where it is. */
  function known(state: TargetState, before: KnownState): KnownState {
    const ends = (until: number | undefined | null): number =>
      until == null ? 0 : clock.monotonic() + Math.min(Math.max(until - clock.now(), 0), LONGEST_PAUSE_MS);
    return {
      ...state,
      pauseEnds: state.pausedUntil === before.pausedUntil ? before.pauseEnds : ends(state.pausedUntil),
      breakerEnds: state.breaker?.until === before.breaker?.until ? before.breakerEnds : ends(state.breaker?.until),
    };
  }

  function entryOf(target: string): Entry {
    let entry = entries.get(target);
    if (!entry) {
      entry = { known: healthy, text: null, writtenAt: 0, changes: [], writing: null };
      entries.set(target, entry);
    }
    return entry;
  }

  /** The state that a text of the store and the changes that are not in it yet amount to. */
  function after(text: string | null, { changes, known: before }: Entry): KnownState {
    return changes.reduce(
      (state, change) => known(change(state), before),
      known(shifted(parse(text), -offsetMs()), before),
    );
  }

  function take(entry: Entry, text: string | null): void {
    if (entry.text !== text) entry.known = after(text, entry);
    entry.text = text;
  }

  function write(target: string, entry: Entry): Promise<void> {
    entry.writing ??= writeAll(target, entry);
    return entry.writing;
  }

  async function writeAll(target: string, entry: Entry): Promise<void> {
    try {
      while (entry.changes.length > 0) {
        let count = 0;
        const text = await modifyShared(shared, PREFIX + target, (stored) => {
          count = entry.changes.length;
          return textOf(shifted(after(stored, entry), offsetMs()));
        });
        entry.changes.splice(0, count);
        entry.writtenAt = ++turn;
        take(entry, text);
      }
    } finally {
      entry.writing = null;
    }
  }

  return {
    of: (target) => entries.get(target)?.known ?? healthy,
    change(target, change) {
      const entry = entryOf(target);
      entry.known = known(change(entry.known), entry.known);
      entry.changes.push(change);
      return write(target, entry).catch(() => undefined); // the next refresh writes it
    },
    async forget(target) {
      await modifyShared(shared, PREFIX + target, () => null);
    },
    async refresh() {
      const askedAt = ++turn;
      const texts = new Map((await shared.list(PREFIX)).map(({ key, value }) => [key.slice(PREFIX.length), value]));
      for (const target of texts.keys()) entryOf(target);
      for (const [target, entry] of entries) {
        if (entry.writtenAt < askedAt) take(entry, texts.get(target) ?? null);
        if (entry.text === null && entry.changes.length === 0) entries.delete(target);
      }
      loaded = true;
      for (const [target, entry] of entries) if (entry.changes.length > 0) await write(target, entry);
    },
    isLoaded: () => loaded,
  };
}

/** What the store has, by the target's name: for whoever looks at it once, beside the relays. Rejects as the store does. */
export async function storedTargetStates(shared: Pick<SharedState, 'list'>): Promise<ReadonlyMap<string, TargetState>> {
  return new Map((await shared.list(PREFIX)).map(({ key, value }) => [key.slice(PREFIX.length), parse(value)]));
}

/**
 * Changes what the store has of a target, for whoever does it once, beside the relays: they take it over when they next look. Resolves with what the
 * store had before; rejects as the store does.
 */
export async function changeStoredState(
  shared: Pick<SharedState, 'get' | 'put'>,
  target: string,
  change: (before: TargetState) => TargetState,
): Promise<TargetState> {
  let before = HEALTHY;
  await modifyShared(shared, PREFIX + target, (text) => {
    before = parse(text);
    return JSON.stringify(change(before));
  });
  return before;
}

/** The same moments by a clock that is ahead by so many milliseconds. */
function shifted<S extends TargetState>(state: S, ms: number): S {
  const { pausedUntil, breaker } = state;
  if (ms === 0 || (pausedUntil === null && breaker === null)) return state;
  return {
    ...state,
    pausedUntil: pausedUntil === null ? null : pausedUntil + ms,
    breaker: breaker && { ...breaker, until: breaker.until + ms },
  };
}

function textOf({ pauseEnds: _, breakerEnds: __, ...state }: KnownState): string {
  return JSON.stringify(state);
}

/** What another version of this program has written may lack a field. */
function parse(text: string | null): TargetState {
  if (text === null) return HEALTHY;
  try {
    return { ...HEALTHY, ...(JSON.parse(text) as Partial<TargetState>) };
  } catch {
    return HEALTHY;
  }
}

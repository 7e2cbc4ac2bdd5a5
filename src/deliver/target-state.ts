/** What is known of each target's health by every relay on the store, and after a restart: pauses, stops and open breakers. */
import { createHash } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import type { SharedState } from '../kit/shared-state.ts';
import type { Reason } from '../model/outcome.ts';

export interface TargetState {
  /** By an operator. */
  readonly paused: boolean;
  /** The target asked for it; epoch milliseconds. */
  readonly pausedUntil: number | null;
  /** The target said that it is gone. It holds for this URL only. */
  readonly stopped: { readonly reason: Reason; readonly url: string } | null;
  /** Open until then (epoch milliseconds), for the `openings`-th time in a row. */
  readonly breaker: { readonly openings: number; readonly until: number } | null;
}

export interface KnownState extends TargetState {
  /** The ends of the pause and of the breaker's pause in monotonic milliseconds: a jump of the wall clock moves neither. */
  readonly pauseEnds: number;
  readonly breakerEnds: number;
}

export interface TargetStates {
  of(target: string): KnownState;
  /** Holds here at once; is written to the store as soon as it answers. Resolves after the first try to write it. */
  change(target: string, change: (state: TargetState) => TargetState): Promise<void>;
  /** Takes over what other relays have written, and writes what could not be written before. */
  refresh(): Promise<void>;
  /** False until the first refresh has come back. */
  isLoaded(): boolean;
}

export const HEALTHY: TargetState = { paused: false, pausedUntil: null, stopped: null, breaker: null };

const PREFIX = 'target/';
const LONGEST_PAUSE_MS = 24 * 3_600_000;

interface Entry {
  known: KnownState;
  text: string;
  version: number;
  dirty: boolean;
  writing: Promise<void> | null;
}

/** Tells two URLs of one target apart without keeping either. */
export function fingerprint(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 16);
}

export function createTargetStates(ports: { readonly shared: SharedState; readonly clock: Clock }): TargetStates {
  const { shared, clock } = ports;
  const entries = new Map<string, Entry>();
  const healthy: KnownState = { ...HEALTHY, pauseEnds: 0, breakerEnds: 0 };
  let loaded = false;

  function known(state: TargetState): KnownState {
    const ends = (until: number | undefined | null): number =>
      until == null ? 0 : clock.monotonic() + Math.min(Math.max(until - clock.now(), 0), LONGEST_PAUSE_MS);
    return { ...state, pauseEnds: ends(state.pausedUntil), breakerEnds: ends(state.breaker?.until) };
  }

  function entryOf(target: string): Entry {
    let entry = entries.get(target);
    if (!entry) {
      entry = { known: healthy, text: '', version: 0, dirty: false, writing: null };
      entries.set(target, entry);
    }
    return entry;
  }

  function write(target: string, entry: Entry): Promise<void> {
    entry.writing ??= writeUntilClean(target, entry).finally(() => {
      entry.writing = null;
    });
    return entry.writing;
  }

  async function writeUntilClean(target: string, entry: Entry): Promise<void> {
    for (let tries = 0; entry.dirty && tries < 5; tries++) {
      const { text, version } = entry;
      const written = await shared.put(PREFIX + target, text, version);
      if (written) {
        entry.version = version + 1;
        entry.dirty = entry.text !== text;
      } else {
        const stored = (await shared.list(PREFIX + target)).find(({ key }) => key === PREFIX + target);
        entry.version = stored?.version ?? 0;
      }
    }
  }

  return {
    of: (target) => entries.get(target)?.known ?? healthy,
    change(target, change) {
      const entry = entryOf(target);
      const { pauseEnds: _, breakerEnds: __, ...before } = entry.known;
      const state = change(before);
      entry.known = known(state);
      entry.text = JSON.stringify(state);
      entry.dirty = true;
      return write(target, entry).catch(() => undefined); // the next refresh writes it
    },
    async refresh() {
      for (const { key, value, version } of await shared.list(PREFIX)) {
        const entry = entryOf(key.slice(PREFIX.length));
        if (entry.dirty || entry.writing) continue;
        entry.version = version;
        if (entry.text === value) continue;
        entry.text = value;
        entry.known = known(parse(value));
      }
      loaded = true;
      for (const [target, entry] of entries) if (entry.dirty) await write(target, entry);
    },
    isLoaded: () => loaded,
  };
}

/** What another version of this program has written may lack a field. */
function parse(text: string): TargetState {
  try {
    return { ...HEALTHY, ...(JSON.parse(text) as Partial<TargetState>) };
  } catch {
    return HEALTHY;
  }
}

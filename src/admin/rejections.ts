/** Requests that the door refused: counted by reason, the last thousand kept without their bodies, across restarts. */
import type { Clock, Timer } from '../kit/clock.ts';
import { modifyShared, type SharedState } from '../kit/shared-state.ts';
import type { Rejection, RejectionList } from './schema/live.ts';

export interface Rejections {
  add(refused: Omit<Rejection, 'at'>): void;
  list(wanted: Wanted): RejectionList;
  /** Takes over what was kept before, and from now on writes what is new every few seconds. */
  start(): Promise<void>;
  /** Writes what is new; may be called twice. Never rejects: refusals are not worth a failed stop. */
  stop(): Promise<void>;
}

export interface Wanted {
  readonly source?: string | undefined;
  readonly code?: string | undefined;
  readonly limit: number;
}

export interface RejectionPorts {
  readonly clock: Clock;
  readonly shared: SharedState;
}

interface Counts {
  [sourceAndCode: string]: { readonly count: number; readonly last: string };
}

interface Kept {
  readonly counts: Counts;
  /** Oldest first. */
  readonly items: Rejection[];
}

const KEY = 'rejections';
const MOST_ITEMS = 1000;
const WRITE_EVERY_MS = 10_000;

export function createRejections({ clock, shared }: RejectionPorts): Rejections {
  /** What the store has, of every relay; what is being written; and what came since. */
  let stored = nothing();
  let underWay = nothing();
  let fresh = nothing();
  let timer: Timer | undefined;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    underWay = fresh;
    fresh = nothing();
    try {
      await modifyShared(shared, KEY, (text) => {
        stored = text === null ? nothing() : read(text);
        return underWay.items.length === 0 ? text : JSON.stringify(joined([stored, underWay]));
      });
      stored = joined([stored, underWay]);
      underWay = nothing();
    } catch {
      // the next time writes it
    }
    fresh = joined([underWay, fresh]);
    underWay = nothing();
  }

  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  function wait(): void {
    timer = clock.after(WRITE_EVERY_MS, () => {
      void flush().finally(() => {
        if (timer) wait();
      });
    });
  }

  return {
    add(refused) {
      const item = { at: new Date(clock.now()).toISOString(), ...refused };
      addCount(fresh.counts, `${item.source}\n${item.code}`, { count: 1, last: item.at });
      fresh.items.push(item);
      if (fresh.items.length > 2 * MOST_ITEMS) fresh.items.splice(0, MOST_ITEMS);
    },
    list: (wanted) => listOf(joined([stored, underWay, fresh]), wanted),
    async start() {
      wait();
      await flush();
    },
    async stop() {
      timer?.cancel();
      timer = undefined;
      await flush();
      if (fresh.items.length > 0) await flush();
    },
  };
}

/** What the store has, for whoever looks beside the relays; what came in the last seconds is still to be written. Rejects as the store does. */
export async function storedRejections(shared: Pick<SharedState, 'get'>, wanted: Wanted): Promise<RejectionList> {
  const row = await shared.get(KEY);
  return listOf(row ? read(row.value) : nothing(), wanted);
}

function listOf(all: Kept, { source, code, limit }: Wanted): RejectionList {
  const isWanted = (one: { readonly source: string; readonly code: string }): boolean =>
    (source === undefined || one.source === source) && (code === undefined || one.code === code);
  const reasons = Object.entries(all.counts).map(([key, { count, last }]) => {
    const [name = '', reason = ''] = key.split('\n');
    return { source: name, code: reason, count, last_at: last };
  });
  return {
    total: reasons.reduce((sum, { count }) => sum + count, 0),
    by_reason: reasons.filter(isWanted).toSorted((a, b) => b.count - a.count),
    items: all.items.filter(isWanted).slice(-limit).toReversed(),
  };
}

function nothing(): Kept {
  return { counts: {}, items: [] };
}

function addCount(
  counts: Counts,
  key: string,
  { count, last }: { readonly count: number; readonly last: string },
): void {
  const before = counts[key];
  counts[key] = { count: count + (before?.count ?? 0), last: before && before.last > last ? before.last : last };
}

function joined(all: readonly Kept[]): Kept {
  const counts: Counts = {};
  for (const one of all) for (const [key, more] of Object.entries(one.counts)) addCount(counts, key, more);
  const items = all.flatMap((one) => one.items).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { counts, items: items.slice(-MOST_ITEMS) };
}

/** What another version has written may look otherwise: then it counts for nothing. */
function read(text: string): Kept {
  try {
    const { counts, items } = JSON.parse(text) as Partial<Kept>;
    return counts && Array.isArray(items) ? { counts, items } : nothing();
  } catch {
    return nothing();
  }
}

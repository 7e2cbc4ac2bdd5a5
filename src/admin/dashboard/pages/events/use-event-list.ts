/** The list of events as it grows: new ones on top as they come, older ones below when they are asked for. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { EventPage, EventSummary } from '../../../api-schema.ts';
import { ApiError, apiPath, call } from '../../api/client.ts';
import { useTail } from '../../api/use-tail.ts';

export interface EventList {
  /** Undefined until the first page is there. */
  readonly items: readonly EventSummary[] | undefined;
  readonly error: ApiError | undefined;
  /** Whether older events may follow. */
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  /** How many events have come that are not shown, because the reader is further down. */
  readonly unseen: number;
  readonly isLive: boolean;
  more(): void;
  refresh(): void;
}

interface State {
  readonly items?: readonly EventSummary[];
  readonly next: string | null;
  readonly error?: ApiError;
  readonly isBusy: boolean;
}

const PAGE = '50';
/** A search that finds nothing for a while is asked to go on so often before it waits for a click. */
const MOST_EMPTY_PAGES = 20;
const REFRESH_MS = 1000;
/** Further down than this the list stays still, in pixels. */
const TOP = 120;

export function useEventList(filter: Readonly<Record<string, string>>, isFollowing: boolean): EventList {
  const key = JSON.stringify(filter);
  const [state, setState] = useState<State>({ next: null, isBusy: true });
  const [unseen, setUnseen] = useState(0);
  const abort = useRef(new AbortController());

  const load = useCallback(
    async (kind: 'first' | 'refresh' | 'more', cursor: string | null) => {
      const { signal } = abort.current;
      if (kind !== 'refresh') setState((before) => ({ ...before, isBusy: true }));
      try {
        const page = await readPage(JSON.parse(key), cursor, signal);
        setState((before) => merged(kind, before, page));
        if (kind !== 'more') setUnseen(0);
      } catch (error) {
        if (signal.aborted) return;
        const shown = error instanceof ApiError ? error : new ApiError(0, 'DEFECT', String(error));
        setState((before) => ({ ...before, error: shown, isBusy: false }));
      }
    },
    [key],
  );

  useEffect(() => {
    abort.current = new AbortController();
    setState({ next: null, isBusy: true });
    void load('first', null);
    return () => abort.current.abort();
  }, [load]);

  const dirty = useRef(false);
  const isLive = useTail(
    {
      accepted: () => {
        dirty.current = true;
        if (window.scrollY > TOP) setUnseen((before) => before + 1);
      },
      settled: () => {
        dirty.current = true;
      },
      missed: () => {
        dirty.current = true;
      },
    },
    isFollowing,
  );
  useEffect(() => {
    if (!isFollowing) return;
    const timer = setInterval(() => {
      if (!dirty.current || document.hidden || window.scrollY > TOP) return;
      dirty.current = false;
      void load('refresh', null);
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isFollowing, load]);

  return {
    items: state.items,
    error: state.error,
    hasMore: state.next !== null,
    isBusy: state.isBusy,
    unseen,
    isLive,
    more: () => void load('more', state.next),
    refresh: () => void load('refresh', null),
  };
}

async function readPage(
  filter: Readonly<Record<string, string>>,
  cursor: string | null,
  signal: AbortSignal,
): Promise<EventPage> {
  let before = cursor;
  for (let round = 0; ; round++) {
    const path = apiPath(['events'], { ...filter, limit: PAGE, before: before ?? undefined });
    const page = await call<EventPage>(path, { signal });
    if (page.items.length > 0 || page.next === null || round >= MOST_EMPTY_PAGES) return page;
    before = page.next;
  }
}

/** A refreshed first page takes the place of what it repeats; older pages that were read stay below it. */
function merged(kind: 'first' | 'refresh' | 'more', before: State, page: EventPage): State {
  if (kind === 'more') {
    const known = new Set(before.items?.map(({ id }) => id));
    const added = page.items.filter(({ id }) => !known.has(id));
    return { items: [...(before.items ?? []), ...added], next: page.next, isBusy: false };
  }
  const fresh = new Set(page.items.map(({ id }) => id));
  const oldest = page.items.at(-1);
  const kept = (before.items ?? []).filter(({ id }) => !fresh.has(id));
  const isJoined = oldest !== undefined && before.items?.some(({ id }) => fresh.has(id));
  if (kind === 'first' || !isJoined || kept.length === 0) return { items: page.items, next: page.next, isBusy: false };
  const older = kept.filter(({ received_at }) => received_at <= oldest.received_at);
  return { items: [...page.items, ...older], next: older.length > 0 ? before.next : page.next, isBusy: false };
}

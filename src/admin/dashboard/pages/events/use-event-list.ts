/** The list of events as it grows: new ones on top as they come, older ones below when they are asked for. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { EventPage, EventSummary } from '../../../api-schema.ts';
import { ApiError, apiPath, call } from '../../api/client.ts';
import { useTail } from '../../api/use-tail.ts';
import { continued, type Listed, refreshed, type Unseen, unseenIn } from './merge-pages.ts';

export interface EventList {
  /** Undefined until the first page is there. */
  readonly items: readonly EventSummary[] | undefined;
  readonly error: ApiError | undefined;
  /** Whether older events may follow. */
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  /** What has come that is not shown, because the reader is further down. */
  readonly unseen: Unseen;
  readonly isLive: boolean;
  more(): void;
  refresh(): void;
}

interface State {
  /** Null until the first page is there. */
  readonly list: Listed | null;
  readonly unseen: Unseen;
  readonly error?: ApiError;
  readonly isBusy: boolean;
}

/** `look` counts what is new and shows nothing of it. */
type Kind = 'first' | 'refresh' | 'look' | 'more';

const PAGE = '50';
/** A search that finds nothing for a while is asked to go on so often before it waits for a click; what is asked again and again is not. */
const MOST_EMPTY_PAGES = 20;
const REFRESH_MS = 1000;
/** So many refreshes later it is asked again though nothing was heard: other relays on the same store say nothing on this one's tail. */
const QUIET_ROUNDS = 5;
/** Further down than this the list stays still, in pixels. */
const TOP = 120;
const NOTHING_UNSEEN: Unseen = { count: 0, isMore: false };
const AT_FIRST: State = { list: null, unseen: NOTHING_UNSEEN, isBusy: true };

export function useEventList(filter: Readonly<Record<string, string>>, isFollowing: boolean): EventList {
  const key = JSON.stringify(filter);
  const [state, setState] = useState<State>(AT_FIRST);
  const abort = useRef(new AbortController());
  const underWay = useRef(0);

  const load = useCallback(
    async (kind: Kind, cursor: string | null = null) => {
      const { signal } = abort.current;
      const isSearch = kind === 'first' || kind === 'more';
      if (isSearch) setState((before) => ({ ...before, isBusy: true }));
      underWay.current++;
      try {
        const filter = { ...JSON.parse(key), before: cursor ?? undefined };
        const page = await readPage({ filter, signal, mostEmpty: isSearch ? MOST_EMPTY_PAGES : 0 });
        setState((before) => withPage(kind, before, page));
      } catch (error) {
        if (signal.aborted) return;
        const shown = error instanceof ApiError ? error : new ApiError(0, 'DEFECT', String(error));
        setState((before) => ({ ...before, error: shown, isBusy: false }));
      } finally {
        underWay.current--;
      }
    },
    [key],
  );

  useEffect(() => {
    abort.current = new AbortController();
    setState(AT_FIRST);
    void load('first');
    return () => abort.current.abort();
  }, [load]);

  const isDirty = useRef(false);
  const soil = (): void => {
    isDirty.current = true;
  };
  const isLive = useTail({ accepted: soil, settled: soil, missed: soil }, isFollowing);
  useEffect(() => {
    if (!isFollowing) return;
    let quiet = 0;
    const timer = setInterval(() => {
      if (document.hidden || underWay.current > 0) return;
      quiet++;
      if (!isDirty.current && quiet < QUIET_ROUNDS) return;
      isDirty.current = false;
      quiet = 0;
      void load(window.scrollY > TOP ? 'look' : 'refresh');
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isFollowing, load]);

  return {
    items: state.list?.items,
    error: state.error,
    hasMore: state.list !== null && state.list.next !== null,
    isBusy: state.isBusy,
    unseen: state.unseen,
    isLive,
    more: () => void load('more', state.list?.next),
    refresh: () => void load('refresh'),
  };
}

interface PageToRead {
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How many empty pages are passed over. */
  readonly mostEmpty: number;
}

async function readPage({ filter, signal, mostEmpty }: PageToRead): Promise<EventPage> {
  let { before } = filter;
  for (let round = 0; ; round++) {
    const page = await call<EventPage>(apiPath(['events'], { ...filter, limit: PAGE, before }), { signal });
    if (page.items.length > 0 || page.next === null || round >= mostEmpty) return page;
    before = page.next;
  }
}

function withPage(kind: Kind, { list, unseen }: State, page: EventPage): State {
  if (list === null) return { list: page, unseen: NOTHING_UNSEEN, isBusy: false };
  switch (kind) {
    case 'first':
      return { list: page, unseen: NOTHING_UNSEEN, isBusy: false };
    case 'refresh':
      return { list: refreshed(list, page), unseen: NOTHING_UNSEEN, isBusy: false };
    case 'look':
      return { list, unseen: unseenIn(page, list.items), isBusy: false };
    case 'more':
      return { list: continued(list, page), unseen, isBusy: false };
  }
}

/** An answer of the API as a component sees it: the last good one stays while the next is on its way. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, call } from './client.ts';

export interface Resource<T> {
  /** Undefined until the first answer. */
  readonly data: T | undefined;
  /** Set while the last call failed. */
  readonly error: ApiError | undefined;
  reload(): void;
}

/** Asks again every `everyMs` while the page is seen; null asks nothing. */
export function useResource<T>(path: string | null, everyMs?: number): Resource<T> {
  const [state, setState] = useState<{ path: string | null; data?: T; error?: ApiError }>({ path });
  const [round, setRound] = useState(0);
  const underWay = useRef(false);
  const reload = useCallback(() => setRound((before) => before + 1), []);

  // A new round asks for the same path again.
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    underWay.current = true;
    call<T>(path, { signal: abort.signal })
      .then((data) => setState({ path, data }))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        const shown = error instanceof ApiError ? error : new ApiError(0, 'DEFECT', String(error));
        setState((before) => (before.path === path ? { ...before, error: shown } : { path, error: shown }));
      })
      .finally(() => {
        if (!abort.signal.aborted) underWay.current = false;
      });
    return () => abort.abort();
  }, [path, round]);

  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden && !underWay.current) reload();
    }, everyMs);
    const seen = (): void => {
      if (!document.hidden) reload();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [everyMs, reload]);

  const isCurrent = state.path === path;
  return { data: isCurrent ? state.data : undefined, error: isCurrent ? state.error : undefined, reload };
}

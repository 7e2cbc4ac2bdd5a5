/** Translates what is tried, a moment after each change; the last answer stays until the next is there. */
import { useEffect, useState } from 'preact/hooks';
import type { TranslateAnswer, TranslateRequest } from '../../../api-schema.ts';
import { ApiError, call } from '../../api/client.ts';

export interface TranslationState {
  readonly answer: TranslateAnswer | undefined;
  readonly error: ApiError | undefined;
  readonly isBusy: boolean;
}

const TYPING_MS = 200;

export function useTranslation(request: TranslateRequest | null): TranslationState {
  const [state, setState] = useState<TranslationState>({ answer: undefined, error: undefined, isBusy: false });
  useEffect(() => {
    if (request === null) return;
    const abort = new AbortController();
    setState((before) => ({ ...before, isBusy: true }));
    const timer = setTimeout(async () => {
      try {
        const answer = await call<TranslateAnswer>('/api/translate', {
          method: 'POST',
          body: request,
          signal: abort.signal,
        });
        setState({ answer, error: undefined, isBusy: false });
      } catch (caught) {
        if (abort.signal.aborted) return;
        const error = caught instanceof ApiError ? caught : new ApiError(0, 'DEFECT', String(caught));
        setState((before) => ({ ...before, error, isBusy: false }));
      }
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [request]);
  return state;
}

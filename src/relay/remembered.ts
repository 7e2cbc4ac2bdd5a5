/** An answer that is asked for often and costs something: worked out once for all who ask within a moment. */
import type { Clock } from '../kit/clock.ts';

/** The last answer while it is younger than `forMs`; those who ask meanwhile share the one that is on its way. A failure is not kept. */
export function remembered<T>(
  load: () => Promise<T>,
  forMs: number,
  clock: Pick<Clock, 'monotonic'>,
): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let until = Number.NEGATIVE_INFINITY;
  return () => {
    if (answer && clock.monotonic() < until) return answer;
    const loading = load();
    answer = loading;
    until = Number.POSITIVE_INFINITY;
    loading.then(
      () => {
        if (answer === loading) until = clock.monotonic() + forMs;
      },
      () => {
        if (answer === loading) answer = undefined;
      },
    );
    return loading;
  };
}

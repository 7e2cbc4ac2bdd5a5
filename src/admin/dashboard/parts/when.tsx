/** An instant: short to read, in full on hover. */
import { useNow } from '../show/use-now.ts';
import { useWords } from '../show/use-words.ts';

export function When({ at }: { readonly at: string }) {
  const { time } = useWords();
  return (
    <time dateTime={at} title={time.full(at)}>
      {time.short(at)}
    </time>
  );
}

export function Ago({ at }: { readonly at: string }) {
  const { time } = useWords();
  const now = useNow();
  return (
    <time dateTime={at} title={time.full(at)}>
      {time.relative(at, now)}
    </time>
  );
}

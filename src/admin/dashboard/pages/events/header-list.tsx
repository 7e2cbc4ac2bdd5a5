/** The headers of a request or an answer, folded until someone wants them. */
import { useWords } from '../../show/use-words.ts';

export function HeaderList({ headers }: { readonly headers: Readonly<Record<string, string>> }) {
  const { t } = useWords();
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  return (
    <details class="headers">
      <summary>{t.event.headers(entries.length)}</summary>
      <dl>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

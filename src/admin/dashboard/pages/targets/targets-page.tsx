/** Every target: how it is, what waits for it, and what an operator may do about it. */
import { useEffect } from 'preact/hooks';
import type { TargetList } from '../../../api-schema.ts';
import { useResource } from '../../api/use-resource.ts';
import type { Place } from '../../location.ts';
import { Empty, Skeleton, Trouble } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';
import { TargetCard } from './target-card.tsx';

const REFRESH_MS = 3000;

export function TargetsPage({ place }: { readonly place: Place }) {
  const { t, count } = useWords();
  const { data, error, reload } = useResource<TargetList>('/api/targets', REFRESH_MS);
  const isLoaded = data !== undefined;
  useEffect(() => {
    if (isLoaded && place.id) document.querySelector('[data-chosen]')?.scrollIntoView({ block: 'center' });
  }, [isLoaded, place.id]);
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.pages.targets}</h1>
        {data && <span class="dim">{count(data.items.length)}</span>}
      </header>
      {error && <Trouble error={error} retry={reload} />}
      {!data && !error && (
        <div class="card">
          <Skeleton lines={8} />
        </div>
      )}
      {data?.items.length === 0 && (
        <div class="card">
          <Empty title={t.targets.none}>{t.targets.noneText}</Empty>
        </div>
      )}
      {data && (
        <ul class="targets">
          {data.items.map((target) => (
            <li key={target.name}>
              <TargetCard target={target} isChosen={target.name === place.id} changed={reload} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

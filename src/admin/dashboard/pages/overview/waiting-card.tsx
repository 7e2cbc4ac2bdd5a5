/** What is not at its target yet, and what will not get there by itself. */
import type { Overview } from '../../../api-schema.ts';
import { hrefOf } from '../../location.ts';
import { Card } from '../../parts/card.tsx';
import { Skeleton } from '../../parts/notice.tsx';
import { Ago } from '../../parts/when.tsx';
import { useWords } from '../../show/use-words.ts';

export function WaitingCard({ overview }: { readonly overview: Overview | undefined }) {
  const { t, count } = useWords();
  return (
    <Card title={t.overview.unfinished}>
      {!overview ? (
        <Skeleton lines={4} />
      ) : (
        <div class="card-body">
          <div class="figures">
            <a class="figure" href={hrefOf('events', null, { state: 'waiting' })}>
              <b>{count(overview.waiting.deliveries)}</b>
              <span>{t.overview.waitingDeliveries}</span>
            </a>
            <a class={overview.dead > 0 ? 'figure is-bad' : 'figure'} href={hrefOf('events', null, { state: 'dead' })}>
              <b>{count(overview.dead)}</b>
              <span>{t.overview.deadDeliveries}</span>
            </a>
          </div>
          <ul class="rows">
            {overview.waiting_for_gone.map(({ target, waiting }) => (
              <li key={target} class="row is-bad">
                <span class="row-name">
                  {target} <span class="small">{t.overview.notConfigured}</span>
                </span>
                <span>{t.overview.waitingCount(count(waiting))}</span>
              </li>
            ))}
            {overview.flow.targets
              .filter(({ waiting }) => waiting > 0)
              .toSorted((a, b) => b.waiting - a.waiting)
              .slice(0, 6)
              .map(({ name, waiting }) => (
                <li key={name} class="row">
                  <a href={hrefOf('targets', name)}>{name}</a>
                  <span>{t.overview.waitingCount(count(waiting))}</span>
                </li>
              ))}
          </ul>
          <p class="dim small">
            {overview.waiting.oldest_at ? (
              <>
                {t.overview.oldest} <Ago at={overview.waiting.oldest_at} />
              </>
            ) : (
              t.overview.nothingWaits
            )}
          </p>
        </div>
      )}
    </Card>
  );
}

/** The first page: whether all is well, what flows from where to where, its last hour, and that nothing is lost. */
import type { Overview } from '../../../api-schema.ts';
import { useResource } from '../../api/use-resource.ts';
import { Card } from '../../parts/card.tsx';
import { Skeleton, Trouble } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';
import { Curves } from './curves.tsx';
import { FlowPicture } from './flow-picture.tsx';
import { Headline } from './headline.tsx';
import { LedgerCard } from './ledger-card.tsx';
import { RefusalsCard } from './refusals-card.tsx';
import { WaitingCard } from './waiting-card.tsx';

const REFRESH_MS = 3000;

export function OverviewPage() {
  const { t } = useWords();
  const { data, error, reload } = useResource<Overview>('/api/overview', REFRESH_MS);
  // Relays that share a store count their traffic each for itself; what is in the store is everybody's.
  const isShared = data?.relay.store === 'postgres';
  const ofWhom = (note: string): string => (isShared ? t.overview.thisRelay(note) : note);
  return (
    <div class="page">
      <Headline overview={data} />
      {error && <Trouble error={error} retry={reload} />}
      <Card title={t.overview.flow} note={ofWhom(t.overview.flowNote)} class="flow-card">
        {data ? <FlowPicture overview={data} /> : <Skeleton lines={8} />}
      </Card>
      <Curves series={data?.series} ofWhom={ofWhom} />
      <div class="trio">
        <WaitingCard overview={data} />
        <LedgerCard ledger={data?.ledger} />
        <RefusalsCard ofWhom={ofWhom} />
      </div>
    </div>
  );
}

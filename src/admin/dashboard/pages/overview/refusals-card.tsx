/** What was turned away at the door, by reason. */
import type { RejectionList } from '../../../api-schema.ts';
import { useResource } from '../../api/use-resource.ts';
import { Card } from '../../parts/card.tsx';
import { Empty, Skeleton, Trouble } from '../../parts/notice.tsx';
import { Ago } from '../../parts/when.tsx';
import { useWords } from '../../show/use-words.ts';

const REFRESH_MS = 10_000;
const MOST_SHOWN = 7;

export function RefusalsCard({ ofWhom }: { readonly ofWhom: (note: string) => string }) {
  const { t, count } = useWords();
  const { data, error } = useResource<RejectionList>('/api/rejections?limit=1', REFRESH_MS);
  return (
    <Card title={t.overview.refusals} note={data && data.total > 0 ? ofWhom(count(data.total)) : undefined}>
      {error && <Trouble error={error} />}
      {!data && !error && <Skeleton lines={4} />}
      {data?.by_reason.length === 0 && <Empty title={t.overview.noRefusals}>{t.overview.noRefusalsText}</Empty>}
      {data && data.by_reason.length > 0 && (
        <ul class="rows card-body">
          {data.by_reason.slice(0, MOST_SHOWN).map(({ source, code, count: times, last_at }) => (
            <li key={`${source} ${code}`} class="row">
              <span class="row-name">
                <code>{code}</code> <span class="dim">{source || t.overview.noSource}</span>
              </span>
              <span class="nowrap">
                <span class="dim small">
                  <Ago at={last_at} />
                </span>{' '}
                {count(times)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

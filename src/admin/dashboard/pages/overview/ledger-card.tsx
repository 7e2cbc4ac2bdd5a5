/** Every accepted event accounted for: one bar, and the sums that it is made of. */
import type { Ledger } from '../../../api-schema.ts';
import { Card } from '../../parts/card.tsx';
import { Skeleton } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';

const STATES = ['delivered', 'dropped', 'waiting', 'dead', 'expired'] as const;

export function LedgerCard({ ledger }: { readonly ledger: Ledger | undefined }) {
  const { t, count } = useWords();
  if (!ledger)
    return (
      <Card title={t.overview.ledger}>
        <Skeleton lines={4} />
      </Card>
    );
  const parts = [
    ...STATES.map((state) => ({ state, value: ledger.events[state] })),
    { state: 'unmatched' as const, value: ledger.unmatched },
    { state: 'ignored' as const, value: ledger.ignored },
  ];
  const isBalanced = ledger.problems.length === 0;
  return (
    <Card title={t.overview.ledger} note={isBalanced ? t.overview.balanced : t.overview.unbalanced}>
      <div class="card-body">
        <div class="ledger-bar" aria-hidden="true">
          {parts
            .filter(({ value }) => value > 0)
            .map(({ state, value }) => (
              <span key={state} class={`ledger-part is-${state}`} style={{ flexGrow: value }} />
            ))}
        </div>
        <dl class="rows">
          <div class="row is-sum">
            <dt>{t.overview.acceptedEvents}</dt>
            <dd>{count(ledger.accepted)}</dd>
          </div>
          {parts.map(({ state, value }) => (
            <div key={state} class={value === 0 ? 'row is-zero' : 'row'}>
              <dt>
                <span class={`ledger-key is-${state}`} aria-hidden="true" />
                {t.states[state]}
              </dt>
              <dd>{count(value)}</dd>
            </div>
          ))}
        </dl>
        {ledger.pruned > 0 && <p class="dim small">{t.overview.pruned(count(ledger.pruned))}</p>}
      </div>
    </Card>
  );
}

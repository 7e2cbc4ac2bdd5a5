/** What would be sent: the requests, or why there are none. */
import { Card } from '../../parts/card.tsx';
import { Empty, Skeleton, Trouble } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';
import { Sent } from '../events/sent-requests.tsx';
import { EmissionFields } from '../events/translated-fields.tsx';
import type { TranslationState } from './use-translation.ts';

export function ResultColumn({ translation: { answer, error, isBusy } }: { readonly translation: TranslationState }) {
  const { t, count } = useWords();
  const note = answer?.result === 'requests' ? t.replay.requests(count(answer.requests.length)) : undefined;
  return (
    <Card title={t.playground.wouldSend} note={note} class={isBusy ? 'playground-result is-busy' : 'playground-result'}>
      {error && <Trouble error={error} />}
      {!answer && !error && <Skeleton lines={10} />}
      {answer?.result === 'not_run' && <Empty title={t.playground.notRun}>{t.playground.notRunText}</Empty>}
      {answer?.result === 'dropped' && <Empty title={t.playground.dropped}>{answer.reason?.message}</Empty>}
      {(answer?.result === 'failed' || answer?.result === 'unreadable') && (
        <div class="result-failed">
          <p>
            <b>{answer.result === 'failed' ? t.playground.failed : t.playground.unreadable}</b>
          </p>
          {answer.reason && (
            <p>
              {answer.reason.message} <code>{answer.reason.code}</code>
            </p>
          )}
          <ul>
            {answer.payload_problems.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {answer?.requests.map((request, index) => (
        <Sent key={index} request={request} index={index} isAlone={answer.requests.length === 1} />
      ))}
      {answer?.translation && answer.translation.emissions.length > 0 && (
        <details class="result-how">
          <summary>{t.playground.how}</summary>
          {answer.translation.emissions.map((emission, index) => (
            <EmissionFields key={index} emission={emission} index={index} />
          ))}
        </details>
      )}
    </Card>
  );
}

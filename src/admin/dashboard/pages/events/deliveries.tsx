/** What was made of the event, each delivery with its tries on a timeline and the ways to send it again. */
import type { Attempt, DeliveryDetail, Held } from '../../../api-schema.ts';
import { hrefOf } from '../../location.ts';
import { StateBadge } from '../../parts/badge.tsx';
import { Card } from '../../parts/card.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Ago, When } from '../../parts/when.tsx';
import { bytes } from '../../show/number.ts';
import { useNow } from '../../show/use-now.ts';
import { useWords } from '../../show/use-words.ts';
import { HeaderList } from './header-list.tsx';
import type { Replay } from './replay-dialog.tsx';

/** A try that is this late waits for more than its turn. */
const SLACK_MS = 2000;

export interface DeliveriesProps {
  readonly deliveries: readonly DeliveryDetail[];
  readonly receivedAt: string;
  readonly replay: (replay: Replay) => void;
}

export function Deliveries({ deliveries, receivedAt, replay }: DeliveriesProps) {
  const { t } = useWords();
  const finished = deliveries.filter(({ state }) => state !== 'waiting');
  const all = finished.map(({ id }) => id);
  return (
    <Card
      title={t.event.deliveries}
      actions={
        finished.length > 1 && (
          <button type="button" class="button is-small" onClick={() => replay({ ids: all, retranslate: false })}>
            {t.replay.all}
          </button>
        )
      }
    >
      {deliveries.length === 0 && <Empty title={t.event.noDeliveries}>{t.event.noDeliveriesText}</Empty>}
      {deliveries.map((delivery) => (
        <DeliveryBlock key={delivery.id} delivery={delivery} receivedAt={receivedAt} replay={replay} />
      ))}
    </Card>
  );
}

/** What keeps a delivery from being sent, and where one can do something about it. */
function HeldBy({ held, target }: { readonly held: Held; readonly target: string }) {
  const { t } = useWords();
  const { reason, until, behind } = held;
  return (
    <p class="try-held">
      {t.event.held[reason]}{' '}
      {until && (
        <>
          {t.event.heldEnds} <Ago at={until} />.{' '}
        </>
      )}
      {behind && <a href={hrefOf('events', behind.event_id)}>{t.event.toFirst}</a>}
      {!behind && reason !== 'gone' && <a href={hrefOf('targets', target)}>{t.event.toTarget}</a>}
    </p>
  );
}

/** A time that has passed is no next try: it waits for its turn, or is held. */
function Next({ at, isFirst }: { readonly at: string; readonly isFirst: boolean }) {
  const { t } = useWords();
  const isDue = Date.parse(at) + SLACK_MS < useNow();
  return (
    <>
      {isDue ? t.event.wasDue : isFirst ? t.event.firstTry : t.event.nextTry} <Ago at={at} />
    </>
  );
}

interface DeliveryBlockProps {
  readonly delivery: DeliveryDetail;
  readonly receivedAt: string;
  readonly replay: (replay: Replay) => void;
}

function DeliveryBlock({ delivery, receivedAt, replay }: DeliveryBlockProps) {
  const { t } = useWords();
  const { id, rule, target, state, reason, tries, due_at, held, requests } = delivery;
  const isFinished = state !== 'waiting';
  return (
    <article class="delivery" aria-label={`${rule} → ${target}`}>
      <header class="delivery-head">
        <h3>
          <a href={hrefOf('targets', target)}>{target}</a> <span class="delivery-rule">{rule}</span>
        </h3>
        <StateBadge state={state} />
      </header>
      {reason && (
        <p class={state === 'delivered' || state === 'dropped' ? 'delivery-reason' : 'delivery-reason is-bad'}>
          {reason.message} <code>{reason.code}</code>
        </p>
      )}
      <ol class="timeline" aria-label={t.event.attempts}>
        {tries.map((attempt) => (
          <Try
            key={attempt.number}
            attempt={attempt}
            receivedAt={receivedAt}
            isOneOfSeveral={(requests?.length ?? 0) > 1}
          />
        ))}
        {!isFinished && (
          <li class="try is-next">
            <span class="try-dot" aria-hidden="true" />
            <span>
              {held && <HeldBy held={held} target={target} />}
              <Next at={due_at} isFirst={tries.length === 0} />
            </span>
          </li>
        )}
      </ol>
      <footer class="delivery-foot">
        <code class="dim">{id}</code>
        <Actions delivery={delivery} replay={replay} />
      </footer>
    </article>
  );
}

/** The same bytes again, or before the next try; or translated anew, which what was never translated is in any case. */
function Actions({ delivery, replay }: Omit<DeliveryBlockProps, 'receivedAt'>) {
  const { t } = useWords();
  const now = useNow();
  const { id, state, mapping, requests, due_at } = delivery;
  const isFinished = state !== 'waiting';
  const early = !isFinished && Date.parse(due_at) > now + SLACK_MS;
  const canSend = isFinished ? requests !== null || mapping === null : early;
  const canTranslate = mapping !== null && (isFinished || requests !== null);
  return (
    <span class="delivery-actions">
      {canSend && (
        <button type="button" class="button is-small" onClick={() => replay({ ids: [id], retranslate: false, early })}>
          {early ? t.replay.now : t.replay.same}
        </button>
      )}
      {canTranslate && (
        <button type="button" class="button is-small" onClick={() => replay({ ids: [id], retranslate: true, early })}>
          {t.replay.anew}
        </button>
      )}
    </span>
  );
}

interface TryProps {
  readonly attempt: Attempt;
  readonly receivedAt: string;
  /** True where its delivery makes several requests. */
  readonly isOneOfSeveral: boolean;
}

function Try({ attempt, receivedAt, isOneOfSeveral }: TryProps) {
  const { t, time } = useWords();
  const { number, started_at, duration_ms, response, error, method, url, headers } = attempt;
  const isGood = response !== null && response.status >= 200 && response.status < 300;
  const after = new Date(started_at).getTime() - new Date(receivedAt).getTime();
  return (
    <li class={isGood ? 'try is-good' : 'try is-bad'}>
      <span class="try-dot" aria-hidden="true" />
      <details>
        <summary>
          <span class="try-number">{t.event.attempt(number)}</span>
          <b class="try-result">{response?.status ?? error?.code}</b>
          <span class="try-after">+{time.duration(Math.max(after, 0))}</span>
          <span class="try-duration">
            {t.event.took(time.duration(duration_ms))}
            {isOneOfSeveral && ` · ${t.event.requestNumber(attempt.request + 1)}`}
          </span>
        </summary>
        <div class="try-more">
          <p class="request-line">
            <b>{method}</b> {url}
          </p>
          <p class="dim small">
            <When at={started_at} />
          </p>
          {error && <p class="is-bad small">{error.message}</p>}
          <HeaderList headers={headers} />
          {response && (
            <>
              <p class="request-line">
                <b>{response.status}</b> {t.event.answer(bytes(response.body.bytes))}
              </p>
              {response.body.text && <pre class="json-text">{response.body.text}</pre>}
              {response.body.truncated && <p class="dim small">{t.event.cutAnswer}</p>}
              <HeaderList headers={response.headers} />
            </>
          )}
        </div>
      </details>
    </li>
  );
}

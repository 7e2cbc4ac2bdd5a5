/** One event: what came, what it became, where it went, and why not. */
import { useState } from 'preact/hooks';
import type { EventDetail } from '../../../api-schema.ts';
import { useResource } from '../../api/use-resource.ts';
import { useTail } from '../../api/use-tail.ts';
import { goTo, hrefOf } from '../../location.ts';
import { StateBadge } from '../../parts/badge.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Skeleton, Trouble } from '../../parts/notice.tsx';
import { Ago, When } from '../../parts/when.tsx';
import { useWords } from '../../show/use-words.ts';
import { useShortcuts } from '../../use-shortcuts.ts';
import { Deliveries } from './deliveries.tsx';
import { Journey } from './journey.tsx';
import { type Replay, ReplayDialog } from './replay-dialog.tsx';
import { Rules } from './rules.tsx';

/** What other relays on the same store do is not heard of on this one's tail. */
const REFRESH_MS = 5000;

export function EventPage({ id }: { readonly id: string }) {
  const { data, error, reload } = useResource<EventDetail>(`/api/events/${encodeURIComponent(id)}`, REFRESH_MS);
  const [replay, setReplay] = useState<Replay | null>(null);
  useTail({
    settled: ({ event_id }) => {
      if (event_id === id) reload();
    },
    missed: reload,
  });
  useShortcuts({ u: () => goTo(hrefOf('events')) });
  return (
    <div class="page">
      <EventHead id={id} detail={data} />
      {error && <Trouble error={error} retry={reload} />}
      {!data && !error && (
        <div class="card">
          <Skeleton lines={14} />
        </div>
      )}
      {data && (
        <>
          <Journey detail={data} />
          <div class="duo">
            <Deliveries deliveries={data.deliveries} receivedAt={data.event.received_at} replay={setReplay} />
            <Rules explanation={data.explanation} />
          </div>
        </>
      )}
      {replay && (
        <ReplayDialog
          replay={replay}
          close={() => setReplay(null)}
          done={() => {
            setReplay(null);
            reload();
          }}
        />
      )}
    </div>
  );
}

function EventHead({ id, detail }: { readonly id: string; readonly detail: EventDetail | undefined }) {
  const { t } = useWords();
  const event = detail?.event;
  return (
    <header class="event-head">
      <a class="back" href={hrefOf('events')}>
        <Icon name="back" size={15} />
        {t.pages.events}
      </a>
      <h1>
        {event?.type ?? t.event.title} {event && event.state !== 'accepted' && <StateBadge state={event.state} />}
      </h1>
      <p class="event-facts">
        {event && (
          <>
            <span>
              {t.event.from} <a href={hrefOf('events', null, { source: event.source })}>{event.source}</a>{' '}
              {event.format !== event.source && <span class="dim">({event.format})</span>}
            </span>
            <span>
              {t.event.receivedAt} <When at={event.received_at} />{' '}
              <span class="dim">
                (<Ago at={event.received_at} />)
              </span>
            </span>
            <span>
              {t.event.happened} <When at={event.time} />
            </span>
          </>
        )}
        <span class="event-key">
          <code>{id}</code>
          <CopyButton text={id} label={t.event.copyId} />
        </span>
      </p>
    </header>
  );
}

/** What came, newest first, as it comes; filters stand in the address, so that a view can be handed on. */
import { useRef, useState } from 'preact/hooks';
import type { EventSummary, Overview } from '../../../api-schema.ts';
import { useResource } from '../../api/use-resource.ts';
import { goTo, hrefOf, type Place, replacePlace } from '../../location.ts';
import { StateBadge } from '../../parts/badge.tsx';
import { Empty, Skeleton, Trouble } from '../../parts/notice.tsx';
import { SendHint } from '../../parts/send-hint.tsx';
import { When } from '../../parts/when.tsx';
import { useWords } from '../../show/use-words.ts';
import { useShortcuts } from '../../use-shortcuts.ts';
import { EventFilters, FILTERS } from './event-filters.tsx';
import { useEventList } from './use-event-list.ts';

export function EventsPage({ place }: { readonly place: Place }) {
  const { t, count } = useWords();
  const [isFollowing, setFollowing] = useState(true);
  const filter = Object.fromEntries(FILTERS.flatMap((name) => pick(name, place.query.get(name))));
  const list = useEventList(filter, isFollowing);
  const rows = useRef<HTMLUListElement>(null);
  useShortcuts({ j: () => step(rows.current, 1), k: () => step(rows.current, -1) });
  const toTop = (): void => {
    window.scrollTo({ top: 0 });
    list.refresh();
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.pages.events}</h1>
        <label class="switch page-tools">
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={(event) => setFollowing(event.currentTarget.checked)}
          />
          {t.events.live}
          <span class={list.isLive ? 'live-dot is-on' : 'live-dot'} aria-hidden="true" />
        </label>
      </header>
      <EventFilters
        filter={filter}
        choose={(next) => goTo(hrefOf('events', null, next))}
        type={(next) => replacePlace(hrefOf('events', null, next))}
      />
      {list.error && <Trouble error={list.error} retry={list.refresh} />}
      <section class="card" aria-label={t.pages.events} aria-busy={list.isBusy}>
        {!list.items && !list.error && <Skeleton lines={12} />}
        {list.items?.length === 0 && !list.isBusy && (
          <NoEvents isFiltered={Object.keys(filter).length > 0} hasMore={list.hasMore} />
        )}
        {list.items && list.items.length > 0 && (
          <ul class="events" ref={rows}>
            {list.items.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ul>
        )}
        {list.hasMore && (
          <div class="events-more">
            <button type="button" class="button" disabled={list.isBusy} onClick={list.more}>
              {list.isBusy ? t.loading : t.events.older}
            </button>
          </div>
        )}
      </section>
      {list.unseen.count > 0 && (
        <button type="button" class="events-unseen" onClick={toTop}>
          {t.events.unseen(`${count(list.unseen.count)}${list.unseen.isMore ? '+' : ''}`)}
        </button>
      )}
    </div>
  );
}

function EventRow({ event }: { readonly event: EventSummary }) {
  const { id, type, source, format, received_at, state, deliveries } = event;
  const states = Object.entries(deliveries) as [keyof typeof deliveries, number][];
  return (
    <li>
      <a class="event-row" href={hrefOf('events', id)}>
        <span class="event-when">
          <When at={received_at} />
        </span>
        <span class="event-type">{type}</span>
        <span class="event-source">
          {source}
          {format !== source && <span class="dim"> {format}</span>}
        </span>
        <code class="event-id">{id}</code>
        <span class="event-states">
          {states.length === 0 && <StateBadge state={state} />}
          {states.map(([name, times]) => (
            <StateBadge key={name} state={name} count={times} />
          ))}
        </span>
      </a>
    </li>
  );
}

function NoEvents({ isFiltered, hasMore }: { readonly isFiltered: boolean; readonly hasMore: boolean }) {
  const { t } = useWords();
  const { data: overview } = useResource<Overview>(isFiltered ? null : '/api/overview');
  if (isFiltered)
    return (
      <Empty title={hasMore ? t.events.noneSoFar : t.events.noneFound}>
        <a href={hrefOf('events')}>{t.events.clearFilters}</a>
      </Empty>
    );
  return (
    <Empty title={t.events.none}>
      {t.events.noneText}
      <br />
      {overview && <SendHint overview={overview} />}
    </Empty>
  );
}

function pick(name: string, value: string | null): [string, string][] {
  return value ? [[name, value]] : [];
}

function step(list: HTMLElement | null, by: 1 | -1): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('a.event-row') ?? [])];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

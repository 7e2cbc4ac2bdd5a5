/** From the raw request to what was delivered, side by side: received, understood, translated, sent. */
import { useMemo, useState } from 'preact/hooks';
import type { EventDetail } from '../../../api-schema.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { jsonLines } from '../../show/json-lines.ts';
import { useWords } from '../../show/use-words.ts';
import { linkFields } from './field-links.ts';
import { journeyLines } from './journey-lines.ts';
import { LinkedLines, LinkingContext } from './linked-lines.tsx';
import { ReceivedRequest, rawLines } from './received-request.tsx';
import { SentRequests, sentLines } from './sent-requests.tsx';
import { TranslatedFields } from './translated-fields.tsx';
import { useLinking } from './use-linking.ts';

export function Journey({ detail }: { readonly detail: EventDetail }) {
  const { t } = useWords();
  const lines = useMemo(() => journeyLines(detail), [detail]);
  const [chosen, setChosen] = useState<string | null>(null);
  const line = lines.find(({ key }) => key === chosen) ?? lines[0];
  const raw = useMemo(() => rawLines(detail.request), [detail.request]);
  const data = useMemo(() => (detail.data === null ? [] : jsonLines(detail.data, 'data')), [detail.data]);
  const links = useMemo(() => {
    const requests = line?.delivery?.requests ?? [];
    const isForwarded = line !== undefined && line.mapping === null;
    return linkFields({
      translation: line?.translation ?? null,
      isForwarded,
      raw,
      data,
      sent: requests.map(sentLines),
    });
  }, [line, raw, data]);
  const [linking, handlers] = useLinking(links);
  return (
    <LinkingContext.Provider value={linking}>
      {lines.length > 1 && line && (
        <Tabs
          label={t.event.ways}
          selected={line.key}
          select={setChosen}
          tabs={lines.map(({ key, rule, target }) => ({ key, label: target, note: rule }))}
        />
      )}
      <div class="journey" {...handlers}>
        <Column title={t.event.received} note={t.event.receivedNote}>
          <ReceivedRequest request={detail.request} lines={raw} />
        </Column>
        <Column title={t.event.understood} note={detail.event.format}>
          {data.length > 0 ? (
            <LinkedLines lines={data} />
          ) : (
            <p class="column-text">{detail.explanation.unreadable ?? t.event.notRead}</p>
          )}
        </Column>
        <Column title={t.event.translated} note={line?.mapping ?? undefined}>
          <TranslatedFields event={detail.event} line={line} />
        </Column>
        <Column title={t.event.sent} note={line?.target}>
          <SentRequests line={line} />
        </Column>
      </div>
    </LinkingContext.Provider>
  );
}

interface ColumnProps {
  readonly title: string;
  readonly note: string | undefined;
  readonly children: preact.ComponentChildren;
}

function Column({ title, note, children }: ColumnProps) {
  return (
    <section class="column card" data-column aria-label={title}>
      <header class="column-head">
        <h2>{title}</h2>
        {note && <span class="column-note">{note}</span>}
      </header>
      {children}
    </section>
  );
}

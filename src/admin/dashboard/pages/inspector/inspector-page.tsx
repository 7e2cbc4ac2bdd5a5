/** What the built-in inspector targets received, newest first. */
import type { InspectedRequest, InspectorDetail, InspectorList } from '../../../api-schema.ts';
import { apiPath, call } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { hrefOf, type Place } from '../../location.ts';
import { Card } from '../../parts/card.tsx';
import { Empty, Skeleton, Trouble } from '../../parts/notice.tsx';
import { When } from '../../parts/when.tsx';
import { parseExact } from '../../show/exact-json.ts';
import { type JsonLine, jsonLines } from '../../show/json-lines.ts';
import { bytes } from '../../show/number.ts';
import { useWords } from '../../show/use-words.ts';
import { HeaderList } from '../events/header-list.tsx';
import { LinkedLines } from '../events/linked-lines.tsx';

const REFRESH_MS = 2000;

export function InspectorPage({ place }: { readonly place: Place }) {
  const { t, count } = useWords();
  const { data, error, reload } = useResource<InspectorList>('/api/inspect', REFRESH_MS);
  const name = place.id ?? data?.items.toSorted((a, b) => b.received - a.received)[0]?.name ?? null;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.pages.inspector}</h1>
        <p class="dim">{t.inspector.about}</p>
      </header>
      {error && <Trouble error={error} retry={reload} />}
      {!data && !error && (
        <div class="card">
          <Skeleton lines={8} />
        </div>
      )}
      {data?.items.length === 0 && name === null && (
        <div class="card">
          <Empty title={t.inspector.none}>
            {t.inspector.noneText}
            <br />
            <code>url: inspector:my-target</code>
          </Empty>
        </div>
      )}
      {data && name !== null && (
        <div class="inspector">
          <nav class="inspector-names" aria-label={t.pages.inspector}>
            {data.items.map((item) => (
              <a
                key={item.name}
                class="inspector-name"
                href={hrefOf('inspector', item.name)}
                {...(item.name === name ? { 'aria-current': 'true' as const } : {})}
              >
                {item.name} <span class="dim">{count(item.received)}</span>
              </a>
            ))}
          </nav>
          <Received key={name} name={name} />
        </div>
      )}
    </div>
  );
}

function Received({ name }: { readonly name: string }) {
  const { t, count } = useWords();
  const path = apiPath(['inspect', name]);
  const { data, error, reload } = useResource<InspectorDetail>(path, REFRESH_MS);
  const forget = async (): Promise<void> => {
    await call(path, { method: 'DELETE' }).catch(() => undefined);
    reload();
  };
  return (
    <Card
      title={name}
      note={data ? t.inspector.received(count(data.received)) : undefined}
      actions={
        <button type="button" class="button is-small" disabled={!data?.requests.length} onClick={forget}>
          {t.inspector.forget}
        </button>
      }
    >
      {error && <Trouble error={error} retry={reload} />}
      {!data && !error && <Skeleton lines={8} />}
      {data?.requests.length === 0 && <Empty title={t.inspector.nothing}>{t.inspector.nothingText}</Empty>}
      {data?.requests.map((request) => (
        <Inspected key={request.number} request={request} />
      ))}
    </Card>
  );
}

function Inspected({ request }: { readonly request: InspectedRequest }) {
  const { t } = useWords();
  const { number, received_at, method, url, headers, body } = request;
  const lines = body ? parsedLines(body) : [];
  return (
    <article class="inspected" aria-label={`#${number}`}>
      <header class="inspected-head">
        <span class="dim">#{number}</span>
        <b>
          {method} {url}
        </b>
        <span class="dim">
          <When at={received_at} />
        </span>
      </header>
      {lines.length > 0 && <LinkedLines lines={lines} />}
      {lines.length === 0 && body && <pre class="json-text">{body}</pre>}
      {body !== null && request.truncated && <p class="column-text">{t.event.cut(bytes(request.bytes))}</p>}
      {body === null && request.bytes > 0 && <p class="column-text">{t.event.noText(bytes(request.bytes))}</p>}
      <HeaderList headers={headers} />
    </article>
  );
}

function parsedLines(body: string): JsonLine[] {
  try {
    return jsonLines(parseExact(body), '');
  } catch {
    return [];
  }
}

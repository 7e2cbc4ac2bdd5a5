/** The requests that a delivery made of its event, as they were sent or will be. */
import { useContext } from 'preact/hooks';
import type { SentRequest } from '../../../api-schema.ts';
import { parseExact } from '../../show/exact-json.ts';
import { type JsonLine, jsonLines } from '../../show/json-lines.ts';
import { bytes } from '../../show/number.ts';
import { useWords } from '../../show/use-words.ts';
import { sentKey } from './field-links.ts';
import { HeaderList } from './header-list.tsx';
import type { JourneyLine } from './journey-lines.ts';
import { LinkedLines, LinkedRow, LinkingContext } from './linked-lines.tsx';

export function SentRequests({ line }: { readonly line: JourneyLine | undefined }) {
  const { t } = useWords();
  if (!line) return <p class="column-text">{t.event.nothingSent}</p>;
  const { delivery, target } = line;
  if (!delivery) return <p class="column-text">{t.event.notMade(target)}</p>;
  if (!delivery.requests || delivery.requests.length === 0)
    return <p class="column-text">{delivery.reason ? delivery.reason.message : t.event.notYet}</p>;
  return (
    <>
      {delivery.requests.map((request, index) => (
        <Sent key={index} request={request} index={index} isAlone={delivery.requests?.length === 1} />
      ))}
    </>
  );
}

interface SentProps {
  readonly request: SentRequest;
  readonly index: number;
  readonly isAlone?: boolean;
}

export function Sent({ request, index, isAlone = true }: SentProps) {
  const { t } = useWords();
  const { links } = useContext(LinkingContext);
  const { method, url_suffix, headers, body } = request;
  const query = queryRows(request);
  const lines = bodyLines(request);
  return (
    <div class="sent">
      <p class="request-line">
        {!isAlone && <span class="dim">{index + 1}. </span>}
        <b>{method}</b> {url_suffix || t.event.targetUrl} <span class="dim">{request.event}</span>
      </p>
      {query.length > 0 && (
        <div class="json">
          {query.map(({ path, name, value }) => {
            const key = sentKey(index, path);
            return (
              <LinkedRow key={path} lineKey={key} isLinked={links.isLinked(key)}>
                <span class="json-name">{name}</span>
                <span class="json-mark">=</span>
                <span class="json-value">{value}</span>
              </LinkedRow>
            );
          })}
        </div>
      )}
      {lines.length > 0 && <LinkedLines lines={lines} keyOf={(path) => sentKey(index, path)} />}
      {lines.length === 0 && body && body.bytes > 0 && (
        <pre class="json-text">{body.text ?? t.event.noText(bytes(body.bytes))}</pre>
      )}
      <HeaderList headers={headers} />
    </div>
  );
}

/** Everything that a field can stand in: the query's members and the body's. */
export function sentLines(request: SentRequest): JsonLine[] {
  const query = queryRows(request).map(({ path, name, value }) => leaf(path, name, value));
  const headers = Object.entries(request.headers).map(([name, value]) => leaf(`headers.${name}`, name, value));
  return [...query, ...headers, leaf('url_suffix', 'url_suffix', request.url_suffix), ...bodyLines(request)];
}

/** Of a name that is repeated each value has a place of its own: `query.tag[1]`. */
function queryRows({ query }: SentRequest): { readonly path: string; readonly name: string; readonly value: string }[] {
  const seen = new Map<string, number>();
  return query.map(({ name, value }) => {
    const place = seen.get(name) ?? 0;
    seen.set(name, place + 1);
    const isRepeated = query.filter((one) => one.name === name).length > 1;
    return { path: isRepeated ? `query.${name}[${place}]` : `query.${name}`, name, value };
  });
}

function leaf(path: string, name: string, value: string): JsonLine {
  return { path, depth: 0, name, text: JSON.stringify(value), kind: 'leaf', hasComma: false };
}

function bodyLines({ body }: SentRequest): JsonLine[] {
  if (!body?.text) return [];
  try {
    return jsonLines(parseExact(body.text), 'body');
  } catch {
    return [];
  }
}

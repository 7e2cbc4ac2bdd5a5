/** The request as it came through the door, without credentials. */
import type { RawRequest } from '../../../api-schema.ts';
import { parseExact } from '../../show/exact-json.ts';
import { type JsonLine, jsonLines } from '../../show/json-lines.ts';
import { bytes } from '../../show/number.ts';
import { useWords } from '../../show/use-words.ts';
import { HeaderList } from './header-list.tsx';
import { LinkedLines } from './linked-lines.tsx';

export interface ReceivedRequestProps {
  readonly request: RawRequest;
  /** Of its payload; empty where it is no JSON. */
  readonly lines: readonly JsonLine[];
}

export function ReceivedRequest({ request, lines }: ReceivedRequestProps) {
  const { t } = useWords();
  const { method, path, search, headers, body } = request;
  return (
    <>
      <p class="request-line">
        <b>{method}</b> {path}
        {search && `?${search}`}
      </p>
      {lines.length > 0 && <LinkedLines lines={lines} />}
      {lines.length === 0 && body.bytes > 0 && (
        <pre class="json-text">{body.text ?? t.event.noText(bytes(body.bytes))}</pre>
      )}
      {body.truncated && <p class="column-text">{t.event.cut(bytes(body.bytes))}</p>}
      <HeaderList headers={headers} />
    </>
  );
}

/** The payload's lines under `raw`: its body where that is JSON, else the members of its query. */
export function rawLines({ body, search }: RawRequest): JsonLine[] {
  if (body.text) {
    try {
      return jsonLines(parseExact(body.text), 'raw');
    } catch {
      return [];
    }
  }
  return search === '' ? [] : jsonLines(Object.fromEntries(new URLSearchParams(search)), 'raw');
}

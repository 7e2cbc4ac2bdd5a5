/** The inspector: a consumer inside the relay, for whoever has none yet. It keeps the last requests that it received, by name. */
import { decodeUtf8 } from '../kit/json.ts';

export interface Inspected {
  /** Counts up from 1 for each name. */
  readonly number: number;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly method: string;
  /** Path and query below `/inspect/<name>`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; null where it is no UTF-8. */
  readonly body: string | null;
  readonly bytes: number;
}

export interface Inspector {
  record(name: string, request: Omit<Inspected, 'number' | 'body' | 'bytes'> & { readonly body: Uint8Array }): void;
  /** Newest first; empty for a name that received nothing. */
  requests(name: string): readonly Inspected[];
  names(): readonly { readonly name: string; readonly received: number; readonly lastAt: string }[];
  clear(name: string): void;
}

/** For how many names requests are kept. */
const MOST_NAMES = 200;

/** `keep`: how many requests are kept for a name. */
export function createInspector(keep = 100): Inspector {
  const boxes = new Map<string, { received: number; kept: Inspected[] }>();
  return {
    record(name, { body, ...request }) {
      let box = boxes.get(name);
      if (!box) {
        if (boxes.size >= MOST_NAMES) boxes.delete(boxes.keys().next().value as string);
        box = { received: 0, kept: [] };
        boxes.set(name, box);
      }
      box.received++;
      box.kept.unshift({ ...request, number: box.received, body: decodeUtf8(body) ?? null, bytes: body.length });
      if (box.kept.length > keep) box.kept.pop();
    },
    requests: (name) => boxes.get(name)?.kept ?? [],
    names: () =>
      [...boxes].map(([name, { received, kept }]) => ({ name, received, lastAt: kept[0]?.receivedAt ?? '' })),
    clear: (name) => {
      boxes.delete(name);
    },
  };
}

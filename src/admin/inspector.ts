/** The inspector: a consumer inside the relay, for whoever has none yet. It keeps the last requests that it received, by name. */

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
  /** How many came. */
  readonly bytes: number;
  /** True where `body` is only the beginning. */
  readonly truncated: boolean;
}

export interface Inspector {
  record(name: string, request: Omit<Inspected, 'number'>): void;
  /** Newest first; empty for a name that received nothing. */
  requests(name: string): readonly Inspected[];
  /** How many came for a name since it is known, those that are not kept any more included. */
  received(name: string): number;
  names(): readonly { readonly name: string; readonly received: number; readonly lastAt: string }[];
  clear(name: string): void;
}

/** For how many names requests are kept. */
const MOST_NAMES = 200;
/** Characters that are kept for one name: whoever watches it is sent all of them every two seconds. */
const MOST_OF_ONE = 4 * 1024 * 1024;
const MOST_OF_ALL = 32 * 1024 * 1024;

interface Box {
  received: number;
  lastAt: string;
  size: number;
  /** Newest first. */
  readonly kept: Kept[];
}

interface Kept {
  readonly request: Inspected;
  readonly size: number;
  /** Counts up over all names. */
  readonly order: number;
}

/** `keep`: how many requests are kept for a name, at most. */
export function createInspector(keep = 100): Inspector {
  const boxes = new Map<string, Box>();
  let order = 0;
  let total = 0;

  function boxOf(name: string): Box {
    const known = boxes.get(name);
    if (known) return known;
    if (boxes.size >= MOST_NAMES) clear(boxes.keys().next().value as string);
    const box: Box = { received: 0, lastAt: '', size: 0, kept: [] };
    boxes.set(name, box);
    return box;
  }

  function dropOldest(box: Box): void {
    const size = box.kept.pop()?.size ?? 0;
    box.size -= size;
    total -= size;
  }

  function clear(name: string): void {
    total -= boxes.get(name)?.size ?? 0;
    boxes.delete(name);
  }

  return {
    record(name, request) {
      const box = boxOf(name);
      box.received++;
      box.lastAt = request.receivedAt;
      const size = sizeOf(request);
      box.kept.unshift({ request: { ...request, number: box.received }, size, order: order++ });
      box.size += size;
      total += size;
      while (box.kept.length > keep || box.size > MOST_OF_ONE) dropOldest(box);
      while (total > MOST_OF_ALL) dropOldest(oldestOf(boxes.values()));
    },
    requests: (name) => boxes.get(name)?.kept.map(({ request }) => request) ?? [],
    received: (name) => boxes.get(name)?.received ?? 0,
    names: () => [...boxes].map(([name, { received, lastAt }]) => ({ name, received, lastAt })),
    clear,
  };
}

/** The one that holds the oldest request of all. */
function oldestOf(boxes: Iterable<Box>): Box {
  const orderOf = ({ kept }: Box): number => kept.at(-1)?.order ?? Number.POSITIVE_INFINITY;
  return [...boxes].reduce((oldest, box) => (orderOf(box) < orderOf(oldest) ? box : oldest));
}

/** In characters. */
function sizeOf({ url, headers, body }: Omit<Inspected, 'number'>): number {
  return Object.entries(headers).reduce(
    (size, [name, value]) => size + name.length + value.length,
    url.length + (body?.length ?? 0),
  );
}

/** How the pages of a list become one list, when its first page is read again or an older one after it. Newest first, always. */
import type { EventPage, EventSummary } from '../../../api-schema.ts';

/** As of a page: what is shown, and the cursor of what is older, or null. */
export type Listed = Pick<EventPage, 'items' | 'next'>;

/**
 * The first page read again. Older ones stay below it where it reaches them; among its own events, what it no longer has is gone.
 * A search that has come to nothing yet says nothing of what was found further back.
 */
export function refreshed(before: Listed, page: Listed): Listed {
  if (page.items.length === 0 && page.next !== null) return before;
  const last = page.items.at(-1);
  const at = before.items.findIndex(({ id }) => id === last?.id);
  const older = page.next === null || at < 0 ? [] : before.items.slice(at + 1);
  return older.length > 0 ? { items: [...page.items, ...older], next: before.next } : page;
}

/** An older page, below what is there. */
export function continued(before: Listed, page: Listed): Listed {
  const known = new Set(before.items.map(({ id }) => id));
  return { items: [...before.items, ...page.items.filter(({ id }) => !known.has(id))], next: page.next };
}

export interface Unseen {
  readonly count: number;
  /** True where there are more than a page holds. */
  readonly isMore: boolean;
}

/** How much of a first page is newer than what is shown. */
export function unseenIn({ items, next }: Listed, shown: readonly EventSummary[]): Unseen {
  const known = new Set(shown.map(({ id }) => id));
  const last = items.findLastIndex(({ id }) => known.has(id));
  const newer = last < 0 ? items : items.slice(0, last).filter(({ id }) => !known.has(id));
  return { count: newer.length, isMore: last < 0 && newer.length > 0 && next !== null };
}

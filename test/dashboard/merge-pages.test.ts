import { describe, expect, it } from 'vitest';
import type { EventSummary } from '../../src/admin/api-schema.ts';
import { refreshed, unseenIn } from '../../src/admin/dashboard/pages/events/merge-pages.ts';

/** Events by their ids, one letter each, newest first. */
function events(ids: string): EventSummary[] {
  return [...ids].map((id) => ({ id }) as EventSummary);
}

function shown({ items, next }: { readonly items: readonly EventSummary[]; readonly next: string | null }): string {
  return `${items.map(({ id }) => id).join('')} ${next ?? '.'}`;
}

describe('a list of events that is read again', () => {
  it.each([
    ['is what the first page says where that is everything', 'dcba', null, 'dba', null, 'dba .'],
    ['is empty once nothing matches any more', 'dcba', null, '', null, ' .'],
    ['stays where a search has not come to anything yet', 'cba', null, '', '7', 'cba .'],
    ['keeps the older pages that were read, and where they end', 'dcba', '1', 'edc', '3', 'edcba 1'],
    ['loses what no longer matches among the first page', 'edcba', '1', 'fec', '3', 'fecba 1'],
    ['begins anew where more came than a page holds', 'cba', '1', 'hgf', '6', 'hgf 6'],
    ['begins anew where the page reaches beyond what was read', 'edc', '3', 'eba', '1', 'eba 1'],
  ])('%s', (_, before, oldNext, page, next, wanted) => {
    const read = refreshed({ items: events(before), next: oldNext }, { items: events(page), next });
    expect(shown(read)).toBe(wanted);
  });
});

describe('what a reader further down has not seen', () => {
  it.each([
    ['nothing, where the page says what is shown', 'cba', 'cba', { count: 0, isMore: false }],
    ['what came on top', 'cba', 'edcba', { count: 2, isMore: false }],
    ['nothing, where the page has what is older than what is shown', 'edc', 'eba', { count: 0, isMore: false }],
    ['at least a page, where nothing of it is shown', 'cba', 'hgf', { count: 3, isMore: true }],
  ])('is %s', (_, before, page, wanted) => {
    expect(unseenIn({ items: events(page), next: '1' }, events(before))).toEqual(wanted);
  });

  it('is the whole page and no more where that is everything', () => {
    expect(unseenIn({ items: events('b'), next: null }, [])).toEqual({ count: 1, isMore: false });
  });
});

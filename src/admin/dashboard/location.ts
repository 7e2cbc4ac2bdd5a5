/** Where in the dashboard the reader is: kept behind the `#` of the address, so that one served page is enough. */
import { useEffect, useState } from 'preact/hooks';

export type PageName = 'overview' | 'events' | 'targets' | 'playground' | 'inspector';

export interface Place {
  readonly page: PageName;
  /** The event or inspector that is shown, else null. */
  readonly id: string | null;
  readonly query: URLSearchParams;
}

export const PAGES: readonly PageName[] = ['overview', 'events', 'targets', 'playground', 'inspector'];

/** `#/events/evt_1?source=bsr` and the like; anything else is the overview. */
export function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', ...rest] = path.split('/');
  const page = PAGES.find((name) => name === first) ?? 'overview';
  return { page, id: decoded(rest.join('/')) || null, query: new URLSearchParams(search) };
}

export function hrefOf(page: PageName, id?: string | null, query: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${search}`;
}

export function goTo(href: string): void {
  window.location.hash = href;
}

/** Changes the address without a step in the history: for filters as they are typed. */
export function replacePlace(href: string): void {
  history.replaceState(null, '', href);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function usePlace(): Place {
  const [place, setPlace] = useState(() => parsePlace(window.location.hash));
  useEffect(() => {
    const follow = (): void => setPlace(parsePlace(window.location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return place;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

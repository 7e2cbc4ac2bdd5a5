/** The dashboard's frame: where one is, where one can go, and the page itself. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { goTo, hrefOf, PAGES, type Place, usePlace } from './location.ts';
import { EventPage } from './pages/events/event-page.tsx';
import { EventsPage } from './pages/events/events-page.tsx';
import { InspectorPage } from './pages/inspector/inspector-page.tsx';
import { OverviewPage } from './pages/overview/overview-page.tsx';
import { LazyPlayground } from './pages/playground/lazy-playground.tsx';
import { TargetsPage } from './pages/targets/targets-page.tsx';
import { Icon } from './parts/icon.tsx';
import { ShortcutHelp } from './parts/shortcut-help.tsx';
import { useSettings } from './settings.tsx';
import { useShortcuts } from './use-shortcuts.ts';

export function App() {
  const place = usePlace();
  const { t, theme, setTheme, language, setLanguage } = useSettings();
  const [showsHelp, setShowsHelp] = useState(false);
  const nextTheme = theme === 'auto' ? 'light' : theme === 'light' ? 'dark' : 'auto';
  // Whoever goes elsewhere, by the browser's back button for one, has done with the help.
  useEffect(() => setShowsHelp(false), [place]);
  useTitle(`${t.pages[place.page]} · Dragoman`);
  useShortcuts({
    'g o': () => goTo(hrefOf('overview')),
    'g e': () => goTo(hrefOf('events')),
    'g t': () => goTo(hrefOf('targets')),
    'g p': () => goTo(hrefOf('playground')),
    'g i': () => goTo(hrefOf('inspector')),
    '/': () => focusSearch(),
    t: () => setTheme(nextTheme),
    l: () => setLanguage(language === 'en' ? 'zh' : 'en'),
    '?': () => setShowsHelp(true),
  });
  const main = useFocusOnArrival(place);
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {t.skip}
      </button>
      <header class="bar">
        <a class="brand" href={hrefOf('overview')}>
          <Mark />
          <span>Dragoman</span>
        </a>
        <Navigation place={place} />
        <div class="bar-tools">
          <button
            type="button"
            class="tool is-language"
            lang={language === 'en' ? 'zh-CN' : 'en'}
            aria-label={language === 'en' ? '切换到中文' : 'Switch to English'}
            onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')}
          >
            {language === 'en' ? '中文' : 'EN'}
          </button>
          <button
            type="button"
            class="tool"
            aria-label={t.theme[theme]}
            title={t.theme[theme]}
            onClick={() => setTheme(nextTheme)}
          >
            <Icon name={theme === 'auto' ? 'auto' : theme === 'light' ? 'sun' : 'moon'} />
          </button>
          <button type="button" class="tool" aria-label={t.help} title={t.help} onClick={() => setShowsHelp(true)}>
            <Icon name="help" />
          </button>
        </div>
      </header>
      <main class="main" ref={main} tabIndex={-1}>
        <Page place={place} />
      </main>
      {showsHelp && <ShortcutHelp close={() => setShowsHelp(false)} />}
    </div>
  );
}

function Page({ place }: { readonly place: Place }) {
  switch (place.page) {
    case 'overview':
      return <OverviewPage />;
    case 'events':
      return place.id === null ? <EventsPage place={place} /> : <EventPage key={place.id} id={place.id} />;
    case 'targets':
      return <TargetsPage place={place} />;
    case 'playground':
      return <LazyPlayground place={place} />;
    case 'inspector':
      return <InspectorPage place={place} />;
  }
}

function Navigation({ place }: { readonly place: Place }) {
  const { t } = useSettings();
  return (
    <nav class="nav" aria-label={t.navigation}>
      {PAGES.map((page) => (
        <a key={page} href={hrefOf(page)} class="nav-link" {...(page === place.page ? { 'aria-current': 'page' } : {})}>
          <Icon name={page} size={20} />
          <span>{t.pages[page]}</span>
        </a>
      ))}
    </nav>
  );
}

/** The mark: two lines that change places and go on. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 11h6c4 0 4 10 8 10h4M7 21h6c1.6 0 2.6-1.6 3.5-3.6M19 12c.6-.6 1.2-1 2-1h4" />
    </svg>
  );
}

function focusSearch(): void {
  document.querySelector<HTMLElement>('[data-search]')?.focus();
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** On another page the reading begins at its top, for eyes and for screen readers. */
function useFocusOnArrival(place: Place) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(place.page + place.id);
  // With the page itself, not after it: a key that is pressed at once must find the focus where it stays.
  useLayoutEffect(() => {
    const here = place.page + place.id;
    if (before.current === here) return;
    before.current = here;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [place]);
  return main;
}

/** What a reader has chosen, language and theme, kept in this browser; until then what the browser prefers. */
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { en, type Texts } from './text/en.ts';
import type { Language } from './text/language.ts';
import { zh } from './text/zh.ts';

export type Theme = 'auto' | 'light' | 'dark';

export interface Settings {
  readonly language: Language;
  readonly theme: Theme;
  /** Whether dark is what is shown. */
  readonly isDark: boolean;
  readonly t: Texts;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
}

const Current = createContext<Settings | null>(null);

export function SettingsProvider({ children }: { readonly children: ComponentChildren }) {
  const [language, setLanguage] = useStored<Language>('dragoman.language', ['en', 'zh'], preferredLanguage());
  const [theme, setTheme] = useStored<Theme>('dragoman.theme', ['auto', 'light', 'dark'], 'auto');
  const prefersDark = usePrefersDark();
  const isDark = theme === 'auto' ? prefersDark : theme === 'dark';
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  }, [isDark]);
  const settings = useMemo(
    () => ({ language, theme, isDark, t: language === 'zh' ? zh : en, setLanguage, setTheme }),
    [language, theme, isDark],
  );
  return <Current.Provider value={settings}>{children}</Current.Provider>;
}

export function useSettings(): Settings {
  const settings = useContext(Current);
  if (!settings) throw new Error('useSettings outside of SettingsProvider');
  return settings;
}

export function useText(): Texts {
  return useSettings().t;
}

function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function usePrefersDark(): boolean {
  const [query] = useState(() => window.matchMedia('(prefers-color-scheme: dark)'));
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [query]);
  return dark;
}

function useStored<T extends string>(key: string, allowed: readonly T[], fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => allowed.find((one) => one === readStored(key)) ?? fallback);
  return [
    value,
    (next) => {
      setValue(next);
      writeStored(key, next);
    },
  ];
}

function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** A browser that keeps nothing (private windows, a full disk) still shows what was chosen, until it is closed. */
function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {}
}

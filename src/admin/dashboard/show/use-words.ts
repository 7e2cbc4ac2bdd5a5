/** Everything that a component needs to say something to its reader: texts, times and numbers in one language. */
import { useMemo } from 'preact/hooks';
import { useSettings } from '../settings.tsx';
import type { Texts } from '../text/en.ts';
import type { Language } from '../text/language.ts';
import * as number from './number.ts';
import { type TimeWords, timeWords } from './time.ts';

export interface Words {
  readonly t: Texts;
  readonly time: TimeWords;
  readonly language: Language;
  count(value: number): string;
}

export function useWords(): Words {
  const { t, language } = useSettings();
  return useMemo(
    () => ({ t, language, time: timeWords(language), count: (value) => number.count(value, language) }),
    [t, language],
  );
}

/** Times and durations for readers, in their language and time zone. */
import type { Language } from '../text/language.ts';

export interface TimeWords {
  clock(instant: string): string;
  /** With the date where it is not today. */
  short(instant: string): string;
  full(instant: string): string;
  /** `3 s ago`, `in 2 min`. */
  relative(instant: string, now: number): string;
  /** Of milliseconds: `38 ms`, `1.4 s`, `2 min`. */
  duration(ms: number): string;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** What is longer than seconds, which are written alike everywhere. */
const LONG_UNITS: Readonly<Record<Language, Readonly<Record<'minute' | 'hour' | 'day', string>>>> = {
  en: { minute: 'min', hour: 'h', day: 'd' },
  zh: { minute: '分钟', hour: '小时', day: '天' },
};

export function timeWords(language: Language): TimeWords {
  const units = LONG_UNITS[language];
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const dated = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const isToday = (date: Date): boolean => date.toDateString() === new Date().toDateString();
  return {
    clock: (instant) => clock.format(new Date(instant)),
    short: (instant) => (isToday(new Date(instant)) ? clock : dated).format(new Date(instant)),
    full: (instant) => full.format(new Date(instant)),
    relative(instant, now) {
      const ms = new Date(instant).getTime() - now;
      const [unit, size] = UNITS.find(([, unitMs]) => Math.abs(ms) >= unitMs) ?? ['second', 1000];
      return relative.format(Math.trunc(ms / size), unit);
    },
    duration(ms) {
      if (ms < 1) return '<1 ms';
      if (ms < 1000) return `${Math.round(ms)} ms`;
      if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
      if (ms < 3_600_000) return `${Math.round(ms / 60_000)} ${units.minute}`;
      if (ms < 86_400_000) return `${(ms / 3_600_000).toFixed(1)} ${units.hour}`;
      return `${(ms / 86_400_000).toFixed(1)} ${units.day}`;
    },
  };
}

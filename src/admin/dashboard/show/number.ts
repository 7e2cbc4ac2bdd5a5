/** Numbers for readers: whole where that is enough, short where they are large. */
import type { Language } from '../text/language.ts';

export function count(value: number, language: Language): string {
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB').format(value);
}

/** Of a rate a minute: `0`, `0.4`, `12`, `1.2k`. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value < 9.95) return value.toFixed(1).replace(/\.0$/, '');
  if (value < 9_950) return String(Math.round(value));
  if (value < 9_950_000) return `${(value / 1000).toFixed(value < 99_500 ? 1 : 0)}k`;
  return `${(value / 1_000_000).toFixed(1)}M`;
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / 1024 / 1024).toFixed(1)} MiB`;
}

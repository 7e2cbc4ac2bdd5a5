/** Spans of time as people and standards write them, read and written in milliseconds. */
import { parseDuration } from '../../kit/duration.ts';

const CLOCK = /^(-?)(?:(\d{1,6}):)?(\d{1,6}):(\d\d(?:\.\d{1,9})?)$/;
const ISO =
  /^([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:[.,]\d{1,9})?)S)?)?$/;

/** Milliseconds of `1h30m`, `-5m`, `01:02:03.5`, `PT1M2S`; undefined where it is none. */
export function readSpan(text: string): number | undefined {
  const clean = text.trim();
  if (clean.length > 64) return undefined;
  const clock = CLOCK.exec(clean);
  if (clock) {
    const [, sign, hours = 0, minutes = 0, seconds = 0] = clock;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 * (sign === '-' ? -1 : 1);
  }
  const iso = /\d/.test(clean) ? ISO.exec(clean) : null;
  if (iso) {
    const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = '0'] = iso;
    const whole = Number(weeks) * 604_800 + Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60;
    return (whole + Number(seconds.replace(',', '.'))) * 1000 * (sign === '-' ? -1 : 1);
  }
  const negative = clean.startsWith('-');
  const plain = parseDuration(negative || clean.startsWith('+') ? clean.slice(1) : clean);
  return plain === undefined ? undefined : plain * (negative ? -1 : 1);
}

export const SPAN_FORMATS = ['clock', 'clock_ms', 'iso', 'plain'] as const;
export type SpanFormat = (typeof SPAN_FORMATS)[number];

/** `clock` 01:02:03, `clock_ms` 01:02:03.500, `iso` PT1H2M3.5S, `plain` 1h2m3s. Clock and plain drop what is below their last unit. */
export function writeSpan(ms: number, format: SpanFormat): string {
  const sign = ms < 0 ? '-' : '';
  const whole = Math.round(Math.abs(ms));
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = Math.floor(whole / 1000) % 60;
  const rest = whole % 1000;
  const two = (value: number): string => String(value).padStart(2, '0');
  switch (format) {
    case 'clock':
      return `${sign}${two(hours)}:${two(minutes)}:${two(seconds)}`;
    case 'clock_ms':
      return `${sign}${two(hours)}:${two(minutes)}:${two(seconds)}.${String(rest).padStart(3, '0')}`;
    case 'iso': {
      const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`;
      const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds || rest ? `${seconds}${fraction}S` : ''}`;
      return `${sign}PT${time === '' ? '0S' : time}`;
    }
    case 'plain':
      return `${sign}${`${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${seconds ? `${seconds}s` : ''}` || '0s'}`;
  }
}

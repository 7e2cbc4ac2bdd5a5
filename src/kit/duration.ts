/** Durations and sizes as people write them in YAML: `15s`, `2m`, `10GB`, `20/s`. */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Milliseconds of `500ms`, `15s`, `2m`, `10h`, `30d`, or parts in a row such as `1h30m`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    ms += Number(amount) * (UNIT_MS[unit as string] ?? 0);
  }
  return ms;
}

/** The shortest exact way to write milliseconds: `90000` is `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  let rest = Math.round(ms / 1000);
  let text = '';
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const amount = Math.floor(rest / seconds);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * seconds;
  }
  return text;
}

/** Bytes of `512KB`, `10GB`, `1MiB`, or a bare number of bytes; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/.exec(text);
  return match ? Math.round(Number(match[1]) * (UNIT_BYTES[match[2] ?? 'B'] ?? 1)) : undefined;
}

/** Bytes to one decimal of the unit that suits them: `812 B`, `49.2 KB`, `1.3 GB`. */
export function formatSize(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'] as const;
  // What would be rounded to 1000.0 of one unit is 1.0 of the next.
  const unit = units.findLast((name) => bytes >= (UNIT_BYTES[name] ?? 1) * (name === 'KB' ? 1 : 0.99995));
  return unit ? `${(bytes / (UNIT_BYTES[unit] ?? 1)).toFixed(1)} ${unit}` : `${bytes} B`;
}

/** Events a second of `20/s`, `100/m`, `1000/h`; undefined where it is none. */
export function parseRate(text: string): { readonly count: number; readonly perMs: number } | undefined {
  const match = /^(\d+)\/(s|m|h|d)$/.exec(text);
  const count = Number(match?.[1]);
  return match && count > 0 ? { count, perMs: UNIT_MS[match[2] as string] ?? 1000 } : undefined;
}

/** A value as JSON for people, cut to a line whatever its size. */

const LONGEST = 80;
const DEEPEST = 4;

export function shown(value: unknown): string {
  const text = written(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function written(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (depth >= DEEPEST) return `${open}…${close}`;
  let text = open;
  for (const [key, part] of Object.entries(value)) {
    if (text.length > LONGEST) return `${text}…`;
    if (text.length > 1) text += ',';
    text += (Array.isArray(value) ? '' : `${JSON.stringify(key.slice(0, LONGEST))}:`) + written(part, depth + 1);
  }
  return text + close;
}

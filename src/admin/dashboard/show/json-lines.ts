/** A JSON value as the lines of a page, each with the path of what stands on it. */
import { leafText } from './exact-json.ts';

export interface JsonLine {
  /** Of the value that begins on this line: `body.payload.room_id`, `data.recordUrl[0]`. */
  readonly path: string;
  readonly depth: number;
  /** The member's name, or null in a list and at the top. */
  readonly name: string | null;
  /** The value, or the bracket that opens or closes it. */
  readonly text: string;
  readonly kind: 'leaf' | 'open' | 'close';
  readonly hasComma: boolean;
}

/** More than a reader will read; what is left out is said in a last line by whoever shows them. */
const MOST_LINES = 2000;

export function jsonLines(value: unknown, path: string): JsonLine[] {
  const lines: JsonLine[] = [];
  write({ value, path, depth: 0, name: null, hasComma: false }, lines);
  return lines;
}

interface Part {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
  readonly name: string | null;
  readonly hasComma: boolean;
}

function write({ value, ...part }: Part, lines: JsonLine[]): void {
  if (lines.length >= MOST_LINES) return;
  const children = childrenOf(value, part.path);
  if (!children || children.length === 0) {
    const text = children ? (Array.isArray(value) ? '[]' : '{}') : leafText(value);
    lines.push({ ...part, text, kind: 'leaf' });
    return;
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  lines.push({ ...part, text: open, kind: 'open', hasComma: false });
  for (const [index, child] of children.entries())
    write({ ...child, depth: part.depth + 1, hasComma: index < children.length - 1 }, lines);
  lines.push({ ...part, name: null, text: close, kind: 'close' });
}

function childrenOf(
  value: unknown,
  path: string,
): { readonly name: string | null; readonly value: unknown; readonly path: string }[] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => ({ name: null, value: item, path: `${path}[${index}]` }));
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).map(([name, item]) => ({
    name,
    value: item,
    path: path === '' ? name : `${path}.${name}`,
  }));
}

/** A JSON value as the lines of a page, each with the path of what stands on it. */
import { leafText } from './exact-json.ts';

export interface JsonLine {
  /** Of the value that begins on this line: `body.payload.room_id`, `data.recordUrl[0]`. */
  readonly path: string;
  readonly depth: number;
  /** The member's name, or null in a list and at the top. */
  readonly name: string | null;
  /** The value, the bracket that opens or closes it, or how many lines the rest has. */
  readonly text: string;
  readonly kind: 'leaf' | 'open' | 'close' | 'rest';
  readonly hasComma: boolean;
}

/** More than a reader will read; what is left out is counted in a last line, the rest. */
const MOST_LINES = 2000;

export function jsonLines(value: unknown, path: string): JsonLine[] {
  const lines: JsonLine[] = [];
  let left = 0;
  const add = (line: JsonLine): void => {
    if (lines.length < MOST_LINES) lines.push(line);
    else left++;
  };
  write({ value, path, depth: 0, name: null, hasComma: false }, add);
  if (left === 0) return lines;
  return [...lines, { path: '', depth: 0, name: null, text: String(left), kind: 'rest', hasComma: false }];
}

interface Part {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
  readonly name: string | null;
  readonly hasComma: boolean;
}

function write({ value, ...part }: Part, add: (line: JsonLine) => void): void {
  const children = childrenOf(value, part.path);
  if (!children || children.length === 0) {
    const text = children ? (Array.isArray(value) ? '[]' : '{}') : leafText(value);
    add({ ...part, text, kind: 'leaf' });
    return;
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  add({ ...part, text: open, kind: 'open', hasComma: false });
  for (const [index, child] of children.entries())
    write({ ...child, depth: part.depth + 1, hasComma: index < children.length - 1 }, add);
  add({ ...part, name: null, text: close, kind: 'close' });
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

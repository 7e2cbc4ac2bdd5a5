/** What a command prints and how it fails: text for people, JSON for machines, and a failure that carries its exit code. */
import { stringifyJson } from '../kit/json.ts';
import { spelledOut } from '../kit/shown.ts';

/** Ends a command with a message for the user; no stack is shown. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;
  constructor(message: string, advice?: string, exitCode = 1) {
    super(advice === undefined ? `Error: ${message}` : `Error: ${message}\n  Try: ${advice}`);
    this.exitCode = exitCode;
  }
}

/** Whoever sent or answered what is printed has no say over the terminal: only `paint` has. */
export interface Terminal {
  readonly color: boolean;
  readonly interactive: boolean;
  print(text: string): void;
  complain(text: string): void;
  json(value: unknown): void;
  paint(style: Style, text: string): string;
}

export type Style = 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'blue';

const CODES: Readonly<Record<Style, number>> = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, blue: 36 };

export function terminalOf(process: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>): Terminal {
  const interactive = process.stdout.isTTY === true;
  const color = interactive && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return {
    color,
    interactive,
    print: (text) => void process.stdout.write(`${printable(text, color)}\n`),
    complain: (text) => void process.stderr.write(`${printable(text, color)}\n`),
    json: (value) => void process.stdout.write(`${spelledOut(stringifyJson(value))}\n`),
    paint: (style, text) => (color ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text),
  };
}

const PAINT = new RegExp(`(\x1b\\[(?:0|${Object.values(CODES).join('|')})m)`);

function printable(text: string, color: boolean): string {
  if (!color) return spelledOut(text);
  return text
    .split(PAINT)
    .map((part, index) => (index % 2 === 1 ? part : spelledOut(part)))
    .join('');
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - displayWidth(cell)),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Terminal columns of a text: colour codes take none, wide characters two. */
function displayWidth(text: string): number {
  const plain = text.replace(/\x1b\[\d+m/g, '');
  let width = 0;
  for (const character of plain)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return width;
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Shows how far something is, in a line that is written over; nothing where nobody looks. */
export function progressOn(terminal: Terminal, say: (done: number, all: number) => string) {
  if (!terminal.interactive) return () => undefined;
  return (done: number, all: number): void =>
    void process.stderr.write(`\r${say(done, all)}${done >= all ? '\n' : ''}`);
}

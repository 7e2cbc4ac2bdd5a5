/** A YAML file's text by place, and how what is in it is written in a message. */
import type { Node } from 'yaml';
import type { Position } from './problem.ts';

export interface YamlText {
  readonly text: string;
  /** The place of a character of the text. */
  readonly place: (offset: number) => Position;
}

export function asKey(sign: string): { readonly message: string; readonly try: string } {
  return { message: `the key ${sign} has to be in quotes: YAML means something else by it`, try: `"${sign}": …` };
}

export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function rangeStart(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0];
}

/** Of a line that is too long to be looked at as a whole, a place in it. */
export function lineStart(text: string, offset: number): number {
  const from = Math.max(0, offset - 500);
  const before = text.slice(from, offset);
  return from + Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
}

export function lineEnd(text: string, offset: number): number {
  const behind = text.slice(offset, offset + 500);
  const length = behind.search(/[\r\n]/);
  return offset + (length === -1 ? behind.length : length);
}

export function lineAt(text: string, offset: number): string {
  return /^[^\r\n]*/.exec(text.slice(offset, offset + 500))?.[0].trim() ?? '';
}

/** The first character of the next line that is not empty. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return offset;
  return end + 1 + (/^\s*/.exec(text.slice(end + 1))?.[0].length ?? 0);
}

export function characterBefore(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset).trimEnd().at(-1) ?? ' ';
}

/** What a YAML parser stumbles over, in words for the person who wrote it. */
import { type Document, isMap, isScalar, visit, type YAMLError } from 'yaml';
import type { Problem } from './problem.ts';
import {
  asKey,
  characterBefore,
  lineAt,
  lineEnd,
  lineStart,
  nextLine,
  rangeStart,
  shown,
  type YamlText,
} from './yaml-text.ts';

/** More would only be what follows from the first ones. */
const MOST_PROBLEMS = 20;
/** Of the parser's, that are looked at. */
const MOST_ERRORS = 1000;

/**
 * The parser's errors as problems: one a line, each with what to do about it, and of those that may only follow from an earlier
 * one, because the parser has lost its place, none.
 */
export function syntaxProblems(document: Document, file: YamlText): Problem[] {
  const problems = new Map<number, Problem>();
  const seen = new Set<number>();
  let isAfterPlaceholder = false;
  let isAfterTab = false;
  /** Undefined while the parser has not stumbled. */
  let recoveredAt: number | undefined;
  for (const error of document.errors.slice(0, MOST_ERRORS)) {
    const [offset] = error.pos;
    if (seen.has(offset)) continue;
    seen.add(offset);
    const placeholder = placeholderProblem(offset, file);
    // Behind one, the parser has lost its place.
    if (isAfterPlaceholder && !placeholder) continue;
    isAfterPlaceholder ||= placeholder !== undefined;
    const isTab = !placeholder && tabInIndentation(error, file.text) !== undefined;
    if (isTab && isAfterTab) continue;
    isAfterTab ||= isTab;
    if (!placeholder && !isTab && recoveredAt !== undefined && mayFollow(error, recoveredAt, file.text)) continue;
    recoveredAt = recovery(file.text, offset);
    const problem = placeholder ?? explain(error, document, file);
    const line = problem.at?.line ?? 0;
    if (!problems.has(line) && problems.size < MOST_PROBLEMS) problems.set(line, problem);
  }
  return [...problems.values()];
}

/** True of an error that says no more than that the parser does not know where it is, before it has recovered from the one told last. */
function mayFollow(error: YAMLError, recoveredAt: number, text: string): boolean {
  // Here the file is over for the parser, and all the rest too much.
  if (/in YAML stream/.test(error.message)) return true;
  const [offset] = error.pos;
  switch (error.code) {
    case 'BAD_INDENT':
    case 'MISSING_CHAR':
      if (isUnclosed(error)) return false;
      break;
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (/:(?:\s|$)/.test(lineAt(text, offset))) return false;
      break;
    case 'UNEXPECTED_TOKEN':
    case 'MULTILINE_IMPLICIT_KEY':
      break;
    default:
      return false;
  }
  if (missingSpace(lineAt(text, offset)) !== undefined) return false;
  return offset < recoveredAt;
}

/** Behind the next line that begins with a key: that tells the parser again where it is. */
function recovery(text: string, from: number): number {
  const line = /[\r\n][^\s#\-\]}][^\r\n]*(?:\r\n|[\r\n])/g;
  line.lastIndex = from;
  return line.test(text) ? line.lastIndex : text.length + 1;
}

/** True where a quote or a bracket is told to be without its end. */
function isUnclosed({ message }: YAMLError): boolean {
  return /missing closing|and end with a|must end with a/i.test(message);
}

/** Where a tab stands among the spaces before what the parser stumbles over; undefined where it is not for a tab. */
function tabInIndentation({ code, pos: [offset] }: YAMLError, text: string): number | undefined {
  if (code === 'TAB_AS_INDENT') return offset;
  if (code !== 'BAD_INDENT' && code !== 'UNEXPECTED_TOKEN') return undefined;
  const start = lineStart(text, offset);
  const indentation = /^[ \t]*/.exec(text.slice(start, lineEnd(text, offset)))?.[0] ?? '';
  const tab = indentation.indexOf('\t');
  return tab === -1 || start + indentation.length < offset ? undefined : start + tab;
}

/** `${env:X}` inside of brackets, where YAML takes its brace for one of its own. */
function placeholderProblem(offset: number, { text, place }: YamlText): Problem | undefined {
  if (text[offset] !== '{' || text[offset - 1] !== '$') return undefined;
  const before = /[^\s[\]{},]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? '';
  const start = offset - before.length;
  const written = placeholderText(lineAt(text, start), offset - start);
  const message = `${shown(written)} has to be in quotes inside of { } and [ ]`;
  return { at: place(start), code: 'YAML_SYNTAX', message, try: inQuotes(written) };
}

/** The text around a placeholder whose brace is at `open`: to the space or bracket behind its end. */
function placeholderText(line: string, open: number): string {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    if (line[i] === '{') depth += 1;
    else if (line[i] === '}') depth -= 1;
    const isEnd = depth < 0 || (depth === 0 && i > open && /[\s,[\]]/.test(line[i] ?? ''));
    if (isEnd) return line.slice(0, i).replace(/:$/, '');
  }
  return line;
}

/** An operator of json-logic that stands as a key, such as `>: [a, 1]`, and means something else to YAML: here, or ending here. */
function operatorAt(text: string, offset: number): { readonly sign: string; readonly start: number } | undefined {
  const start = lineStart(text, offset);
  const line = text.slice(start, lineEnd(text, offset));
  for (const found of line.matchAll(/(?<=^|[\s{[,])([<>]=?|%|\*) ?:(?=\s|$)\s*/g)) {
    const at = start + found.index;
    if (offset >= at && offset <= at + found[0].length) return { sign: found[1] as string, start: at };
  }
  return undefined;
}

function explain(error: YAMLError, document: Document, file: YamlText): Problem {
  const [offset] = error.pos;
  const syntax = (at: number, message: string, advice: string): Problem => ({
    at: file.place(at),
    code: 'YAML_SYNTAX',
    message,
    try: advice,
  });
  const tab = tabInIndentation(error, file.text);
  if (tab !== undefined) return syntax(tab, 'a tab cannot indent: YAML takes spaces only', 'two spaces for each tab');
  const operator = operatorAt(file.text, offset);
  if (operator) return { at: file.place(operator.start), code: 'YAML_SYNTAX', ...asKey(operator.sign) };
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return syntax(offset, 'a second document begins here, and one is all that is read', 'one file without ---');
    case 'MISSING_CHAR':
    case 'BAD_INDENT':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return structure(error, document, { file, syntax });
    case 'BAD_SCALAR_START': {
      const written = lineAt(file.text, offset);
      return syntax(offset, `text cannot begin with ${written[0] ?? ''} unless it is in quotes`, inQuotes(written));
    }
    case 'BAD_DQ_ESCAPE':
      return syntax(
        offset,
        'this backslash is no escape of double quotes',
        "'single quotes', or two backslashes for one",
      );
    case 'BLOCK_IN_FLOW':
      return syntax(
        offset,
        'a comma is missing here, or text with ": " in it has to be in quotes',
        'a , between the two',
      );
    case 'UNEXPECTED_TOKEN':
      if (/at node end/.test(error.message) && `"'`.includes(characterBefore(file.text, offset)))
        return syntax(offset, 'the quote before this ends the text', quoteInside(characterBefore(file.text, offset)));
      if (/^[{[]/.test(lineAt(file.text, offset)) && /[^\s,[{]/.test(file.text[offset - 1] ?? ' '))
        return syntax(offset, 'a bracket inside of a text opens one here', 'the text in quotes');
      return syntax(
        offset,
        `${shown(lineAt(file.text, offset)[0] ?? '')} stands where nothing opens or expects it`,
        'taking it out',
      );
    default:
      return syntax(offset, plain(error.message), 'quotes around text with special characters');
  }
}

interface Telling {
  readonly file: YamlText;
  readonly syntax: (at: number, message: string, advice: string) => Problem;
}

/** Something is missing or stands at the wrong depth. */
function structure(error: YAMLError, document: Document, { file, syntax }: Telling): Problem {
  const [offset] = error.pos;
  const opening = openingOf(document, offset, file.text);
  if (/missing closing/i.test(error.message)) {
    const quote = opening === undefined ? '"' : file.text[opening];
    return syntax(opening ?? offset, `the text in quotes that begins here is never closed`, `a ${quote} at its end`);
  }
  if (/and end with a|must end with a/i.test(error.message)) {
    const bracket = file.text[opening ?? offset] === '[' ? '[' : '{';
    const closing = bracket === '[' ? ']' : '}';
    const message = `the ${bracket} here is never closed, or what is in it is not indented`;
    return syntax(opening ?? offset, message, `a ${closing} at its end`);
  }
  const line = lineAt(file.text, offset);
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && !/:(?:\s|$)/.test(line)) {
    const start = lineStart(file.text, offset);
    const [, indent, item] = /^( *)-([^\s-].*)$/.exec(file.text.slice(start, lineEnd(file.text, offset))) ?? [];
    if (indent !== undefined)
      return syntax(start + indent.length, 'a space is missing behind the "-"', shown(`- ${item?.trim()}`));
    const next = nextLine(file.text, offset);
    return syntax(
      next,
      'this line is indented deeper than the one above, which has a value already',
      'the same indentation',
    );
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && line.startsWith('#')) {
    const next = nextLine(file.text, offset);
    const message = 'this line is no part of what stands above it: the key that it belongs to is missing';
    return syntax(next, message, 'its key on the line before');
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') {
    return syntax(offset, 'text with ": " in it has to be in quotes', inQuotes(line));
  }
  if (error.code === 'BAD_INDENT' || isKeyWithValue(line)) {
    const start = offset + (/^[ \t]*/.exec(file.text.slice(offset))?.[0].length ?? 0);
    return syntax(
      start,
      'the indentation of this line fits no line above it',
      'the indentation of the lines it belongs to',
    );
  }
  if (/flow/.test(error.message)) return syntax(offset, 'a comma is missing before this', 'a , between the two');
  const spaced = missingSpace(line);
  if (spaced !== undefined) return syntax(offset, spaced.message, shown(spaced.advice));
  return syntax(
    offset,
    'a ":" is missing: this line is neither a key with a value nor part of the one above',
    `${shown(line)}:`,
  );
}

/** `on: clip.generated`, where the parser wants a key: it stands at a depth where none goes on. */
function isKeyWithValue(line: string): boolean {
  return /^[\w.-]+:\s+\S/.test(line);
}

/** What is wrong with `key:value`, which is one word for YAML, and what is right; undefined for other lines. */
function missingSpace(line: string): { message: string; advice: string } | undefined {
  const [, key, colon, value] = /^([^\s:：]+)([:：])((?!\/).+)$/.exec(line) ?? [];
  if (colon === undefined || (colon === ':' && /^\s/.test(value ?? ''))) return undefined;
  const message =
    colon === ':' ? 'a space is missing behind the ":"' : 'this ： is a letter for YAML, which knows only ":"';
  return { message, advice: `${key}: ${value?.trim()}` };
}

function quoteInside(quote: string): string {
  return quote === "'" ? "'' for a ' inside of it" : '\\" for a " inside of it';
}

/** Where the innermost quote or bracket that is still open at this place opens. */
function openingOf(document: Document, offset: number, text: string): number | undefined {
  let opening: number | undefined;
  visit(document, {
    Node: (_, node) => {
      const start = rangeStart(node);
      const isOpener = start !== undefined && start < offset && '"\'[{'.includes(text[start] ?? ' ');
      const isFlow = isScalar(node) || isMap(node) || 'items' in node;
      if (isOpener && isFlow && (node.range?.[1] ?? 0) >= offset) opening = start;
    },
  });
  return opening;
}

function inQuotes(line: string): string {
  const bare = line.replace(/\s+#.*$/, '');
  return bare.includes("'") || bare.includes('"') ? 'the text in quotes' : `"${shown(bare)}"`;
}

function plain(message: string): string {
  const text = message.replace(/\s+at line \d+.*$/s, '').trim();
  return text.charAt(0).toLowerCase() + text.slice(1);
}

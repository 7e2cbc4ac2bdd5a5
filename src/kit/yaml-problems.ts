/** What is wrong with a text that is no YAML, in words for the person who wrote it. */
import { CST, type Document, isMap, isScalar, Lexer, type Node, type Scalar, visit, type YAMLError } from 'yaml';
import type { Position, Problem } from './problem.ts';

export interface YamlText {
  readonly text: string;
  /** The place of a character of the text. */
  readonly place: (offset: number) => Position;
}

/** More would only be what follows from the first ones. */
const MOST_PROBLEMS = 20;

/** The parser's errors as problems: one a line, each with what to do about it. */
export function syntaxProblems(document: Document, file: YamlText): Problem[] {
  const problems = new Map<number, Problem>();
  const seen = new Set<number>();
  let isAfterPlaceholder = false;
  for (const error of document.errors) {
    if (seen.has(error.pos[0])) continue;
    seen.add(error.pos[0]);
    const placeholder = placeholderProblem(error.pos[0], file);
    // Behind one, the parser has lost its place.
    if (isAfterPlaceholder && !placeholder) continue;
    isAfterPlaceholder ||= placeholder !== undefined;
    const problem = placeholder ?? explain(error, document, file);
    const line = problem.at?.line ?? 0;
    if (!problems.has(line) && problems.size < MOST_PROBLEMS) problems.set(line, problem);
  }
  return [...problems.values()];
}

/** Keys that a map has twice, however they are quoted. The parser's own look would compare each key with every one before it. */
export function duplicateKeys(document: Document, { place }: YamlText): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const firsts = new Map<string, number>();
      for (const { key } of items) {
        const offset = rangeStart(key);
        if (!isScalar(key) || offset === undefined) continue;
        const name = keyText(key);
        const first = firsts.get(name);
        if (first === undefined) firsts.set(name, offset);
        else problems.push(duplicateKey(name, place(offset), place(first)));
        if (problems.length === MOST_PROBLEMS) return visit.BREAK;
      }
      return undefined;
    },
  });
  return problems;
}

function duplicateKey(name: string, at: Position, first: Position): Problem {
  const message = `the key "${shown(name)}" is there twice, the first on line ${first.line}`;
  return { at, code: 'YAML_DUPLICATE_KEY', message, try: 'one of the two' };
}

/** A key as it is written where it has no quotes: `007` and `1.0` stay what they are. */
export function keyText(key: Scalar): string {
  return key.source !== undefined && key.type === 'PLAIN' ? key.source : String(key.value);
}

/** Tags (`!secret`, `!!str`) wherever they stand: what a tag means is up to programs, and here none means anything. */
export function tagProblems({ text, place }: YamlText): Problem[] {
  if (!text.includes('!')) return [];
  const problems: Problem[] = [];
  let offset = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (!isContent && CST.tokenType(lexeme) === 'tag') {
      const message = `the tag ${lexeme} is not allowed here`;
      problems.push({ at: place(offset), code: 'YAML_TAG', message, try: 'leaving it out, or the text in quotes' });
    }
    const isMarker = lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END || lexeme === CST.SCALAR;
    isContent = lexeme === CST.SCALAR;
    if (!isMarker) offset += lexeme.length;
  }
  return problems.slice(0, MOST_PROBLEMS);
}

/** Characters that no text file holds on purpose. */
export function controlProblems({ text, place }: YamlText): Problem[] {
  const offset = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (offset === -1) return [];
  const code = text.charCodeAt(offset).toString(16).padStart(4, '0');
  const message = `the control character U+${code.toUpperCase()} cannot stand in YAML`;
  return [{ at: place(offset), code: 'YAML_SYNTAX', message, try: `"\\u${code}" in double quotes, or leaving it out` }];
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

function explain(error: YAMLError, document: Document, file: YamlText): Problem {
  const [offset] = error.pos;
  const syntax = (at: number, message: string, advice: string): Problem => ({
    at: file.place(at),
    code: 'YAML_SYNTAX',
    message,
    try: advice,
  });
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return syntax(offset, 'a second document begins here, and one is all that is read', 'one file without ---');
    case 'TAB_AS_INDENT':
      return syntax(offset, 'a tab cannot indent: YAML takes spaces only', 'two spaces for each tab');
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
    case 'UNEXPECTED_TOKEN':
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
    const next = nextLine(file.text, offset);
    return syntax(
      next,
      'this line is indented deeper than the one above, which has a value already',
      'the same indentation',
    );
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') {
    return syntax(offset, 'text with ": " in it has to be in quotes', inQuotes(line));
  }
  if (error.code === 'BAD_INDENT') {
    const start = offset + (/^[ \t]*/.exec(file.text.slice(offset))?.[0].length ?? 0);
    return syntax(
      start,
      'the indentation of this line fits no line above it',
      'the indentation of the lines it belongs to',
    );
  }
  const [, key, value] = /^([^\s:]+):([^\s/].*)$/.exec(line) ?? [];
  if (key !== undefined) return syntax(offset, 'a space is missing behind the ":"', shown(`${key}: ${value}`));
  return syntax(
    offset,
    'a ":" is missing: this line is neither a key with a value nor part of the one above',
    `${shown(line)}:`,
  );
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

function rangeStart(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0];
}

function lineAt(text: string, offset: number): string {
  return /^[^\r\n]*/.exec(text.slice(offset, offset + 500))?.[0].trim() ?? '';
}

/** The first character of the next line that is not empty. */
function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return offset;
  return end + 1 + (/^\s*/.exec(text.slice(end + 1))?.[0].length ?? 0);
}

function inQuotes(line: string): string {
  const bare = line.replace(/\s+#.*$/, '');
  return bare.includes("'") || bare.includes('"') ? 'the text in quotes' : `"${shown(bare)}"`;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function plain(message: string): string {
  const text = message.replace(/\s+at line \d+.*$/s, '').trim();
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** YAML read into a tree in which every key and value knows its place, and every mistake becomes a problem with a position. */
import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';
import type { Position, Problem } from './problem.ts';

export type YamlScalar = string | number | bigint | boolean | null;
export type YamlNode = YamlMap | YamlList | YamlValue;

export interface YamlMap {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: readonly YamlEntry[];
}
export interface YamlEntry {
  readonly key: string;
  readonly keyAt: Position;
  readonly value: YamlNode;
}
export interface YamlList {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly YamlNode[];
}
export interface YamlValue {
  readonly kind: 'value';
  readonly at: Position;
  readonly value: YamlScalar;
  /** True where the text stands in quotes or in a block: `"5"` is no number. */
  readonly quoted: boolean;
  /** The place of the character at this index of a string value. */
  positionOf(index: number): Position;
}

export interface YamlFile {
  /** Undefined where the file is empty or cannot be read as YAML at all. */
  readonly root: YamlNode | undefined;
  readonly problems: readonly Problem[];
}

/** What aliases may expand a file to, in nodes. */
const MOST_NODES = 200_000;
/** How deep a file may nest. */
const MOST_DEPTH = 200;

/**
 * Reads one YAML 1.2 document (core schema). Anchors, aliases and `<<` merges work as in Docker Compose; tags, duplicate keys,
 * more than one document, keys that are no text, and aliases that multiply without bound are problems. `file` is the name to
 * be shown.
 */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (opensTooDeep(text)) return { root: undefined, problems: [tooDeep({ file, line: 1, column: 1 })] };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      intAsBigInt: true,
      uniqueKeys: true,
      logLevel: 'silent',
      schema: 'core',
      merge: true,
    });
    for (const error of document.errors) {
      problems.push({ at: place(error.pos[0]), code: yamlCode(error.code), message: sentence(error.message) });
    }
    for (const warning of document.warnings) {
      problems.push({ at: place(warning.pos[0]), code: 'YAML_TAG', message: sentence(warning.message) });
    }
    if (problems.length > 0 || document.contents === null) return { root: undefined, problems };
    const builder = new TreeBuilder(text, place, (alias) => alias.resolve(document));
    const root = builder.build(document.contents as Node, 0);
    return { root, problems: builder.problems };
  } catch (error) {
    if (error instanceof RangeError) return { root: undefined, problems: [tooDeep({ file, line: 1, column: 1 })] };
    throw error;
  }
}

/** The value under a key of a map node, or undefined where the node is no map or has no such key. */
export function member(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

/** The plain value of a node; whole numbers beyond 2^53 are bigints. */
export function plainValue(node: YamlNode): unknown {
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map': {
      const plain: Record<string, unknown> = {};
      for (const { key, value } of node.entries) plain[key] = plainValue(value);
      return plain;
    }
  }
}

class TreeBuilder {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #place: (offset: number) => Position;
  readonly #resolve: (alias: Alias) => Node | undefined;
  #nodes = 0;

  constructor(text: string, place: (offset: number) => Position, resolve: (alias: Alias) => Node | undefined) {
    this.#text = text;
    this.#place = place;
    this.#resolve = resolve;
  }

  build(node: Node | null, depth: number, from = 0): YamlNode {
    const start = node?.range?.[0] ?? from;
    const at = this.#place(start);
    if (++this.#nodes > MOST_NODES)
      return this.#refuse(at, 'YAML_ALIAS_BOMB', `aliases expand this file past ${MOST_NODES} nodes`);
    if (depth > MOST_DEPTH) return this.#refuse(at, 'YAML_TOO_DEEP', `this is nested deeper than ${MOST_DEPTH} levels`);
    if (node?.tag && isExplicitTag(this.#text, start))
      return this.#refuse(at, 'YAML_TAG', `the tag ${node.tag} is not allowed here`);
    if (isAlias(node)) {
      const resolved = this.#resolve(node);
      return resolved
        ? this.build(resolved, depth + 1)
        : this.#refuse(at, 'YAML_ALIAS', `the alias *${node.source} has no anchor`);
    }
    if (isMap(node)) return { kind: 'map', at, entries: this.#entries(node.items as Pair[], depth, start) };
    if (isSeq(node)) {
      return { kind: 'list', at, items: node.items.map((item) => this.build(item as Node | null, depth + 1, start)) };
    }
    return this.#value(isScalar(node) ? node : undefined, start);
  }

  #entries(pairs: readonly Pair[], depth: number, start: number): YamlEntry[] {
    const entries: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of pairs) {
      const keyAt = this.#place(pair.key?.range?.[0] ?? start);
      if (!isScalar(pair.key) || (typeof pair.key.value === 'object' && pair.key.value !== null)) {
        this.problems.push({ at: keyAt, code: 'YAML_KEY', message: 'a key must be plain text' });
        continue;
      }
      const key = keyText(pair.key);
      const value = this.build(pair.value, depth + 1, pair.key.range?.[1] ?? start);
      if (key === '<<' && (pair.key as Scalar).type === 'PLAIN') merged.push(...mergedEntries(value));
      else entries.push({ key, keyAt, value });
    }
    for (const entry of merged) if (!entries.some(({ key }) => key === entry.key)) entries.push(entry);
    return entries;
  }

  #value(scalar: Scalar | undefined, start: number): YamlValue {
    const value = scalarValue(scalar?.value);
    const quoted = scalar !== undefined && scalar.type !== 'PLAIN' && scalar.type !== undefined;
    const end = scalar?.range?.[1] ?? start;
    const positionOf = (index: number): Position => this.#place(offsetWithin(this.#text, { start, end }, value, index));
    return { kind: 'value', at: this.#place(start), value, quoted, positionOf };
  }

  #refuse(at: Position, code: string, message: string): YamlValue {
    if (!this.problems.some((problem) => problem.code === code && problem.at?.line === at.line)) {
      this.problems.push({ at, code, message });
    }
    return { kind: 'value', at, value: null, quoted: false, positionOf: () => at };
  }
}

interface Pair {
  readonly key: Node | null;
  readonly value: Node | null;
}

function keyText(key: Scalar): string {
  return key.source !== undefined && key.type === 'PLAIN' ? key.source : String(key.value);
}

function mergedEntries(node: YamlNode): readonly YamlEntry[] {
  if (node.kind === 'map') return node.entries;
  return node.kind === 'list' ? node.items.flatMap((item) => mergedEntries(item)) : [];
}

function scalarValue(value: unknown): YamlScalar {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/** Where the character `index` of a string value stands in the file: exact where the text is written as it reads, near otherwise. */
function offsetWithin(text: string, range: { start: number; end: number }, value: YamlScalar, index: number): number {
  const written = text.slice(range.start, range.end);
  if (typeof value !== 'string') return range.start;
  const whole = written.indexOf(value);
  if (whole >= 0) return range.start + whole + index;
  const line = value.slice(0, index).split('\n').length - 1;
  const lineText = value.split('\n')[line]?.trim() ?? '';
  const found = lineText === '' ? -1 : written.indexOf(lineText);
  if (found >= 0) return range.start + found + Math.max(0, index - value.indexOf(lineText));
  return Math.min(range.start + 1 + index, range.end);
}

function isExplicitTag(text: string, start: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  return /(?:^|[\s,[{:-])!\S*\s*$/.test(text.slice(lineStart, start)) || text[start] === '!';
}

/** A cheap look before the parser, whose recursion has no bound of its own. */
function opensTooDeep(text: string): boolean {
  let open = 0;
  let most = 0;
  for (const character of text) {
    if (character === '[' || character === '{') most = Math.max(most, ++open);
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    else if (character === '\n' && open < 50) open = 0;
  }
  const indent = /^(?: {400,}|(?:- ?){200,})/m.test(text);
  return most > 1000 || indent;
}

function tooDeep(at: Position): Problem {
  return { at, code: 'YAML_TOO_DEEP', message: `this file is nested deeper than ${MOST_DEPTH} levels` };
}

function yamlCode(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'YAML_DUPLICATE_KEY';
  if (code === 'TAG_RESOLVE_FAILED') return 'YAML_TAG';
  return 'YAML_SYNTAX';
}

function sentence(message: string): string {
  const text = message.replace(/\s+at line \d+.*$/s, '').trim();
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** YAML read into a tree in which every key and value knows its place, and every mistake becomes a problem with a position. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import type { Position, Problem } from './problem.ts';
import { controlProblems, duplicateKeys, keyText, tagProblems } from './yaml-problems.ts';
import { syntaxProblems } from './yaml-syntax.ts';
import { rangeStart } from './yaml-text.ts';

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
  /** True where the value is not what stands in the file: something was filled in. */
  readonly isFilled?: boolean;
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
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tooDeep: YamlFile = { root: undefined, problems: [nestedTooDeep({ file, line: 1, column: 1 })] };
  if (opensTooDeep(text)) return tooDeep;
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      intAsBigInt: true,
      uniqueKeys: false, // see duplicateKeys
      logLevel: 'error',
      schema: 'core',
      merge: true,
    });
    if (document.errors.some((error) => error.code === 'RESOURCE_EXHAUSTION')) return tooDeep;
    const source = { text, place };
    const broken = syntaxProblems(document, source);
    // In a text that is broken, what the parser takes for a map may be none.
    const repeated = broken.length > 0 ? [] : duplicateKeys(document, source);
    const problems = [...broken, ...repeated, ...tagProblems(source), ...controlProblems(source)];
    if (problems.length > 0 || document.contents === null) return { root: undefined, problems };
    const builder = new TreeBuilder(text, place, anchored(document));
    const root = builder.build(document.contents as Node, 0);
    return { root, problems: builder.problems };
  } catch (error) {
    if (error instanceof RangeError) return tooDeep;
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
  readonly #anchored: ReadonlyMap<Node, Node>;
  /** The aliases that lead to where the building is. */
  readonly #inside = new Set<Node>();
  #outermostAlias: Position | undefined;
  #nodes = 0;

  constructor(text: string, place: (offset: number) => Position, anchoredNodes: ReadonlyMap<Node, Node>) {
    this.#text = text;
    this.#place = place;
    this.#anchored = anchoredNodes;
  }

  build(node: Node | null, depth: number, from = 0): YamlNode {
    const start = node?.range?.[0] ?? from;
    const at = this.#place(start);
    if (++this.#nodes > MOST_NODES) return this.#refuseBomb(at);
    if (depth > MOST_DEPTH) return this.#refuse(nestedTooDeep(at, 'this'));
    if (isAlias(node)) return this.#alias(node, depth, at);
    if (isMap(node)) return { kind: 'map', at, entries: this.#entries(node.items as Pair[], depth, start) };
    if (isSeq(node)) {
      return { kind: 'list', at, items: node.items.map((item) => this.build(item as Node | null, depth + 1, start)) };
    }
    return this.#value(isScalar(node) ? node : undefined, start);
  }

  #alias(alias: Alias, depth: number, at: Position): YamlNode {
    const target = this.#anchored.get(alias);
    const advice = `"*${alias.source}" in quotes where text is meant`;
    if (!target) {
      const message = `the alias *${alias.source} has no anchor`;
      return this.#refuse({ at, code: 'YAML_ALIAS', message, try: advice });
    }
    if (this.#inside.has(target)) {
      const message = `the alias *${alias.source} stands inside of what it repeats`;
      return this.#refuse({ at, code: 'YAML_ALIAS', message, try: 'writing it out' });
    }
    if (this.#inside.size === 0) this.#outermostAlias = at;
    this.#inside.add(target);
    const built = this.build(target, depth + 1);
    this.#inside.delete(target);
    return built;
  }

  #entries(pairs: readonly Pair[], depth: number, start: number): YamlEntry[] {
    const entries: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of pairs) {
      const keyAt = this.#place(pair.key?.range?.[0] ?? start);
      if (!isScalar(pair.key) || (typeof pair.key.value === 'object' && pair.key.value !== null)) {
        this.problems.push({ at: keyAt, code: 'YAML_KEY', ...this.#keyMeant(pair.key) });
        continue;
      }
      const key = keyText(pair.key);
      if (key === '__proto__' || key === '') {
        const message = key === '' ? 'a key is missing before the ":"' : 'the key "__proto__" is not allowed';
        this.problems.push({ at: keyAt, code: 'YAML_KEY', message, try: 'another key' });
        continue;
      }
      const [blank] = /^[^\S ]/.exec(key) ?? [];
      if (blank !== undefined && pair.key.type === 'PLAIN') {
        const code = blank.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        const message = `the U+${code} before this key looks like a space, and is a letter for YAML`;
        this.problems.push({ at: keyAt, code: 'YAML_KEY', message, try: 'spaces instead' });
        continue;
      }
      const value = this.build(pair.value, depth + 1, pair.key.range?.[1] ?? start);
      if (key === '<<' && (pair.key as Scalar).type === 'PLAIN') merged.push(...this.#merged(value));
      else entries.push({ key, keyAt, value });
    }
    for (const entry of merged) if (!entries.some(({ key }) => key === entry.key)) entries.push(entry);
    return entries;
  }

  #keyMeant(key: Node | null): { readonly message: string; readonly try: string } {
    const isDoubled = isMap(key) && this.#text[(rangeStart(key) ?? 0) - 1] === '{';
    if (!isDoubled) return { message: 'a key must be plain text', try: 'key: value' };
    return { message: 'YAML reads {{…}} as a map in a map', try: '${…} for a value, or quotes around the text' };
  }

  #value(scalar: Scalar | undefined, start: number): YamlValue {
    const value = scalarValue(scalar?.value);
    const quoted = scalar !== undefined && scalar.type !== 'PLAIN' && scalar.type !== undefined;
    const end = scalar?.range?.[1] ?? start;
    const positionOf = (index: number): Position => this.#place(offsetWithin(this.#text, { start, end }, value, index));
    return { kind: 'value', at: this.#place(start), value, quoted, positionOf };
  }

  /** What `<<:` takes over: the entries of a map, or of each map of a list. */
  #merged(node: YamlNode): readonly YamlEntry[] {
    if (node.kind === 'map') return node.entries;
    if (node.kind === 'list') return node.items.flatMap((item) => this.#merged(item));
    // An alias that could not be followed is told already.
    if (this.problems.some(({ at }) => at === node.at)) return [];
    this.problems.push({
      at: node.at,
      code: 'YAML_MERGE',
      message: '<< takes keys and values over, and here are none',
      try: '<<: *anchor',
    });
    return [];
  }

  #refuse(problem: Problem): YamlValue {
    const at = problem.at as Position;
    const isKnown = this.problems.some(({ code, at: other }) => code === problem.code && other?.line === at.line);
    if (!isKnown) this.problems.push(problem);
    return { kind: 'value', at, value: null, quoted: false, positionOf: () => at };
  }

  /** Once for a file: wherever the limit is passed, it is passed everywhere behind. */
  #refuseBomb(at: Position): YamlValue {
    const message = `aliases expand this file past ${MOST_NODES} values`;
    const isKnown = this.problems.some(({ code }) => code === 'YAML_ALIAS_BOMB');
    const where = this.#outermostAlias ?? at;
    if (!isKnown) this.problems.push({ at: where, code: 'YAML_ALIAS_BOMB', message, try: 'fewer aliases of aliases' });
    return { kind: 'value', at, value: null, quoted: false, positionOf: () => at };
  }
}

interface Pair {
  readonly key: Node | null;
  readonly value: Node | null;
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

function nestedTooDeep(at: Position, what = 'this file'): Problem {
  return {
    at,
    code: 'YAML_TOO_DEEP',
    message: `${what} is nested deeper than ${MOST_DEPTH} levels`,
    try: 'fewer levels',
  };
}

/** For every alias the node that it repeats: the last one before it with that anchor. */
function anchored(document: Document): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Node: (_, node) => {
      const target = isAlias(node) ? anchors.get(node.source) : undefined;
      if (target) targets.set(node, target);
      if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

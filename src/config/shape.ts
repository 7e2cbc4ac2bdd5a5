/** What a key of the configuration may hold, said once: checks with positions, the editor's schema and the reference come from it. */
import { nearest, type Position } from '../kit/problem.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../kit/yaml.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reader } from './read.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where the reading is: `name` is the key's full name, `targets.legacy-vod.url`. */
export interface Spot {
  readonly name: string;
  readonly reader: Reader;
}

export interface Shape<T> {
  /** For messages and the reference: `a duration such as 15s`. */
  readonly expects: string;
  /** A value that is right, for the advice. */
  readonly example?: string;
  /** JSON Schema 2020-12 for editors. */
  readonly schema: JsonSchema;
  /** The keys of an object, for the reference. */
  readonly keys?: Keys;
  /** What each member of a list or of a map of names is. */
  readonly each?: Shape<unknown>;
  /** An empty `key:` is the same as the key with its defaults. */
  readonly mayBeEmpty?: boolean;
  /**
   * The value of a node. What is wrong is reported to the reader and is undefined in the result, whatever its type says: see
   * `Draft`, in which form results are handed out.
   */
  read(node: YamlNode, spot: Spot): T;
}

export interface Key<T> {
  readonly shape: Shape<unknown>;
  /** One sentence for people. */
  readonly about: string;
  readonly isRequired: boolean;
  /** As one would write it in the file; undefined where there is none. */
  readonly preset: unknown;
  /** Only carries the type. */
  readonly type?: T;
}
export type Keys = Readonly<Record<string, Key<unknown>>>;
export type ObjectOf<K extends Keys> = { readonly [P in keyof K]: K[P] extends Key<infer T> ? T : never };

/** A result in which anything that was wrong is undefined. */
export type Draft<T> = T extends Position | YamlNode | YamlEntry | JsonObject | string | number | boolean | null
  ? T
  : T extends readonly (infer U)[]
    ? readonly Draft<U>[]
    : { readonly [P in keyof T]: Draft<T[P]> | undefined };

/** A value together with its place, for checks that need other parts of the file. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Position;
}

export function required<T>(shape: Shape<T>, about: string): Key<T> {
  return { shape, about, isRequired: true, preset: undefined };
}

export function optional<T>(shape: Shape<T>, about: string): Key<T | null> {
  return { shape, about, isRequired: false, preset: undefined };
}

/** A key with a default, given as one would write it in the file. */
export function preset<T>(shape: Shape<T>, value: string | number | boolean | object, about: string): Key<T> {
  return { shape, about, isRequired: false, preset: value };
}

/** An object with fixed keys. */
export function object<K extends Keys>(keys: K): Shape<ObjectOf<K>> {
  const shape = someObject(keys, (name) => Object.hasOwn(keys, name));
  return {
    ...shape,
    read: (node, spot) => {
      const { rest, ...value } = shape.read(node, spot);
      for (const entry of rest ?? []) unknownKey(entry, Object.keys(keys), spot);
      return value as unknown as ObjectOf<K>;
    },
  };
}

/** An object with fixed keys, and others that somebody else knows: they come back under `rest`, unread. */
export function openObject<K extends Keys>(keys: K): Shape<ObjectOf<K> & { readonly rest: readonly YamlEntry[] }> {
  // What is there for others may look like a key that can be left out.
  return someObject(keys, (name) => keys[name]?.isRequired === true);
}

/** Where a key is misspelt, and that alone, what stands there is read as what was meant: one mistake is not told as several. */
function someObject<K extends Keys>(
  keys: K,
  mayBeMisspelt: (name: string) => boolean,
): Shape<ObjectOf<K> & { readonly rest: readonly YamlEntry[] }> {
  const meantBy = (map: YamlMap, name: string): YamlEntry | undefined =>
    mayBeMisspelt(name)
      ? map.entries.find(({ key }) => !Object.hasOwn(keys, key) && nearest(key, Object.keys(keys)) === name)
      : undefined;
  return {
    expects: 'keys and values',
    schema: objectSchema(keys),
    keys,
    mayBeEmpty: !Object.values(keys).some((key) => key.isRequired),
    read: (node, spot) => {
      const map = asMap(node, spot);
      const value: Record<string, unknown> = {};
      for (const [name, key] of Object.entries(keys)) {
        const found = map?.entries.find((entry) => entry.key === name) ?? (map && meantBy(map, name));
        value[name] = map && readKey(map, { name, key, found }, spot);
      }
      value.rest = map?.entries.filter((entry) => !Object.hasOwn(keys, entry.key));
      return value as unknown as ObjectOf<K> & { readonly rest: readonly YamlEntry[] };
    },
  };
}

/** Reports a key that is not known here, with the nearest that is. */
export function unknownKey(entry: YamlEntry, known: readonly string[], spot: Spot): void {
  const who = spot.name || 'the top level';
  const near = nearest(entry.key, known);
  spot.reader.problem({
    at: entry.keyAt,
    code: 'CONFIG_UNKNOWN_KEY',
    message: `${who} has no key "${shorten(entry.key)}"`,
    try: near ?? (known.length > 0 ? `one of ${known.join(', ')}` : 'leaving it out'),
  });
}

/** The value with its place. */
export function placed<T>(shape: Shape<T>): Shape<Placed<T>> {
  return { ...shape, read: (node, spot) => ({ value: shape.read(node, spot), at: node.at }) };
}

/** Reports a value of a wrong type. Returns undefined. */
export function wrongType(
  node: YamlNode,
  expects: string,
  { spot, advice }: { readonly spot: Spot; readonly advice?: string },
): undefined {
  const isNothing = node.kind === 'value' && node.value === null;
  const stands = node.kind === 'map' ? 'stand' : 'stands';
  spot.reader.problem({
    at: node.at,
    code: isNothing ? 'CONFIG_NO_VALUE' : 'CONFIG_WRONG_TYPE',
    message: `${spot.name || 'the file'} must be ${expects}, and ${isNothing ? 'nothing' : kindOf(node)} ${stands} here`,
    try: advice ?? expects,
  });
  return undefined;
}

/** A node made of a plain value, in the place of a key that is not written. */
export function nodeOf(value: unknown, at: Position): YamlNode {
  if (Array.isArray(value)) return { kind: 'list', at, items: value.map((item) => nodeOf(item, at)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => ({ key, keyAt: at, value: nodeOf(inner, at) }));
    return { kind: 'map', at, entries };
  }
  return { kind: 'value', at, value: value as string | number | boolean | null, quoted: false, positionOf: () => at };
}

/** Text that is safe to repeat in a message: short, on one line. */
export function shorten(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}

/** The node as a map; nothing there is a map without keys. */
export function asMap(node: YamlNode, spot: Spot): YamlMap | undefined {
  if (node.kind === 'map') return node;
  if (node.kind === 'value' && node.value === null) return { kind: 'map', at: node.at, entries: [] };
  return wrongType(node, 'keys and values', { spot, advice: 'key: value' });
}

interface Reading {
  readonly name: string;
  readonly key: Key<unknown>;
  readonly found: YamlEntry | undefined;
}

function readKey(map: YamlMap, { name, key, found }: Reading, spot: Spot): unknown {
  const inside = { name: spot.name === '' ? name : `${spot.name}.${name}`, reader: spot.reader };
  const isNothing = found?.value.kind === 'value' && found.value.value === null;
  // Where the key itself says something, as a condition of an alarm does, nothing behind it is all of its defaults.
  const isEmpty = isNothing && key.shape.mayBeEmpty === true && key.preset !== undefined;
  if (found && !isEmpty) return key.shape.read(found.value, inside);
  if (key.isRequired) {
    spot.reader.problem({
      at: map.at,
      code: 'CONFIG_MISSING_KEY',
      message: `${spot.name || 'the file'} has no "${name}", which is required`,
      try: `${name}: ${key.shape.example ?? '…'}`,
    });
    return undefined;
  }
  return key.preset === undefined ? null : key.shape.read(nodeOf(key.preset, map.at), inside);
}

function objectSchema(keys: Keys): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, { shape, about, preset: value }] of Object.entries(keys)) {
    properties[name] = { description: about, ...shape.schema, ...(value === undefined ? {} : { default: value }) };
  }
  const needed = Object.keys(keys).filter((name) => keys[name]?.isRequired);
  const type = needed.length > 0 ? 'object' : ['object', 'null'];
  return { type, properties, ...(needed.length > 0 ? { required: needed } : {}), additionalProperties: false };
}

function kindOf(node: YamlNode): string {
  if (node.kind === 'map') return 'keys and values';
  if (node.kind === 'list') return 'a list';
  if (typeof node.value === 'string') return node.quoted ? 'text in quotes' : 'text';
  return typeof node.value === 'boolean' ? String(node.value) : 'a number';
}

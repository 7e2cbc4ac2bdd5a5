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
  /** An empty `key:` is the same as the key left out. */
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
  const shape = openObject(keys);
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
  return {
    expects: 'keys and values',
    schema: objectSchema(keys),
    keys,
    mayBeEmpty: !Object.values(keys).some((key) => key.isRequired),
    read: (node, spot) => {
      const map = asMap(node, spot);
      const value: Record<string, unknown> = {};
      for (const [name, key] of Object.entries(keys)) {
        value[name] = map && readKey(map, { name, key }, spot);
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

export interface Named<T> {
  readonly name: string;
  readonly at: Position;
  readonly value: T;
}

/** A map from names that the user gives to members of one shape. */
export function named<T>(each: Shape<T>, reserved: Readonly<Record<string, string>> = {}): Shape<readonly Named<T>[]> {
  return {
    expects: 'names, each with keys of its own',
    schema: {
      type: ['object', 'null'],
      propertyNames: { pattern: NAME.source },
      additionalProperties: each.schema,
    },
    each,
    mayBeEmpty: true,
    read: (node, spot) =>
      (asMap(node, spot)?.entries ?? []).map(({ key, keyAt, value }) => {
        const inside = { name: `${spot.name}.${key}`, reader: spot.reader };
        if (!NAME.test(key)) {
          const message = `"${shorten(key)}" is no name: letters, digits, ".", "_" and "-" make one, 64 at most`;
          spot.reader.problem({ at: keyAt, code: 'CONFIG_BAD_NAME', message, try: nameLike(key) });
        }
        const why = Object.hasOwn(reserved, key) ? reserved[key] : undefined;
        if (why !== undefined) {
          const message = `the name "${key}" is taken: ${why}`;
          spot.reader.problem({ at: keyAt, code: 'CONFIG_RESERVED_NAME', message, try: `my-${key}` });
        }
        return { name: key, at: keyAt, value: each.read(value, inside) };
      }),
  };
}

export function list<T>(each: Shape<T>, options: { least?: number; most?: number } = {}): Shape<readonly T[]> {
  const { least = 0, most = 10_000 } = options;
  return {
    expects: `a list, each ${each.expects}`,
    schema: { type: 'array', items: each.schema, ...(least > 0 ? { minItems: least } : {}), maxItems: most },
    each,
    read: (node, spot) => {
      if (node.kind !== 'list')
        return wrongType(node, `a list, each ${each.expects}`, { spot, advice: 'a "-" before each' }) as never;
      if (node.items.length < least || node.items.length > most) {
        const count = node.items.length === 0 ? 'nothing' : `${node.items.length} values`;
        const limit = node.items.length < least ? `${least} or more` : `${most} at most`;
        const message = `${spot.name} holds ${count}, and ${limit} can be there`;
        spot.reader.problem({ at: node.at, code: 'CONFIG_OUT_OF_RANGE', message, try: limit });
      }
      return node.items.map((item, i) => each.read(item, { name: `${spot.name}[${i}]`, reader: spot.reader }));
    },
  };
}

/** The same as a list that may be empty and may stand there as an empty `key:`. */
export function section<T>(each: Shape<T>): Shape<readonly T[]> {
  const shape = list(each);
  return { ...shape, schema: { ...shape.schema, type: ['array', 'null'] }, mayBeEmpty: true };
}

/** One value, or a list of them. */
export function oneOrMany<T>(each: Shape<T>, options: { least?: number } = {}): Shape<readonly T[]> {
  const many = list(each, options);
  return {
    expects: `${each.expects}, or a list of them`,
    ...(each.example === undefined ? {} : { example: each.example }),
    schema: { anyOf: [each.schema, many.schema] },
    read: (node, spot) => (node.kind === 'list' ? many.read(node, spot) : [each.read(node, spot)]),
  };
}

/** The value with its place. */
export function placed<T>(shape: Shape<T>): Shape<Placed<T>> {
  return { ...shape, read: (node, spot) => ({ value: shape.read(node, spot), at: node.at }) };
}

/** The node itself, for a stage that reads it by its own rules; nothing in it is filled in. */
export function untouched(expects: string): Shape<YamlNode> {
  return { expects, schema: {}, read: (node) => node };
}

/** Reports a value of a wrong type. Returns undefined. */
export function wrongType(
  node: YamlNode,
  expects: string,
  { spot, advice }: { readonly spot: Spot; readonly advice?: string },
): undefined {
  const isNothing = node.kind === 'value' && node.value === null;
  spot.reader.problem({
    at: node.at,
    code: isNothing ? 'CONFIG_NO_VALUE' : 'CONFIG_WRONG_TYPE',
    message: `${spot.name || 'the file'} must be ${expects}, and ${isNothing ? 'nothing' : kindOf(node)} stands here`,
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

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function nameLike(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? 'my-name' : name;
}

function asMap(node: YamlNode, spot: Spot): YamlMap | undefined {
  if (node.kind === 'map') return node;
  if (node.kind === 'value' && node.value === null) return { kind: 'map', at: node.at, entries: [] };
  return wrongType(node, 'keys and values', { spot, advice: 'key: value' });
}

function readKey(map: YamlMap, { name, key }: { name: string; key: Key<unknown> }, spot: Spot): unknown {
  const inside = { name: spot.name === '' ? name : `${spot.name}.${name}`, reader: spot.reader };
  const found = map.entries.find((entry) => entry.key === name);
  const isEmpty = found?.value.kind === 'value' && found.value.value === null && key.shape.mayBeEmpty === true;
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

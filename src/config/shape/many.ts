/** Shapes of several things: maps from names to members, lists, and one value or a list of them. */
import type { Position } from '../../kit/problem.ts';
import type { YamlEntry, YamlNode } from '../../kit/yaml.ts';
import { asMap, type Shape, type Spot, shorten, wrongType } from '../shape.ts';

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
      membersOf(node, spot).map(({ key, keyAt, value }) => {
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

/** Of a list, which is reported, what its items were meant to be: `- vod: { … }`, or `- name: vod` with its keys. */
function membersOf(node: YamlNode, spot: Spot): readonly YamlEntry[] {
  if (node.kind !== 'list' || node.items.length === 0) return asMap(node, spot)?.entries ?? [];
  wrongType(node, 'keys and values', { spot, advice: 'each name as a key, without the "-" before it' });
  return node.items.flatMap((item): readonly YamlEntry[] => {
    if (item.kind !== 'map') return [];
    const name = item.entries.find(({ key }) => key === 'name')?.value;
    if (name?.kind !== 'value' || typeof name.value !== 'string') return item.entries.slice(0, 1);
    const entries = item.entries.filter(({ key }) => key !== 'name');
    return [{ key: name.value, keyAt: name.at, value: { ...item, entries } }];
  });
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

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function nameLike(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? 'my-name' : name;
}

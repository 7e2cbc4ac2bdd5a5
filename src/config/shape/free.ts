/** Shapes whose keys the user invents: any JSON, and keys with values of one shape. */
import type { YamlNode } from '../../kit/yaml.ts';
import type { Json } from '../../model/json.ts';
import { type Shape, wrongType } from '../shape.ts';

/** Any JSON value; its text leaves are filled in. */
export function json(): Shape<Json> {
  return {
    expects: 'any value',
    schema: {},
    read: (node, spot) => {
      switch (node.kind) {
        case 'value':
          return spot.reader.fill(node)?.value as Json;
        case 'list':
          return node.items.map((item) => json().read(item, spot));
        case 'map':
          return Object.fromEntries(node.entries.map(({ key, value }) => [key, json().read(value, spot)]));
      }
    },
  };
}

/** Any keys, each with a value of one shape. */
export function keyed<T>(each: Shape<T>, expects: string): Shape<Readonly<Record<string, T>>> {
  return {
    expects,
    schema: { type: ['object', 'null'], additionalProperties: each.schema },
    mayBeEmpty: true,
    read: (node, spot) => {
      if (node.kind !== 'map') return wrongType(node, 'keys and values', { spot, advice: 'name: value' }) as never;
      const entry = ({ key, value }: { key: string; value: YamlNode }): [string, T] => [
        key,
        each.read(value, { name: `${spot.name}.${key}`, reader: spot.reader }),
      ];
      return Object.fromEntries(node.entries.map(entry));
    },
  };
}

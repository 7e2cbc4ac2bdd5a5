/** Shapes whose keys the user invents, or another stage knows: any JSON, keys with values of one shape, and whole trees. */
import type { YamlNode, YamlValue } from '../../kit/yaml.ts';
import type { Json } from '../../model/json.ts';
import type { Meaning } from '../placeholders.ts';
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

/**
 * The tree itself, for a stage that reads it by rules of its own: keys stand as they are written, text leaves are filled in.
 * `meant` is the advice for a placeholder of another language. Undefined where a leaf could not be filled in.
 */
export function tree(expects: string, meant: Meaning): Shape<YamlNode> {
  return {
    expects,
    schema: {},
    read: (node, { reader }) => {
      let isWhole = true;
      const filled = mapLeaves(node, (leaf) => {
        const found = reader.fill(leaf, { meant });
        isWhole &&= found !== undefined;
        if (found === undefined || found.value === leaf.value) return leaf;
        return { ...leaf, value: found.value, isFilled: found.isFilled, positionOf: () => leaf.at };
      });
      return isWhole ? filled : (undefined as never);
    },
  };
}

function mapLeaves(node: YamlNode, change: (leaf: YamlValue) => YamlValue): YamlNode {
  switch (node.kind) {
    case 'value':
      return change(node);
    case 'list':
      return { ...node, items: node.items.map((item) => mapLeaves(item, change)) };
    case 'map':
      return { ...node, entries: node.entries.map((one) => ({ ...one, value: mapLeaves(one.value, change) })) };
  }
}

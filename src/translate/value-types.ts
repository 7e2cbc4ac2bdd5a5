/** What the checker knows of a value before there is one: the types it may have, and whether they fit where it goes. */
import { type Schema, type SchemaType, typesOf } from '../model/schema.ts';
import { anyOf, type ValueType } from './operators/operator.ts';

/** The types a present value may have; undefined where it may be anything. Null counts as missing and is left out. */
export function presentTypes(schema: Schema): readonly SchemaType[] | undefined {
  return typesOf(schema)?.filter((type) => type !== 'null');
}

/** The first type that a value may have and that is not taken; undefined where every one is, or nothing is known. */
export function unfitType(schema: Schema, taken: readonly ValueType[]): SchemaType | undefined {
  if (taken.includes('any')) return undefined;
  return presentTypes(schema)?.find((type) => !takes(taken, type));
}

export function takes(taken: readonly ValueType[], type: SchemaType): boolean {
  return taken.includes('any') || taken.includes(type) || (type === 'integer' && taken.includes('number'));
}

/** `text`, `a whole number`, `a list`: the names of types that people read. */
export function typeName(type: ValueType): string {
  return NAMES[type];
}

const NAMES: Readonly<Record<ValueType, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
  any: 'anything',
};

export function typeNames(types: readonly ValueType[]): string {
  return types.map(typeName).join(' or ');
}

/** The schema of a value that is known. */
export function schemaOfLiteral(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array', ...(value.length > 0 && { items: {} }) };
  if (typeof value === 'object' && value !== null) return { type: 'object' };
  return { const: value };
}

/** The schema of values like this one: its types all the way down, without its own content. */
export function schemaOfValue(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array', items: anyOf(value.map(schemaOfValue)) };
  if (typeof value === 'object' && value !== null) {
    const properties: Record<string, Schema> = {};
    for (const [key, field] of Object.entries(value)) properties[key] = schemaOfValue(field);
    return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
  }
  const [type] = typesOf({ const: value }) ?? [];
  return type === undefined ? {} : { type };
}

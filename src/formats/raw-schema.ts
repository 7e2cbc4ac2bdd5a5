/** Describes what may stand on the wire over all of a format's generations: what `raw.…` paths are checked against. */
import type { TSchema } from 'typebox';
import { fieldNames, type Schema, typesOf } from '../model/schema.ts';

/** One schema with the fields of all the given ones, none of them required; a newer sender may write others beside them. */
export function rawSchema(...generations: readonly TSchema[]): Schema {
  return merged(generations as readonly Schema[]);
}

function merged(generations: readonly Schema[]): Schema {
  const [first = {}] = generations;
  const objects = generations.filter((schema) => schema.properties);
  if (objects.length === 0) {
    const types = [...new Set(generations.flatMap((schema) => typesOf(schema) ?? []))];
    const { required: _, minLength: __, ...rest } = first;
    const [only] = types;
    return types.length === 0 ? rest : { ...rest, type: types.length === 1 && only ? only : types };
  }
  const properties: Record<string, Schema> = {};
  for (const name of new Set(objects.flatMap(fieldNames))) {
    properties[name] = merged(objects.flatMap((schema) => schema.properties?.[name] ?? []));
  }
  return {
    type: 'object',
    ...(first.description ? { description: first.description } : {}),
    properties,
    additionalProperties: true,
  };
}

/** `{ $merge: [ …, … ] }`: objects put together, of which a later one wins. */
import type { YamlMap } from '../../kit/yaml.ts';
import type { Schema } from '../../model/schema.ts';
import { anyOf } from '../operators/operator.ts';
import { type Evaluate, RunError } from '../run.ts';
import { unfitType } from '../value-types.ts';
import { requiredEntry } from './keys.ts';
import type { Structure, StructureContext } from './structure.ts';

export function compileMerge(node: YamlMap, context: StructureContext): Structure | undefined {
  const { at } = node;
  const where = requiredEntry(node, '$merge').value;
  if (where.kind !== 'list' || where.items.length === 0) {
    const message = '$merge takes a list of objects; a later one wins';
    context.report({ at: where.at, code: 'MAPPING_SHAPE', message, try: '$merge: [ { … }, { … } ]' });
    return undefined;
  }
  const compiled = where.items.map((item) => context.compile(item, context));
  const parts = compiled.filter((part) => part !== undefined);
  if (parts.length < compiled.length) return undefined;
  const wrong = parts.find((part) => unfitType(part.schema, ['object']) !== undefined);
  if (wrong) {
    context.report({
      at: wrong.at,
      code: 'MAPPING_SHAPE',
      message: 'only objects can be merged',
      try: '{ name: value }',
    });
    return undefined;
  }
  const evaluate: Evaluate = (run) => {
    const made: Record<string, unknown> = {};
    for (const part of parts) Object.assign(made, objectOf(part.evaluate(run), at));
    return made;
  };
  return { evaluate, at, schema: mergedSchema(parts), omits: false };
}

function objectOf(value: unknown, at: Structure['at']): object | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RunError('MAPPING_BAD_VALUE', 'only objects can be merged', at);
}

/** Known only where every part is: then a field is there if one part is sure to give it. */
function mergedSchema(parts: readonly Structure[]): Schema {
  const known = parts.every(({ schema }) => schema.properties && schema.additionalProperties === false);
  if (!known) return { type: 'object' };
  const properties: Record<string, Schema> = {};
  const required = new Set<string>();
  for (const { schema, omits } of parts) {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const isSure = !omits && (schema.required?.includes(key) ?? false);
      properties[key] = isSure || !properties[key] ? property : anyOf([properties[key], property]);
      if (isSure) required.add(key);
    }
  }
  return { type: 'object', properties, required: [...required], additionalProperties: false };
}

/** The JSON Schema of `relay.yaml` for editors, made of the same definitions that check the file. */
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';
import { root } from './keys/root.ts';
import type { JsonSchema } from './shape.ts';

/** JSON Schema 2020-12, with the options of the given formats among the keys of sources and targets. */
export function configSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  const sections = root.schema.properties as Readonly<Record<string, JsonSchema>>;
  const sources = withOptions(sections.sources, formats, (format) => format.sourceOptions);
  const targets = withOptions(sections.targets, formats, (format) => format.targetOptions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Dragoman configuration',
    ...root.schema,
    properties: { ...sections, sources, targets },
  };
}

/**
 * The options of every format stand among the common keys, each said to be its format's: editors complete them, and the relay's own
 * check says which of them this format has.
 */
function withOptions(
  section: JsonSchema | undefined,
  formats: ReadonlyMap<string, Format>,
  optionsOf: (format: Format) => Schema | undefined,
): JsonSchema {
  const each = section?.additionalProperties as JsonSchema;
  const common = each.properties as Readonly<Record<string, JsonSchema>>;
  const options: Record<string, JsonSchema> = {};
  for (const format of formats.values()) {
    for (const [name, schema] of Object.entries(optionsOf(format)?.properties ?? {})) {
      const own = { ...schema, description: `format ${format.name}: ${schema.description ?? name}` };
      const other = options[name];
      options[name] = other ? { anyOf: [other, own] } : own;
    }
  }
  const format = {
    ...common.format,
    examples: [...formats.keys()],
    anyOf: [{ enum: [...formats.keys()] }, { pattern: '\\$\\{' }],
  };
  return { ...section, additionalProperties: { ...each, properties: { ...common, format, ...options } } };
}

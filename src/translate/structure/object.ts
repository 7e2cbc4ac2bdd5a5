/** Written objects: each key with its piece; a piece that gives nothing leaves its key out. */
import type { Position } from '../../kit/problem.ts';
import type { YamlEntry } from '../../kit/yaml.ts';
import type { Schema } from '../../model/schema.ts';
import { SCOPE_ROOT } from '../../model/scope-roots.ts';
import { type Evaluate, type Run, spend } from '../run.ts';
import type { Structure, StructureContext, WrittenField } from './structure.ts';

const PATH = new RegExp(String.raw`^${SCOPE_ROOT}\.\w`);
const FILLED_IN = new RegExp(String.raw`\$\{|\{\{\s*${SCOPE_ROOT}[.[]`);

export function compileObject(
  node: { readonly at: Position; readonly entries: readonly YamlEntry[] },
  context: StructureContext,
): Structure | undefined {
  if (isBracedPath(node.entries)) return refusePath(node, context);
  const fields = new Map<string, WrittenField>();
  for (const { key, keyAt, value } of node.entries) {
    const structure = isFieldName(key, keyAt, context) ? context.compile(value, context) : undefined;
    if (structure) fields.set(key, { keyAt, structure });
  }
  if (fields.size < node.entries.length) return undefined;
  const keys = [...fields.keys()];
  const makes = [...fields.values()].map(({ structure }) => structure.evaluate);
  const evaluate: Evaluate = (run) => (run.trace === null ? make(run, keys, makes) : makeTraced(run, keys, makes));
  return { evaluate, at: node.at, schema: schemaOfFields(fields), omits: false, fields };
}

/** `{data.length}` is an object with a key and nothing behind it; nobody means that. */
function isBracedPath(entries: readonly YamlEntry[]): boolean {
  const [only, ...rest] = entries;
  const isBare = only?.value.kind === 'value' && only.value.value === null;
  return isBare && rest.length === 0 && PATH.test(only.key);
}

function refusePath({ at, entries }: Parameters<typeof compileObject>[0], { report }: StructureContext): undefined {
  const key = entries[0]?.key;
  report({ at, code: 'MAPPING_EXPRESSION', message: `{${key}} is an object, not a value`, try: `\${${key}}` });
}

function make(run: Run, keys: readonly string[], makes: readonly Evaluate[]): unknown {
  const made: Record<string, unknown> = {};
  for (let i = 0; i < keys.length; i++) {
    const value = (makes[i] as Evaluate)(run);
    if (value !== undefined) made[keys[i] as string] = value;
  }
  spend(run.meter, keys.length);
  return made;
}

function makeTraced(run: Run, keys: readonly string[], makes: readonly Evaluate[]): unknown {
  const made: Record<string, unknown> = {};
  for (const [i, key] of keys.entries()) {
    run.trace?.enter(key);
    const value = makes[i]?.(run);
    if (value !== undefined) made[key] = value;
    run.trace?.leave();
  }
  return made;
}

function isFieldName(key: string, at: Position, { report }: StructureContext): boolean {
  if (FILLED_IN.test(key)) {
    const advice = '| from_entries makes an object of a list of {key, value}';
    report({ at, code: 'MAPPING_KEY', message: 'a field’s name cannot hold ${…}', try: advice });
    return false;
  }
  if (key !== '__proto__') return true;
  report({ at, code: 'MAPPING_KEY', message: `${key} cannot be a field’s name`, try: 'another name' });
  return false;
}

function schemaOfFields(fields: ReadonlyMap<string, WrittenField>): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const [key, { structure }] of fields) {
    properties[key] = structure.schema;
    if (!structure.omits) required.push(key);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

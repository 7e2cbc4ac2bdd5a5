/** The keys that a format adds to its sources or targets, checked against the schema that the format gives for them. */
import { nearest } from '../kit/problem.ts';
import type { YamlEntry, YamlNode } from '../kit/yaml.ts';
import type { FormatOptions } from '../model/format.ts';
import { type Schema, typesOf } from '../model/schema.ts';
import { json } from './shape/free.ts';
import { scalarOf } from './shape/leaf.ts';
import { type Spot, unknownKey } from './shape.ts';

interface OptionsInput {
  /** The keys of the source or target that are not common to all of them. */
  readonly rest: readonly YamlEntry[];
  readonly schema: Schema | undefined;
  /** The common keys, for the advice where a key is known to neither. */
  readonly commonKeys: readonly string[];
}

/** Reads a format's options, with `${env:…}` filled in; what is wrong is reported. */
export function readOptions({ rest, schema, commonKeys }: OptionsInput, spot: Spot): FormatOptions {
  const known = Object.keys(schema?.properties ?? {});
  const options: Record<string, unknown> = {};
  for (const entry of rest) {
    const property = known.includes(entry.key) ? schema?.properties?.[entry.key] : undefined;
    if (property) options[entry.key] = readOption(entry.value, property, inside(spot, entry.key));
    else if (schema?.additionalProperties) options[entry.key] = json().read(entry.value, inside(spot, entry.key));
    else unknownKey(entry, [...commonKeys, ...known], spot);
  }
  return options;
}

/** The required options that are missing. */
export function missingOptions(rest: readonly YamlEntry[], schema: Schema | undefined): readonly string[] {
  return (schema?.required ?? []).filter((name) => !rest.some((entry) => entry.key === name));
}

function readOption(node: YamlNode, schema: Schema, spot: Spot): unknown {
  if (schema.anyOf) return readAlternative(node, schema.anyOf, spot);
  if (!fitsType(node, schema, spot)) return wrong(node, `be ${describe(schema)}`, spot, quoteAdvice(node, schema));
  switch (node.kind) {
    case 'map':
      return readMembers(node.entries, schema, { node, spot });
    case 'list':
      if (node.items.length < (schema.minItems ?? 0))
        return wrong(node, `hold ${schema.minItems} values or more`, spot);
      return node.items.map((item, i) => readOption(item, schema.items ?? {}, { ...spot, name: `${spot.name}[${i}]` }));
    case 'value':
      return readScalar(node, schema, spot);
  }
}

function readAlternative(node: YamlNode, alternatives: readonly Schema[], spot: Spot): unknown {
  const fitting = alternatives.filter((one) => fitsType(node, one, spot));
  const chosen = fitting.find((one) => matches(node, one)) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (chosen) return readOption(node, chosen, spot);
  if (node.kind === 'value' && fitting[0]) return readOption(node, fitting[0], spot);
  const keys = [...new Set(fitting.flatMap((one) => Object.keys(one.properties ?? {})))];
  const strange = node.kind === 'map' ? node.entries.filter((entry) => !keys.includes(entry.key)) : [];
  for (const entry of strange) unknownKey(entry, keys, spot);
  if (strange.length > 0) return undefined;
  if (keys.length > 0) return wrong(node, `have one of the keys ${keys.join(', ')}`, spot, `{ ${keys[0]}: … }`);
  return wrong(node, `be ${[...new Set(alternatives.map(describe))].join(' or ')}`, spot);
}

function readMembers(
  entries: readonly YamlEntry[],
  schema: Schema,
  { node, spot }: { readonly node: YamlNode; readonly spot: Spot },
): unknown {
  for (const name of missingOptions(entries, schema)) {
    const message = `${spot.name} has no "${name}", which is required`;
    spot.reader.problem({ at: node.at, code: 'CONFIG_MISSING_KEY', message, try: `${name}: …` });
  }
  const known = schema.properties ?? {};
  const others = schema.additionalProperties ?? schema.properties === undefined;
  const members = entries.map((entry): [string, unknown] => {
    const property = Object.hasOwn(known, entry.key) ? known[entry.key] : others === true ? {} : others || undefined;
    if (!property) unknownKey(entry, Object.keys(known), spot);
    return [entry.key, property && readOption(entry.value, property, inside(spot, entry.key))];
  });
  return Object.fromEntries(members);
}

function readScalar(node: YamlNode & { kind: 'value' }, schema: Schema, spot: Spot): unknown {
  const wantsText = typesOf(schema)?.includes('string') ?? true;
  const value = wantsText ? spot.reader.fill(node)?.value : scalarOf(node, spot);
  if (value === undefined) return undefined;
  const allowed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (allowed && !allowed.includes(value)) {
    const texts = [...new Set(allowed.map(String))];
    const near = node.value === value ? nearest(String(value), texts) : undefined;
    return wrong(node, `be ${describe(schema)}`, spot, near ?? `one of ${texts.join(', ')}`);
  }
  const refusal = typeof value === 'string' ? textRefusal(value, schema) : numberRefusal(value, schema);
  return refusal === undefined ? value : wrong(node, refusal, spot);
}

function textRefusal(value: string, schema: Schema): string | undefined {
  if (value.length < (schema.minLength ?? 0)) return 'not be that short';
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    return `have ${schema.maxLength} characters at most`;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return `be ${describe(schema)}`;
  return undefined;
}

function numberRefusal(value: unknown, schema: Schema): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) return `be ${schema.minimum} or more`;
  return value > (schema.maximum ?? Number.POSITIVE_INFINITY) ? `be ${schema.maximum} or less` : undefined;
}

function fitsType(node: YamlNode, schema: Schema, spot: Spot): boolean {
  const types = typesOf(schema);
  if (types === undefined) return true;
  if (node.kind === 'map') return types.includes('object');
  if (node.kind === 'list') return types.includes('array');
  if (typeof node.value === 'string' && types.includes('string')) return true;
  const value = scalarOf(node, spot);
  if (value === undefined || value === null) return value === undefined || types.includes('null');
  if (typeof value === 'boolean') return types.includes('boolean');
  if (typeof value === 'string') return types.includes('string');
  const isWhole = typeof value === 'bigint' || Number.isInteger(value);
  return types.includes('number') || (isWhole && types.includes('integer'));
}

/** Whether a node is just what an alternative asks for: one of its fixed values, or its keys and no other. */
function matches(node: YamlNode, schema: Schema): boolean {
  if (node.kind === 'map' && schema.properties) {
    const known = Object.keys(schema.properties);
    return node.entries.every(({ key }) => known.includes(key)) && missingOptions(node.entries, schema).length === 0;
  }
  const allowed = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return node.kind === 'value' && allowed.includes(node.value);
}

function wrong(node: YamlNode, must: string, spot: Spot, advice?: string): undefined {
  const message = `${spot.name} must ${must}`;
  spot.reader.problem({ at: node.at, code: 'CONFIG_BAD_OPTION', message, try: advice ?? must.replace(/^be /, '') });
  return undefined;
}

function describe(schema: Schema): string {
  if (schema.enum) return `one of ${[...new Set(schema.enum.map(String))].join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  const types = typesOf(schema) ?? [];
  const examples = schema.examples?.slice(0, 2).map((example) => JSON.stringify(example)) ?? [];
  const names = types.map((type) => TYPE_NAMES[type] ?? type).join(' or ') || 'a value';
  return examples.length > 0 ? `${names} such as ${examples.join(' or ')}` : names;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  null: 'null',
};

/** `version: 2.16` reads as a number; what the format knows is the text. */
function quoteAdvice(node: YamlNode, schema: Schema): string | undefined {
  const isNumber = node.kind === 'value' && typeof node.value === 'number';
  return isNumber && typesOf(schema)?.includes('string') ? `"${node.kind === 'value' ? node.value : ''}"` : undefined;
}

function inside(spot: Spot, key: string): Spot {
  return { name: `${spot.name}.${key}`, reader: spot.reader };
}

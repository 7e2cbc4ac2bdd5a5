/** What a mapping says of the constants it needs, under `params:`. */
import type { Problem } from '../kit/problem.ts';
import { plainValue, type YamlEntry, type YamlNode } from '../kit/yaml.ts';
import type { Json } from '../model/json.ts';
import type { Schema, SchemaType } from '../model/schema.ts';
import type { MappingParam } from './mapping.ts';
import { checkKeys, entry } from './structure/keys.ts';
import { schemaOfValue } from './value-types.ts';

const TYPES: readonly SchemaType[] = ['string', 'integer', 'number', 'boolean', 'array', 'object'];
const KEYS = {
  about: { required: true },
  required: { required: false },
  default: { required: false },
  type: { required: false },
};

export interface DeclaredParams {
  readonly params: ReadonlyMap<string, MappingParam>;
  readonly schema: Schema;
  readonly entries: readonly YamlEntry[];
}

export function readParams(node: YamlNode | undefined, report: (problem: Problem) => void): DeclaredParams {
  const params = new Map<string, MappingParam>();
  const properties: Record<string, Schema> = {};
  const entries = node?.kind === 'map' ? node.entries : [];
  if (node && node.kind !== 'map') {
    report({
      at: node.at,
      code: 'MAPPING_SHAPE',
      message: 'params holds names with what they are',
      try: 'media_base: { about: … }',
    });
  }
  for (const declared of entries) {
    const param = readParam(declared, report) ?? { about: '', required: true, schema: {} };
    properties[declared.key] = param.schema;
    params.set(declared.key, param);
  }
  const required = [...params]
    .filter(([, param]) => param.required || param.default !== undefined)
    .map(([name]) => name);
  return { params, schema: { type: 'object', properties, required, additionalProperties: false }, entries };
}

function readParam({ key, keyAt, value }: YamlEntry, report: (problem: Problem) => void): MappingParam | undefined {
  if (value.kind !== 'map') {
    const message = `the param ${key} needs an about: that says what it is`;
    report({
      at: value.kind === 'value' && value.value === null ? keyAt : value.at,
      code: 'MAPPING_PARAM_ABOUT',
      message,
      try: `${key}: { about: … }`,
    });
    return undefined;
  }
  const about = entry(value, 'about')?.value;
  if (about?.kind !== 'value' || typeof about.value !== 'string' || about.value.trim() === '') {
    report({
      at: about?.at ?? keyAt,
      code: 'MAPPING_PARAM_ABOUT',
      message: `the param ${key} needs an about: that says what it is`,
      try: `${key}: { about: … }`,
    });
    return undefined;
  }
  if (!checkKeys(value, KEYS, report)) return undefined;
  const given = entry(value, 'default')?.value;
  const fallback = given && (plainValue(given) as Json);
  const schema = paramSchema(entry(value, 'type')?.value, fallback, report);
  const required = isRequired(entry(value, 'required')?.value, fallback === undefined, report);
  if (!schema || required === undefined) return undefined;
  return { about: about.value.trim(), required, ...(fallback !== undefined && { default: fallback }), schema };
}

function isRequired(
  node: YamlNode | undefined,
  otherwise: boolean,
  report: (problem: Problem) => void,
): boolean | undefined {
  if (!node) return otherwise;
  if (node.kind === 'value' && typeof node.value === 'boolean') return node.value && otherwise;
  report({ at: node.at, code: 'MAPPING_SHAPE', message: 'required is true or false', try: 'required: false' });
  return undefined;
}

/** The type that is declared, else that of the default, else text. */
function paramSchema(
  node: YamlNode | undefined,
  fallback: Json | undefined,
  report: (problem: Problem) => void,
): Schema | undefined {
  if (!node) return fallback === undefined || fallback === null ? { type: 'string' } : schemaOfValue(fallback);
  const type = TYPES.find((one) => node.kind === 'value' && one === node.value);
  if (type) return { type };
  report({ at: node.at, code: 'MAPPING_SHAPE', message: 'this is no type', try: `one of ${TYPES.join(', ')}` });
  return undefined;
}

/** Holds the constants of the configuration against what mappings say of those that they need. */
import type { RuleConfig } from '../config/config.ts';
import type { ConfigDraft } from '../config/draft.ts';
import { nearest, type Problem } from '../kit/problem.ts';
import { type Schema, type SchemaType, typesOf } from '../model/schema.ts';
import type { Mapping, MappingParam } from '../translate/mapping.ts';
import { takes, typeName, typeNames } from '../translate/value-types.ts';

/** The constants that a mapping needs and the configuration does not name. */
export function missingParams(mapping: Mapping, rule: RuleConfig, config: ConfigDraft): Problem[] {
  const { params } = config;
  if (params === null) return [];
  const missing = [...mapping.params].filter(([name, param]) => param.required && !Object.hasOwn(params, name));
  return missing.map(([name, param]) => ({
    at: rule.at,
    code: 'CONFIG_MISSING_PARAM',
    message: `rule "${rule.name}" translates with "${mapping.name}", which needs params.${name}: ${param.about}`,
    try: mistypedParam(name, params, mapping) ?? `add ${name} under params`,
  }));
}

/** A constant that this mapping has no use for and whose name is near the one that it lacks. */
function mistypedParam(name: string, params: object, mapping: Mapping): string | undefined {
  const others = Object.keys(params).filter((one) => !mapping.params.has(one));
  const near = nearest(name, others);
  return near === undefined ? undefined : `${name} under params, in place of ${near}`;
}

/** The constants that are not what one of the mappings takes them for. */
export function unfitParams(mappings: Iterable<Mapping>, config: ConfigDraft): Problem[] {
  return [...mappings].flatMap((mapping) =>
    [...mapping.params].flatMap(([name, param]) => {
      const value = config.params && Object.hasOwn(config.params, name) ? config.params[name] : undefined;
      if (value === undefined) return [];
      const wrong = value === null ? emptyParam(name, param, mapping) : unfitParam(name, { value, param, mapping });
      const at = config.places.params.get(name);
      return wrong ? [at ? { at, ...wrong } : wrong] : [];
    }),
  );
}

/** An empty one is a missing one, which only an optional one without default may be. */
function emptyParam(name: string, param: MappingParam, mapping: Mapping): Problem | undefined {
  if (!param.required && param.default === undefined) return undefined;
  const message = `params.${name} has no value, and mapping "${mapping.name}" needs one: ${param.about}`;
  const advice = param.required ? `${name}: …` : `leaving ${name} out, for the default of the mapping`;
  return { code: 'CONFIG_MISSING_PARAM', message, try: advice };
}

interface Given {
  readonly value: unknown;
  readonly param: MappingParam;
  readonly mapping: Mapping;
}

function unfitParam(name: string, { value, param, mapping }: Given): Problem | undefined {
  const unfit = misfitOf(value, param.schema, `params.${name}`);
  if (!unfit) return undefined;
  const { path, given, wanted } = unfit;
  const message = `${path} is ${nameOf(given, wanted)}, and mapping "${mapping.name}" takes ${typeNames(wanted)}`;
  return { code: 'CONFIG_PARAM_TYPE', message, try: adviceFor(unfit, mapping) };
}

interface Misfit {
  readonly path: string;
  readonly value: unknown;
  readonly given: SchemaType;
  readonly wanted: readonly SchemaType[];
}

/** The first value, from the outside in, that is of none of the types that its schema has. */
function misfitOf(value: unknown, schema: Schema, path: string): Misfit | undefined {
  const [given] = typesOf({ const: value }) ?? [];
  const wanted = (typesOf(schema) ?? []).filter((type) => type !== 'null');
  if (wanted.length === 0 || given === undefined || given === 'null') return undefined;
  if (!takes(wanted, given)) return { path, value, given, wanted };
  if (Array.isArray(value)) {
    return firstOf(value.map((item, index) => misfitOf(item, schema.items ?? {}, `${path}[${index}]`)));
  }
  if (given !== 'object') return undefined;
  const known = schema.properties ?? {};
  const fields = Object.entries(value as object).filter(([key]) => Object.hasOwn(known, key));
  return firstOf(fields.map(([key, inner]) => misfitOf(inner, known[key] ?? {}, `${path}.${key}`)));
}

/** What a text says may be a secret, so it is not repeated. */
function adviceFor({ value, given, wanted }: Misfit, { file }: Mapping): string {
  const isScalar = given === 'integer' || given === 'number' || given === 'boolean';
  if (isScalar && wanted.includes('string')) return `"${value}"`;
  if (given === 'number' && wanted.includes('integer')) return `a whole number, or type: number in ${file}`;
  const conversion = wanted.includes('integer') ? 'int' : wanted.includes('number') ? 'float' : undefined;
  if (given !== 'string' || !conversion) return typeNames(wanted);
  return `${typeNames(wanted)} without quotes; for one from the environment type: string in ${file}, and | ${conversion}`;
}

function nameOf(given: SchemaType, wanted: readonly SchemaType[]): string {
  return given === 'number' && wanted.includes('integer') ? 'a number with a fraction' : typeName(given);
}

function firstOf<T>(all: readonly (T | undefined)[]): T | undefined {
  return all.find((one) => one !== undefined);
}

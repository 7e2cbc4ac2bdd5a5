/** A constant that is not what a mapping takes it for. */
import { type Schema, type SchemaType, typesOf } from '../model/schema.ts';
import type { Mapping } from './mapping.ts';
import { takes, typeName, typeNames } from './value-types.ts';

export interface UnfitParam {
  readonly message: string;
  readonly try: string;
}

/** Undefined where it fits, is null, or where the mapping has no such param. */
export function unfitParam(name: string, value: unknown, mapping: Mapping): UnfitParam | undefined {
  const unfit = misfitOf(value, mapping.params.get(name)?.schema ?? {}, `params.${name}`);
  if (!unfit) return undefined;
  const { path, given, wanted } = unfit;
  const message = `${path} is ${nameOf(given, wanted)}, and mapping "${mapping.name}" takes ${typeNames(wanted)}`;
  return { message, try: adviceFor(unfit, mapping) };
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

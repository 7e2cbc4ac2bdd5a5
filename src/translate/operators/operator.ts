/** What an operator is: one definition that the compiler, the checker, the command line and the reference read. */
import type { Json } from '../../model/json.ts';
import type { Schema, SchemaType } from '../../model/schema.ts';
import type { Meter } from '../run.ts';

export type ValueType = SchemaType | 'any';

export interface Argument {
  readonly name: string;
  readonly types: readonly ValueType[];
  readonly optional?: boolean;
  /** The last argument may be given any number of times. */
  readonly rest?: boolean;
  /** An expression that is run for each item, which it reads as `it`; `apply` gets a function. */
  readonly perItem?: boolean;
  /** The only texts that are taken; they may stand without quotes. */
  readonly choices?: readonly string[];
  /** Texts that may stand without quotes, beside any other in quotes. */
  readonly words?: readonly string[];
  /** Throws ValueError where `apply` would refuse it whatever the input is: asked of what stands in the mapping. */
  readonly check?: (value: unknown) => void;
}

export interface Example {
  /** What stands inside `${…}`; it may read `data`. */
  readonly expression: string;
  readonly data?: Json;
  readonly output: Json;
}

export interface Operator {
  readonly name: string;
  readonly family: string;
  /** One sentence. */
  readonly summary: string;
  /** The types it takes; a missing value only where `takesMissing` is set. */
  readonly takes: readonly ValueType[];
  readonly args: readonly Argument[];
  /** The value it gives, or how that follows from what it is given. */
  readonly gives: Schema | ((input: Schema, args: readonly Schema[]) => Schema);
  /** What is wrong with these types together, beyond what `takes` and `args` say; undefined where nothing is known to be. */
  readonly check?: (input: Schema, args: readonly Schema[]) => string | undefined;
  /** It gives `undefined` where there is nothing to give: a missing value, to be handled like a missing path. */
  readonly mayMiss?: boolean | ((input: Schema, args: readonly Schema[]) => boolean);
  /** It is asked with `undefined` where its input is missing. */
  readonly takesMissing?: boolean;
  readonly examples: readonly Example[];
  /** Throws ValueError where a value does not fit. Pure. */
  apply(input: unknown, args: readonly unknown[], meter: Meter): unknown;
  /** Where the arguments are known at load: does what depends on them alone once. Throws ValueError where they are wrong. */
  prepare?(args: readonly unknown[]): (input: unknown, meter: Meter) => unknown;
}

export const TEXT: Schema = { type: 'string' };
export const INTEGER: Schema = { type: 'integer' };
export const NUMBER: Schema = { type: 'number' };
export const BOOLEAN: Schema = { type: 'boolean' };
export const OBJECT: Schema = { type: 'object' };
export const LIST: Schema = { type: 'array' };
export const ANYTHING: Schema = {};

/** A text argument. */
export function textArgument(name: string, more: Partial<Argument> = {}): Argument {
  return { name, types: ['string'], ...more };
}

/** A whole-number argument. */
export function countArgument(name: string, more: Partial<Argument> = {}): Argument {
  return { name, types: ['integer'], ...more };
}

/** `| pad 3 "0"`: the operator with arguments, as its own examples have it; undefined where none does. */
export function exampleOf({ name, examples }: Operator): string | undefined {
  const call = new RegExp(`\\| ${name} (?:"(?:[^"\\\\]|\\\\.)*"|[^|"])+`);
  for (const { expression } of examples) {
    const found = call.exec(expression)?.[0].trim();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The schema of a list's items; anything where it is not known. */
export function itemsOf(schema: Schema): Schema {
  if (schema.anyOf)
    return anyOf(schema.anyOf.filter((one) => one.type === undefined || one.type.includes('array')).map(itemsOf));
  return schema.items ?? ANYTHING;
}

/** One of several: the alternatives without repeats. */
export function anyOf(schemas: readonly Schema[]): Schema {
  const flat = schemas.flatMap((schema) => schema.anyOf ?? [schema]);
  if (flat.some((schema) => Object.keys(schema).length === 0)) return ANYTHING;
  const unique = [...new Map(flat.map((schema) => [JSON.stringify(schema, bigintText), schema])).values()];
  return unique.length === 1 ? (unique[0] as Schema) : { anyOf: unique };
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** `pad width [fill] [side]`: how an operator is written. */
export function usageOf({ name, args }: Operator): string {
  const parts = args.map((arg) => {
    const shown = arg.rest ? `${arg.name}…` : arg.name;
    return arg.optional ? `[${shown}]` : shown;
  });
  return [name, ...parts].join(' ');
}

/** Whether a value of one schema is always one of another: what may come out of an expression against what the target takes. */
import { nearest } from '../kit/problem.ts';
import { type Schema, type SchemaType, typesOf } from '../model/schema.ts';
import { takes, typeName, typeNames } from './value-types.ts';

export interface Mistake {
  readonly code: 'MAPPING_FIELD_TYPE' | 'MAPPING_FIELD_VALUE' | 'MAPPING_UNKNOWN_FIELD' | 'MAPPING_MISSING_FIELD';
  readonly path: string;
  readonly message: string;
  readonly try?: string | undefined;
}

/** Why a value of one schema may not be one of another; undefined where it always is, or where only the event can tell. */
export function mistakeIn(actual: Schema, expected: Schema): Mistake | undefined {
  if (actual.anyOf) return firstOf(actual.anyOf, (one) => mistakeIn(one, expected));
  if (expected.anyOf) {
    const mistakes = expected.anyOf.map((one) => mistakeIn(actual, one));
    return mistakes.some((mistake) => mistake === undefined)
      ? undefined
      : (mistakes.findLast((one) => one?.code !== 'MAPPING_FIELD_TYPE') ??
          typeMistake(actual, expected) ??
          mistakes[0]);
  }
  const wrongType = typeMistake(actual, expected);
  if (wrongType) return wrongType;
  return valueMistake(actual, expected) ?? itemsMistake(actual, expected) ?? objectMistake(actual, expected);
}

function typeMistake(actual: Schema, expected: Schema): Mistake | undefined {
  const wanted = typesOf(expected);
  if (!wanted) return undefined;
  // A null that comes out of an event counts as missing; only a written null can arrive.
  const given = actual.const === null ? ['null' as const] : typesOf(actual)?.filter((type) => type !== 'null');
  const unfit = given?.find((type) => !takes(wanted, type));
  if (unfit === undefined) return undefined;
  const message = `takes ${typeNames(wanted)}, and this is ${typeName(unfit)}`;
  return {
    code: 'MAPPING_FIELD_TYPE',
    path: '',
    message,
    try: rewritten(actual.const, wanted) ?? conversion(unfit, wanted),
  };
}

/** What is written in the mapping itself, as it has to be written; undefined where that cannot be said. */
function rewritten(value: unknown, wanted: readonly SchemaType[]): string | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  if (wanted.includes('string')) return JSON.stringify(String(value));
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  const isTaken = wanted.includes('number') || (wanted.includes('integer') && Number.isInteger(number));
  if (isTaken && Number.isFinite(number)) return String(number);
  if (!wanted.includes('boolean') || !/^(?:true|false|yes|no|on|off)$/i.test(String(value))) return undefined;
  return /^(?:true|yes|on)$/i.test(String(value)) ? 'true' : 'false';
}

function conversion(from: SchemaType, wanted: readonly SchemaType[]): string {
  if (from === 'array') return wanted.includes('string') ? '| join "," or | first' : '| first';
  if (from === 'null') return 'write a value, or take the key away';
  if (from === 'object')
    return wanted.includes('string') ? '| json' : 'one of its fields, or | values for a list of them';
  if (wanted.includes('string')) return '| string';
  if (from === 'number' && wanted.includes('integer')) return '| round';
  if (wanted.includes('integer')) return '| int';
  if (wanted.includes('number')) return '| float';
  if (wanted.includes('boolean')) return '| bool';
  return wanted.includes('array') ? '| list' : 'an object: { name: … }';
}

function valueMistake(actual: Schema, expected: Schema): Mistake | undefined {
  const known = actual.const !== undefined ? [actual.const] : actual.enum;
  if (!known) return undefined;
  const allowed = expected.const !== undefined ? [expected.const] : expected.enum;
  for (const value of known) {
    const shown = JSON.stringify(String(value));
    if (allowed && !allowed.includes(value)) {
      const message = `cannot be ${shown}`;
      return {
        code: 'MAPPING_FIELD_VALUE',
        path: '',
        message,
        try: nearest(String(value), allowed.map(String)) ?? `one of ${allowed.join(', ')}`,
      };
    }
    const limit = limitBroken(value, expected);
    if (limit !== undefined) {
      const message = `cannot be ${shown}: ${limit}`;
      return { code: 'MAPPING_FIELD_VALUE', path: '', message, try: goodValue(expected) };
    }
  }
  return undefined;
}

function limitBroken(value: unknown, { pattern, minLength, maxLength, minimum, maximum }: Schema): string | undefined {
  if (typeof value === 'string') {
    const { length } = value;
    if (minLength !== undefined && length < minLength) return `it takes at least ${minLength} characters`;
    if (maxLength !== undefined && length > maxLength) return `it takes at most ${maxLength} characters`;
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `it has to match ${pattern}`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (minimum !== undefined && value < minimum) return `it is at least ${minimum}`;
    if (maximum !== undefined && value > maximum) return `it is at most ${maximum}`;
  }
  return undefined;
}

/** A value that is taken, as far as the format says one. */
function goodValue({ examples, description, maxLength }: Schema): string {
  const [example] = examples ?? [];
  if (example !== undefined) return `${JSON.stringify(String(example))}, for example`;
  if (description !== undefined) return `another value: ${description}`;
  return maxLength === undefined ? 'another value' : `at most ${maxLength} characters`;
}

function itemsMistake(actual: Schema, expected: Schema): Mistake | undefined {
  if (!actual.items || !expected.items) return undefined;
  const mistake = mistakeIn(actual.items, expected.items);
  return mistake && { ...mistake, path: `[]${mistake.path}` };
}

function objectMistake(actual: Schema, expected: Schema): Mistake | undefined {
  if (!actual.properties || !expected.properties) return undefined;
  const additional = expected.additionalProperties ?? false;
  for (const [key, property] of Object.entries(actual.properties)) {
    const wanted = Object.hasOwn(expected.properties, key) ? expected.properties[key] : additional;
    if (wanted === true) continue;
    if (wanted === false || wanted === undefined) {
      return {
        code: 'MAPPING_UNKNOWN_FIELD',
        path: `.${key}`,
        message: 'is no field of the target',
        try: `| without "${key}"`,
      };
    }
    const mistake = mistakeIn(property, wanted);
    if (mistake) return { ...mistake, path: `.${key}${mistake.path}` };
  }
  const lacking = expected.required?.find((key) => !actual.required?.includes(key));
  if (lacking === undefined) return undefined;
  const message = 'may be missing, and the target requires it';
  const advice = `write the fields out, with ${lacking}: … | default X`;
  return { code: 'MAPPING_MISSING_FIELD', path: `.${lacking}`, message, try: advice };
}

function firstOf<In, Out>(all: readonly In[], find: (one: In) => Out | undefined): Out | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

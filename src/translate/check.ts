/** The checker: what a mapping is going to emit held against what the target format takes, before there is any event. */
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import { fieldNames, type Schema, type SchemaType, typesOf } from '../model/schema.ts';
import type { Structure } from './structure/structure.ts';
import { takes, typeName, typeNames } from './value-types.ts';

interface Place {
  /** As a user would write it: `data.room_info.room_id`. */
  readonly path: string;
  readonly report: (problem: Problem) => void;
}

/** Reports everything in which a structure cannot be what is expected. */
export function checkStructure(structure: Structure, expected: Schema, place: Place): void {
  if (structure.branches) {
    for (const branch of structure.branches) checkStructure(branch, expected, place);
  } else if (expected.anyOf) {
    checkAlternatives(structure, expected, expected.anyOf, place);
  } else if (structure.fields && (typesOf(expected)?.includes('object') ?? false)) {
    checkFields(structure, structure.fields, expected, place);
  } else if ((structure.items || structure.each) && (typesOf(expected)?.includes('array') ?? false)) {
    checkItems(structure, expected, place);
  } else {
    checkValue(structure.schema, structure.at, expected, place);
  }
}

/** One alternative has to fit; of several the one with the fewest mistakes is reported. */
function checkAlternatives(
  structure: Structure,
  expected: Schema,
  alternatives: readonly Schema[],
  place: Place,
): void {
  if (!structure.fields && !structure.items && !structure.each) {
    checkValue(structure.schema, structure.at, expected, place);
    return;
  }
  let fewest: Problem[] | undefined;
  for (const alternative of alternatives) {
    const found: Problem[] = [];
    checkStructure(structure, alternative, { ...place, report: (problem) => void found.push(problem) });
    if (!fewest || found.length < fewest.length) fewest = found;
  }
  for (const problem of fewest ?? []) place.report(problem);
}

function checkFields(
  structure: Structure,
  fields: NonNullable<Structure['fields']>,
  expected: Schema,
  place: Place,
): void {
  const { path, report } = place;
  const additional = expected.additionalProperties ?? expected.properties === undefined;
  const mistyped = new Set<string>();
  for (const [key, { keyAt, structure: field }] of fields) {
    const here = { path: `${path}.${key}`, report };
    const property = Object.hasOwn(expected.properties ?? {}, key) ? expected.properties?.[key] : undefined;
    if (property) {
      checkStructure(field, property, here);
      if (field.omits && expected.required?.includes(key)) reportMayLack(field.at, here);
    } else if (additional === false) {
      report({
        at: keyAt,
        code: 'MAPPING_UNKNOWN_FIELD',
        message: `${here.path} is no field of the target`,
        try: adviceForField(key, { expected, fields, mistyped }),
      });
    } else if (additional !== true) {
      checkStructure(field, additional, here);
    }
  }
  for (const key of expected.required ?? []) {
    if (fields.has(key) || mistyped.has(key)) continue;
    const about = expected.properties?.[key]?.description;
    const message = `${path}.${key} is missing, and the target requires it`;
    report({
      at: structure.at,
      code: 'MAPPING_MISSING_FIELD',
      message,
      try: about === undefined ? `${key}: …` : `${key}: … (${about})`,
    });
  }
}

interface FieldAdvice {
  readonly expected: Schema;
  readonly fields: NonNullable<Structure['fields']>;
  /** Gets the field that was meant, which is then not missing beside. */
  readonly mistyped: Set<string>;
}

function adviceForField(key: string, { expected, fields, mistyped }: FieldAdvice): string {
  const open = fieldNames(expected).filter((name) => !fields.has(name));
  const near = nearest(key, open);
  if (near !== undefined) mistyped.add(near);
  if (near !== undefined) return `did you mean ${near}?`;
  return open.length > 0 ? `one of ${open.join(', ')}` : `take ${key} away`;
}

function reportMayLack(at: Position, { path, report }: Place): void {
  const message = `${path} may be left out here, and the target requires it`;
  report({
    at,
    code: 'MAPPING_MISSING_FIELD',
    message,
    try: '| default X, or an else: or default: that gives a value',
  });
}

function checkItems(structure: Structure, expected: Schema, place: Place): void {
  const each = structure.each ? [structure.each] : (structure.items ?? []);
  const least = structure.each ? 0 : each.filter((item) => !item.omits).length;
  if (!structure.each && expected.minItems !== undefined && least < expected.minItems) {
    const message = `${place.path} takes at least ${expected.minItems} items`;
    place.report({ at: structure.at, code: 'MAPPING_FIELD_VALUE', message });
  }
  const { items } = expected;
  if (!items) return;
  for (const [index, item] of each.entries()) {
    checkStructure(item, items, { ...place, path: `${place.path}[${structure.each ? '' : index}]` });
  }
}

function checkValue(actual: Schema, at: Position, expected: Schema, place: Place): void {
  const mistake = mistakeIn(actual, expected);
  if (!mistake) return;
  const path = `${place.path}${mistake.path}`;
  const advice = mistake.try === undefined ? {} : { try: mistake.try };
  place.report({ at, code: mistake.code, message: `${path} ${mistake.message}`, ...advice });
}

interface Mistake {
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
  return { code: 'MAPPING_FIELD_TYPE', path: '', message, try: conversion(unfit, wanted) };
}

function conversion(from: SchemaType, wanted: readonly SchemaType[]): string | undefined {
  if (from === 'array') return wanted.includes('string') ? '| join "," or | first' : '| first';
  if (from === 'object' || from === 'null')
    return wanted.includes('string') && from === 'object' ? '| json' : undefined;
  if (wanted.includes('string')) return '| string';
  if (from === 'number' && wanted.includes('integer')) return '| round';
  if (wanted.includes('integer')) return '| int';
  if (wanted.includes('number')) return '| float';
  if (wanted.includes('boolean')) return '| bool';
  return wanted.includes('array') ? '| list' : undefined;
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
    if (limit !== undefined) return { code: 'MAPPING_FIELD_VALUE', path: '', message: `cannot be ${shown}: ${limit}` };
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
  return { code: 'MAPPING_MISSING_FIELD', path: `.${lacking}`, message: 'may be missing, and the target requires it' };
}

function firstOf<In, Out>(all: readonly In[], find: (one: In) => Out | undefined): Out | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

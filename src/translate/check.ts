/** The checker: what a mapping is going to emit held against what the target format takes, before there is any event. */
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import { fieldNames, type Schema, typesOf } from '../model/schema.ts';
import { adviceForTable, cellMistake } from './check-table.ts';
import { mistakeIn } from './schema-fit.ts';
import type { Structure } from './structure/structure.ts';

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
    checkValue(structure, expected, place);
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
    checkValue(structure, expected, place);
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
    place.report({ at: structure.at, code: 'MAPPING_FIELD_VALUE', message, try: 'more items, or $each over a list' });
  }
  const { items } = expected;
  if (!items) return;
  for (const [index, item] of each.entries()) {
    checkStructure(item, items, { ...place, path: `${place.path}[${structure.each ? '' : index}]` });
  }
}

function checkValue({ schema, at, table }: Structure, expected: Schema, place: Place): void {
  const mistake = mistakeIn(schema, expected);
  if (!mistake) return;
  const cell = table && mistake.code === 'MAPPING_FIELD_TYPE' ? cellMistake(table, expected) : undefined;
  const meant = table ? adviceForTable(table, mistake.try) : mistake.try;
  const advice = meant === undefined ? {} : { try: meant };
  const message = `${place.path}${mistake.path} ${mistake.message}`;
  place.report(cell ?? { at, code: mistake.code, message, ...advice });
}

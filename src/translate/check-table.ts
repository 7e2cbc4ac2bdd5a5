/** Single values of a table of another type than what they are for: told at the first of them, and the same for every use. */
import type { Problem } from '../kit/problem.ts';
import { type Schema, typesOf } from '../model/schema.ts';
import { ownField } from './expression/path.ts';
import { mistakeIn } from './schema-fit.ts';
import type { TableRead } from './structure/structure.ts';
import { typeName, typeNames } from './value-types.ts';

/** Undefined where no single value is of a wrong type, and of a CSV file, whose cells are all text. */
export function cellMistake({ name, rows, column, placeOf }: TableRead, expected: Schema): Problem | undefined {
  if (!placeOf) return undefined;
  const unfit = [...rows].flatMap(([key, row]) => {
    const value = column === undefined ? row : ownField(row, column);
    const mistake = typeof value === 'object' ? undefined : mistakeIn({ const: value }, expected);
    return mistake?.code === 'MAPPING_FIELD_TYPE' ? { key, value, mistake } : [];
  });
  const [first, ...others] = unfit;
  const [given] = typesOf({ const: first?.value }) ?? [];
  const wanted = typesOf(expected);
  if (!first || !given || !wanted) return undefined;
  const more =
    others.length === 0 ? '' : ` (${others.length} more of its values ${others.length === 1 ? 'is' : 'are'} as wrong)`;
  const message = `${typeNames(wanted)} is needed where the table ${name} is used, and this is ${typeName(given)}${more}`;
  const { try: advice } = first.mistake;
  const told = advice === undefined ? {} : { try: advice };
  return { at: placeOf(first.key, column), code: 'MAPPING_FIELD_TYPE', message, ...told };
}

/** No operator can follow what a table gives. */
export function adviceForTable({ rows, column, placeOf }: TableRead, advice: string | undefined): string | undefined {
  const [row] = rows.values();
  if (column === undefined && typeof row === 'object' && row !== null && !Array.isArray(row))
    return `column: ${Object.keys(row).join(', or column: ')}`;
  if (!advice?.startsWith('| ')) return advice;
  return placeOf ? 'other values in the table' : 'a YAML file for the table: all values of a CSV file are text';
}

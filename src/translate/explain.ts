/** A translation's trace as lines for a terminal: every emission with its condition, every field with where its value came from. */
import { stringifyJson } from '../kit/json.ts';
import type { LogicStep } from './logic.ts';
import type { TranslationTrace } from './mapping.ts';
import type { TracedEmission, TracedField, TracedTable } from './trace.ts';

/** Without colours; indented by two for each level. Values are shortened. */
export function explainLines(trace: TranslationTrace): string[] {
  const { result } = trace;
  const lines = trace.emissions.flatMap(emissionLines);
  if (result.kind === 'dropped') lines.push(`dropped: ${result.reason.message}  [${result.reason.code}]`);
  if (result.kind === 'failed') lines.push(`failed: ${result.reason.message}  [${result.reason.code}]`);
  return lines;
}

function emissionLines({ emit, at, when, fields }: TracedEmission): string[] {
  const what = emit ?? 'drop';
  const place = `${at.file}:${at.line}`;
  const held = when ? (when.held ? ', because its when holds' : ' is left out: its when does not hold') : '';
  const conditions = (when?.steps ?? []).map((step) => `${'  '.repeat(step.depth + 1)}${conditionText(step)}`);
  return [`${what}${held}  (${place})`, ...conditions, ...fields.map((field) => `  ${fieldText(field)}`)];
}

/** `> (data.length = 121, 60) is true`. */
export function conditionText({ operator, operands, result, error }: LogicStep): string {
  const read = operands.map(({ path, value }) =>
    path === null ? (value ?? '…') : value === null ? path : `${path} = ${value}`,
  );
  return `${operator} (${read.join(', ')}) is ${error ?? result ?? 'not evaluated'}`;
}

/** `data.duration = "121"  from data.length = 121 | round → 121 | string → "121"`. */
export function fieldText({ field, value, inputs, operators, tables, defaulted }: TracedField): string {
  const shown = value === undefined ? '(left out)' : short(value);
  const read = inputs.map(({ path, value: input }) => `${path} = ${input === undefined ? '(missing)' : short(input)}`);
  const applied = operators.map(
    ({ name, output }) => `| ${name} → ${output === undefined ? '(nothing)' : short(output)}`,
  );
  const lookups = tables.length > 0 ? [tables.map(lookupText).join(', then ')] : [];
  const from = [...(read.length > 0 ? [read.join(', ')] : []), ...applied, ...lookups].join(' ');
  return `${field} = ${shown}${from === '' ? '' : `  from ${from}`}${defaulted ? '  (a default)' : ''}`;
}

function lookupText({ name, column, found }: TracedTable): string {
  return `${found ? '' : 'not '}in the table ${name}${column === undefined ? '' : `, column ${column}`}`;
}

function short(value: unknown): string {
  const text = stringifyJson(value) ?? '(nothing)';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

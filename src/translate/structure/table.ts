/** `{ $table: rooms, key: ${…}, column: name, default: … }`: the row of a table, or one cell of it. */
import { nearest } from '../../kit/problem.ts';
import type { YamlMap } from '../../kit/yaml.ts';
import type { Schema } from '../../model/schema.ts';
import { ownField } from '../expression/path.ts';
import { anyOf } from '../operators/operator.ts';
import { type Evaluate, MISSING, RunError } from '../run.ts';
import { entry, requiredEntry } from './keys.ts';
import { missingValue, reportOptional } from './missing.ts';
import type { CompiledTable, Structure, StructureContext } from './structure.ts';
import { compileKey, keyText, readBy } from './subject.ts';

export function compileTable(node: YamlMap, context: StructureContext): Structure | undefined {
  const found = findTable(node, context);
  const keyNode = requiredEntry(node, 'key').value;
  const key = compileKey(keyNode, '$table', context);
  const defaultEntry = entry(node, 'default');
  const otherwise = defaultEntry && context.compile(defaultEntry.value, context);
  const cell = found && compileColumn(node, found.table.schema, context);
  if (!found || !cell || !key || (defaultEntry && !otherwise)) return undefined;
  if (!otherwise) reportOptional(key, context);
  const { at } = requiredEntry(node, '$table').value;
  const { name, table } = found;
  const { rows } = table;
  const evaluate: Evaluate = (run) => {
    const value = key.evaluate(run);
    const row = value === MISSING || value === undefined ? undefined : rows.get(keyText(value, keyNode.at));
    const result = cell.of(row);
    if (run.trace !== null) run.trace.table({ name, column: cell.column, found: result !== undefined });
    if (result !== undefined) {
      if (run.trace !== null) run.trace.leaf(at, result);
      return result;
    }
    if (otherwise) return otherwise.evaluate(run);
    if (value === undefined) return undefined;
    if (value === MISSING) throw missingValue(key, run, at);
    const message = `the table ${name} has no row for ${readBy(key)}, and there is no default`;
    throw new RunError('MAPPING_MISSING_VALUE', message, at);
  };
  const own: Structure = {
    evaluate,
    at,
    schema: cell.schema,
    omits: false,
    table: { ...table, name, column: cell.column },
  };
  const branches = otherwise ? [own, otherwise] : [own];
  const omits = otherwise ? otherwise.omits : key.omits;
  return { evaluate, at: node.at, schema: anyOf(branches.map((one) => one.schema)), omits, branches };
}

function findTable(
  node: YamlMap,
  context: StructureContext,
): { readonly name: string; readonly table: CompiledTable } | undefined {
  const { value } = requiredEntry(node, '$table');
  const name = value.kind === 'value' ? String(value.value) : '';
  const table = context.table(name);
  if (table) return { name, table };
  const names = context.tableNames();
  const advice = nearest(name, names) ?? (names.join(', ') || 'declare it under tables:');
  context.report({ at: value.at, code: 'MAPPING_UNKNOWN_TABLE', message: `there is no table "${name}"`, try: advice });
  return undefined;
}

interface Cell {
  readonly schema: Schema;
  /** Undefined for the whole row. */
  readonly column: string | undefined;
  readonly of: (row: unknown) => unknown;
}

/** The whole row where no column is named. */
function compileColumn(node: YamlMap, rows: Schema | undefined, context: StructureContext): Cell | undefined {
  if (!rows) return undefined;
  const where = entry(node, 'column')?.value;
  if (!where) return { schema: rows, column: undefined, of: (row) => row ?? undefined };
  const name = where.kind === 'value' ? String(where.value) : '';
  const kinds = rows.anyOf ?? [rows];
  const own = kinds.flatMap(({ properties = {} }) => (Object.hasOwn(properties, name) ? (properties[name] ?? []) : []));
  const schema = anyOf(own);
  if (own.length > 0) return { schema, column: name, of: (row) => ownField(row, name) ?? undefined };
  const names = [...new Set(kinds.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const advice = nearest(name, names) ?? (names.join(', ') || 'leave column: out');
  context.report({
    at: where.at,
    code: 'MAPPING_UNKNOWN_TABLE',
    message: names.length > 0 ? `the table has no column "${name}"` : 'the table has one value a row, and no columns',
    try: advice,
  });
  return undefined;
}

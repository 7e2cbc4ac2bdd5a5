/** The tables of a mapping: written in it, or read from a CSV or YAML file beside it. */
import { basename, dirname, join } from 'node:path';
import { decodeUtf8 } from '../kit/json.ts';
import { notUtf8 } from '../kit/not-utf8.ts';
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import { member, plainValue, readYaml, type YamlEntry, type YamlMap, type YamlNode } from '../kit/yaml.ts';
import type { Json } from '../model/json.ts';
import { type CsvRow, readCsv } from './csv.ts';
import { anyOf } from './operators/operator.ts';
import { checkKeys, entry } from './structure/keys.ts';
import type { CompiledTable } from './structure/structure.ts';
import { schemaOfValue } from './value-types.ts';

type Report = (problem: Problem) => void;
interface TableFile {
  /** As it is shown. */
  readonly path: string;
  readonly text: string;
  readonly node: YamlMap;
  readonly where: YamlNode;
}

interface Beside {
  /** The path of the mapping, as it is shown. */
  readonly mapping: string;
  /** Undefined where there is no such file. */
  readonly readTable: (pathRelativeToMapping: string, mappingPath: string) => Uint8Array | undefined;
  readonly tableFiles?: (folderRelativeToMapping: string, mappingPath: string) => readonly string[];
  readonly report: Report;
}

const KEYS = { file: { required: true }, key: { required: false }, value: { required: false } };

/** Where a table's file lies that a mapping names; shown as the mapping is. */
export function tablePath(file: string, mappingPath: string): string {
  return join(dirname(mappingPath), file);
}

export function readTables(node: YamlNode | undefined, beside: Beside): Map<string, CompiledTable> {
  const { report } = beside;
  const tables = new Map<string, CompiledTable>();
  if (node && node.kind !== 'map') {
    report({
      at: node.at,
      code: 'MAPPING_SHAPE',
      message: 'tables holds names with their rows',
      try: 'rooms: { "26966466": lobby }',
    });
    return tables;
  }
  for (const { key, value } of node?.entries ?? []) {
    const read = readTable({ key, value }, beside);
    const schema = read && anyOf([...read.rows.values()].map(schemaOfValue));
    tables.set(key, { rows: new Map<string, Json>(), placeOf: undefined, ...read, schema });
  }
  return tables;
}

type Rows = Pick<CompiledTable, 'rows' | 'placeOf'>;

function readTable({ key, value }: Pick<YamlEntry, 'key' | 'value'>, beside: Beside): Rows | undefined {
  const { report } = beside;
  if (value.kind !== 'map') {
    report({
      at: value.at,
      code: 'MAPPING_SHAPE',
      message: `the table ${key} holds keys with their values, or file:`,
      try: `${key}: { file: ${key}.csv }`,
    });
    return undefined;
  }
  const fileEntry = entry(value, 'file');
  if (!fileEntry) return rowsOf(value);
  if (!checkKeys(value, KEYS, report)) return undefined;
  const file = readTableFile(value, fileEntry.value, { key, ...beside });
  if (!file) return undefined;
  if (!/\.csv$/i.test(file.path)) return readYamlTable(file, report);
  const rows = readCsvTable(file, report);
  return rows && { rows, placeOf: undefined };
}

function readTableFile(
  node: YamlMap,
  where: YamlNode,
  { key, ...beside }: Beside & { readonly key: string },
): TableFile | undefined {
  const { mapping, report } = beside;
  const name = where.kind === 'value' ? String(where.value) : '';
  if (!/\.(?:csv|ya?ml)$/i.test(name)) {
    const message = 'a table is read from a .csv, .yaml or .yml file';
    report({ at: where.at, code: 'MAPPING_TABLE_FILE', message, try: `file: ${key}.csv` });
    return undefined;
  }
  const bytes = beside.readTable(name, mapping);
  if (bytes === undefined) {
    report({ at: where.at, code: 'MAPPING_TABLE_FILE', ...notThere(name, beside) });
    return undefined;
  }
  const path = tablePath(name, mapping);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return { path, text, node, where };
  report(notUtf8(bytes, { file: path, code: 'MAPPING_NOT_UTF8' }));
  return undefined;
}

function notThere(name: string, { mapping, tableFiles = () => [] }: Beside): Pick<Problem, 'message' | 'try'> {
  const [folder, file] = [dirname(name), basename(name)];
  if (tableFiles(folder, mapping).includes(file))
    return { message: `the file ${name} cannot be read`, try: 'a file that can be read' };
  const near = (around: string): string | undefined => {
    const others = tableFiles(around, mapping).filter((one) => around !== '.' || one !== basename(mapping));
    const found = fileMeant(file, others);
    return found && join(around, found);
  };
  const meant = near(folder) ?? (folder === '.' ? undefined : near('.'));
  const message = `the file ${name} does not exist, as seen from this mapping`;
  return { message, try: meant ?? 'a path relative to this mapping' };
}

/** The same name with another ending counts before one that only looks alike. */
function fileMeant(written: string, names: readonly string[]): string | undefined {
  const stem = (name: string): string => name.replace(/\.\w+$/, '').toLowerCase();
  const tables = names.filter((name) => /(?<!\.test)\.(?:csv|ya?ml)$/i.test(name));
  return tables.find((name) => stem(name) === stem(written)) ?? nearest(written, tables);
}

function rowsOf(node: YamlMap): Rows {
  const placeOf = (key: string, column: string | undefined): Position => {
    const row = member(node, key) ?? node;
    return (column === undefined ? row : (member(row, column) ?? row)).at;
  };
  return { rows: new Map(node.entries.map(({ key, value }) => [key, plainValue(value) as Json])), placeOf };
}

function readYamlTable({ path, text, where }: TableFile, report: Report): Rows | undefined {
  const { root, problems } = readYaml(text, path);
  for (const problem of problems) report(problem);
  if (root?.kind === 'map') return rowsOf(root);
  const message = `${path} has to hold keys with their values`;
  const advice = '"26966466": lobby, a line for each key';
  if (problems.length === 0) report({ at: where.at, code: 'MAPPING_TABLE_FILE', message, try: advice });
  return undefined;
}

/** The first column is the key unless `key` names one; the value is the column `value`, or the one other column, or the row. */
function readCsvTable({ path, text, node, where }: TableFile, report: Report): Map<string, Json> | undefined {
  const all = readCsv(text);
  const [first, ...lines] = all;
  const header = first?.cells ?? [];
  const wrong = brokenRow(all, path) ?? repeatedColumn(header, path);
  if (wrong) {
    report(wrong);
    return undefined;
  }
  const written = separatorMistake(header, path) ?? spacedColumn(header, path);
  if (written) {
    report(written);
    return undefined;
  }
  if (header.length < 2) {
    const message = `${path} needs a header line with two columns or more`;
    report({ at: where.at, code: 'MAPPING_TABLE_FILE', message, try: 'room,name as its first line' });
    return undefined;
  }
  if (!entry(node, 'key') && isHeaderMissing(header[0], lines)) {
    const message = `${path} begins with a row, and needs a header line that names its columns`;
    report({
      at: { file: path, line: 1, column: 1 },
      code: 'MAPPING_TABLE_FILE',
      message,
      try: 'room,name as its first line',
    });
    return undefined;
  }
  const keyColumn = columnOf(node, 'key', header, report) ?? 0;
  const valueColumn = columnOf(node, 'value', header, report) ?? (header.length === 2 ? 1 - keyColumn : undefined);
  const rows = new Map<string, Json>();
  const lineOf = new Map<string, number>();
  for (const { line, cells } of lines) {
    const at = { file: path, line, column: 1 };
    const rowKey = cells[keyColumn] ?? '';
    if (cells.length !== header.length) {
      const message = `this row has ${cells.length} cells and the header ${header.length}`;
      const advice =
        cells.length > header.length ? 'quotes around a cell that holds a comma' : 'a comma for each empty cell';
      report({ at, code: 'MAPPING_TABLE_ROW', message, try: advice });
    } else if (rows.has(rowKey)) {
      const message = `this key is in the table twice, the first on line ${lineOf.get(rowKey)}`;
      report({ at, code: 'MAPPING_TABLE_ROW', message, try: 'one of the two rows' });
    } else {
      lineOf.set(rowKey, line);
      rows.set(
        rowKey,
        valueColumn === undefined
          ? Object.fromEntries(header.map((column, i) => [column, cells[i] ?? '']))
          : (cells[valueColumn] ?? ''),
      );
    }
  }
  return rows;
}

function brokenRow(rows: readonly CsvRow[], file: string): Problem | undefined {
  const last = rows.at(-1);
  if (!last?.isOpen) return undefined;
  const message = 'a quote that opens in this row is never closed';
  const advice = 'a " at its end; a quote inside of a cell is written ""';
  return { at: { file, line: last.line, column: 1 }, code: 'MAPPING_TABLE_ROW', message, try: advice };
}

/** Columns without a name, as spreadsheets leave them at the end, may be several: nobody can mean one of them. */
function repeatedColumn(header: readonly string[], file: string): Problem | undefined {
  const column = header.find((name, index) => name !== '' && header.indexOf(name) < index);
  if (column === undefined) return undefined;
  const message = `the column "${column}" is there twice`;
  return { at: { file, line: 1, column: 1 }, code: 'MAPPING_TABLE_FILE', message, try: 'a name of its own for each' };
}

/** What spreadsheets write where a comma is the decimal sign, and what a copied table has. */
function separatorMistake(header: readonly string[], file: string): Problem | undefined {
  const sign = header.length === 1 ? /[;\t|]/.exec(header[0] ?? '')?.[0] : undefined;
  if (sign === undefined) return undefined;
  const message = `the columns stand apart by ${sign === '\t' ? 'tabs' : `"${sign}"`}, and commas are read`;
  const advice = (header[0] ?? '').split(sign).join(',');
  return {
    at: { file, line: 1, column: 1 },
    code: 'MAPPING_TABLE_FILE',
    message,
    try: `commas in every line: ${advice}`,
  };
}

function spacedColumn(header: readonly string[], file: string): Problem | undefined {
  const column = header.find((name) => name !== name.trim());
  if (column === undefined) return undefined;
  const message = `the space belongs to the name of the column "${column}"`;
  const advice = `${header.map((name) => name.trim()).join(',')} as its first line, and no space behind a comma`;
  return { at: { file, line: 1, column: 1 }, code: 'MAPPING_TABLE_FILE', message, try: advice };
}

/** Nobody names a column with a number like its keys: the first row of a table without a header would be lost. */
function isHeaderMissing(first: string | undefined, lines: readonly CsvRow[]): boolean {
  const isNumber = (cell: string | undefined): boolean => /^\d+$/.test(cell ?? '');
  return isNumber(first) && lines.length > 0 && lines.every(({ cells }) => isNumber(cells[0]));
}

function columnOf(node: YamlMap, key: 'key' | 'value', header: readonly string[], report: Report): number | undefined {
  const where = entry(node, key)?.value;
  if (!where) return undefined;
  const name = where.kind === 'value' ? String(where.value) : '';
  const index = header.indexOf(name);
  if (index >= 0) return index;
  report({
    at: where.at,
    code: 'MAPPING_TABLE_FILE',
    message: `the table has no column "${name}"`,
    try: nearest(name, header) ?? header.join(', '),
  });
  return undefined;
}

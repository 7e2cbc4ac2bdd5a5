/** The tables of a mapping: written in it, or read from a CSV or YAML file beside it. */
import { nearest, type Problem } from '../kit/problem.ts';
import { plainValue, readYaml, type YamlEntry, type YamlMap, type YamlNode } from '../kit/yaml.ts';
import type { Json } from '../model/json.ts';
import { readCsv } from './csv.ts';
import { anyOf } from './operators/operator.ts';
import { checkKeys, entry } from './structure/keys.ts';
import type { CompiledTable } from './structure/structure.ts';
import { schemaOfValue } from './value-types.ts';

type Report = (problem: Problem) => void;
interface TableFile {
  readonly name: string;
  readonly text: string;
  readonly node: YamlMap;
  readonly where: YamlNode;
}

const KEYS = { file: { required: true }, key: { required: false }, value: { required: false } };

export function readTables(
  node: YamlNode | undefined,
  { readFile, report }: { readonly readFile: (path: string) => string | undefined; readonly report: Report },
): Map<string, CompiledTable> {
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
    const rows = readTable({ key, value }, readFile, report) ?? new Map<string, Json>();
    tables.set(key, { rows, schema: anyOf([...rows.values()].map(schemaOfValue)) });
  }
  return tables;
}

function readTable(
  { key, value }: Pick<YamlEntry, 'key' | 'value'>,
  readFile: (path: string) => string | undefined,
  report: Report,
): Map<string, Json> | undefined {
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
  const where = fileEntry.value;
  const name = where.kind === 'value' ? String(where.value) : '';
  if (!/\.(?:csv|ya?ml)$/i.test(name)) {
    report({ at: where.at, code: 'MAPPING_TABLE_FILE', message: 'a table is read from a .csv, .yaml or .yml file' });
    return undefined;
  }
  const text = readFile(name);
  if (text === undefined) {
    report({
      at: where.at,
      code: 'MAPPING_TABLE_FILE',
      message: `the file ${name} cannot be read`,
      try: 'a path relative to this mapping',
    });
    return undefined;
  }
  const file = { name, text, node: value, where };
  return /\.csv$/i.test(name) ? readCsvTable(file, report) : readYamlTable(file, report);
}

function rowsOf(node: YamlMap): Map<string, Json> {
  return new Map(node.entries.map(({ key, value }) => [key, plainValue(value) as Json]));
}

function readYamlTable({ name, text, where }: TableFile, report: Report): Map<string, Json> | undefined {
  const { root, problems } = readYaml(text, name);
  for (const problem of problems) report(problem);
  if (root?.kind === 'map') return rowsOf(root);
  if (problems.length === 0)
    report({ at: where.at, code: 'MAPPING_TABLE_FILE', message: `${name} has to hold keys with their values` });
  return undefined;
}

/** The first column is the key unless `key` names one; the value is the column `value`, or the one other column, or the row. */
function readCsvTable({ name, text, node, where }: TableFile, report: Report): Map<string, Json> | undefined {
  const [header, ...lines] = readCsv(text);
  if (!header || header.length < 2) {
    report({
      at: where.at,
      code: 'MAPPING_TABLE_FILE',
      message: `${name} needs a header line with two columns or more`,
    });
    return undefined;
  }
  const keyColumn = columnOf(node, 'key', header, report) ?? 0;
  const valueColumn = columnOf(node, 'value', header, report) ?? (header.length === 2 ? 1 - keyColumn : undefined);
  const rows = new Map<string, Json>();
  for (const { line, cells } of lines.map((cells, index) => ({ line: index + 2, cells }))) {
    const at = { file: name, line, column: 1 };
    const rowKey = cells[keyColumn] ?? '';
    if (cells.length !== header.length) {
      report({
        at,
        code: 'MAPPING_TABLE_ROW',
        message: `this row has ${cells.length} cells and the header ${header.length}`,
      });
    } else if (rows.has(rowKey)) {
      report({ at, code: 'MAPPING_TABLE_ROW', message: 'this key is in the table twice' });
    } else {
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

/** One mapping file, from its YAML to a mapping that runs: its formats, params, tables and fragments, then every entry. */
import { nearest, type Problem } from '../kit/problem.ts';
import type { YamlEntry, YamlMap } from '../kit/yaml.ts';
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';
import { compileEntry, type Entry } from './entry.ts';
import { type Report, readFragments, type SharedFragments } from './fragments.ts';
import type { CompileLogic } from './logic.ts';
import { createMapping, type Mapping } from './mapping.ts';
import { type DeclaredParams, readParams } from './params.ts';
import { compileStructure } from './structure/compile.ts';
import { checkKeys, entry, entryMeant } from './structure/keys.ts';
import type { StructureContext } from './structure/structure.ts';
import { readTables } from './tables.ts';

export interface MappingSources {
  /** The bytes of a table's file, or undefined where it cannot be read. */
  readonly readTable: (pathRelativeToMapping: string, mappingPath: string) => Uint8Array | undefined;
  /** The files in a folder, by name, for advice; none where there is no such folder, or where it is left out. */
  readonly tableFiles?: (folderRelativeToMapping: string, mappingPath: string) => readonly string[];
  readonly formats: ReadonlyMap<string, Format>;
  readonly scopeSchema: (about: { readonly format: Format; readonly type: string; readonly params: Schema }) => Schema;
  readonly compileLogic: CompileLogic;
}

interface MappingFile {
  readonly name: string;
  /** As it is shown. */
  readonly path: string;
  readonly root: YamlMap;
  readonly sources: MappingSources;
  readonly fragments: SharedFragments;
  readonly report: Report;
}

const optional = { required: false };
const needed = { required: true };
/** What may stand at the top of a mapping. */
export const KEYS = {
  about: optional,
  from: needed,
  to: needed,
  params: optional,
  tables: optional,
  fragments: optional,
  translate: needed,
};

const NAMES = Object.keys(KEYS);

/** Undefined where the file has mistakes; every one is reported. */
export function compileMapping(file: MappingFile): Mapping | undefined {
  const { name, path, root } = file;
  let mistakes = 0;
  const report: Report = (problem) => {
    mistakes++;
    file.report(problem);
  };
  checkKeys(root, KEYS, report);
  const from = formatAt(root, 'from', { ...file, report });
  const to = formatAt(root, 'to', { ...file, report });
  const declared = readParams(entryMeant(root, 'params', NAMES)?.value, report);
  if (!from || !to || !entry(root, 'translate')) return undefined;
  const used = new Set<string>();
  const context = contextOf({ ...file, report }, declared, used);
  const entries = compileEntries({ file: { ...file, report }, from, to, declared, context });
  // A part that could not be compiled may be the one that uses it.
  if (mistakes === 0) reportUnused({ root, declared, used, report });
  if (mistakes > 0) return undefined;
  const about = entry(root, 'about')?.value;
  return createMapping({
    name,
    from: from.name,
    to: to.name,
    file: path,
    about: about?.kind === 'value' ? String(about.value) : undefined,
    params: declared.params,
    entries,
  });
}

function formatAt(
  root: YamlMap,
  key: 'from' | 'to',
  { sources: { formats }, report }: MappingFile,
): Format | undefined {
  const node = entry(root, key)?.value;
  if (!node) return undefined;
  const name = node.kind === 'value' ? String(node.value) : '';
  const format = formats.get(name);
  if (format) return format;
  const advice = nearest(name, formats.keys()) ?? `one of ${[...formats.keys()].join(', ')}`;
  report({ at: node.at, code: 'MAPPING_UNKNOWN_FORMAT', message: `there is no format "${name}"`, try: advice });
  return undefined;
}

/** What is the same for all entries; `used` gets the params, tables and fragments that are. */
function contextOf(file: MappingFile, declared: DeclaredParams, used: Set<string>): StructureContext {
  const { root, path, sources, fragments, report } = file;
  const tables = readTables(entryMeant(root, 'tables', NAMES)?.value, {
    mapping: path,
    readTable: sources.readTable,
    ...(sources.tableFiles && { tableFiles: sources.tableFiles }),
    report,
  });
  const own = new Map(readFragments(entryMeant(root, 'fragments', NAMES)?.value, report).map((one) => [one.name, one]));
  return {
    compile: compileStructure,
    scope: {},
    report,
    onPath([first, name]) {
      if (first !== 'params') return;
      for (const param of name === undefined ? declared.params.keys() : [name]) used.add(`param ${param}`);
    },
    compileLogic: sources.compileLogic,
    table(name) {
      used.add(`table ${name}`);
      return tables.get(name);
    },
    tableNames: () => [...tables.keys()],
    fragment(name) {
      used.add(`fragment ${name}`);
      return own.get(name) ?? fragments.take(name);
    },
    fragmentNames: () => [...own.keys(), ...fragments.names()],
    inside: [],
    size: { nodes: 0 },
  };
}

interface EntriesOf {
  readonly file: MappingFile;
  readonly from: Format;
  readonly to: Format;
  readonly declared: DeclaredParams;
  readonly context: StructureContext;
}

function compileEntries({ file, from, to, declared, context }: EntriesOf): ReadonlyMap<string, Entry> {
  const { root, sources, report } = file;
  const entries = new Map<string, Entry>();
  const types = Object.keys(from.events);
  const node = entry(root, 'translate')?.value;
  if (node?.kind !== 'map') {
    const at = node?.at ?? root.at;
    report({
      at,
      code: 'MAPPING_SHAPE',
      message: 'translate holds event types',
      try: `${types[0] ?? 'name'}: { emit: … }`,
    });
    return entries;
  }
  const missing = from.open ? [] : types.filter((type) => !entry(node, type));
  const unknown = from.open ? [] : node.entries.filter(({ key }) => !types.includes(key));
  const isOnly = missing.length === 1 && unknown.length === 1;
  const meant = new Map(unknown.map(({ key }) => [key, nearest(key, missing) ?? (isOnly ? missing[0] : undefined)]));
  for (const where of node.entries) {
    const isUnknown = unknown.includes(where);
    const type = isUnknown ? meant.get(where.key) : where.key;
    if (isUnknown) reportUnknownEvent(where, { from, meant: type, report });
    if (type === undefined) continue;
    const scope = sources.scopeSchema({ format: from, type, params: declared.schema });
    entries.set(type, compileEntry(where, to, { ...context, scope }));
  }
  const told = new Set(meant.values());
  for (const type of missing.filter((one) => !told.has(one))) {
    const message = `${from.name}'s ${type} neither emits nor drops`;
    report({ at: node.at, code: 'MAPPING_UNCOVERED_EVENT', message, try: `${type}: { drop: why nothing is sent }` });
  }
  return entries;
}

function reportUnknownEvent(
  { key, keyAt }: YamlEntry,
  { from, meant, report }: { readonly from: Format; readonly meant: string | undefined; readonly report: Report },
): void {
  const types = Object.keys(from.events);
  const advice = meant ?? nearest(key, types) ?? `one of ${types.join(', ')}`;
  report({ at: keyAt, code: 'MAPPING_UNKNOWN_EVENT', message: `${from.name} has no event ${key}`, try: advice });
}

interface Declarations {
  readonly root: YamlMap;
  readonly declared: DeclaredParams;
  readonly used: ReadonlySet<string>;
  readonly report: (problem: Problem) => void;
}

function reportUnused({ root, declared, used, report }: Declarations): void {
  const kinds = [
    { kind: 'param', code: 'MAPPING_UNUSED_PARAM', entries: declared.entries },
    { kind: 'table', code: 'MAPPING_UNUSED_TABLE', entries: entriesOf(root, 'tables') },
    { kind: 'fragment', code: 'MAPPING_UNUSED_FRAGMENT', entries: entriesOf(root, 'fragments') },
  ];
  for (const { kind, code, entries } of kinds) {
    for (const { key, keyAt } of entries.filter((one) => !used.has(`${kind} ${one.key}`))) {
      report({ at: keyAt, code, message: `the ${kind} ${key} is not used`, try: 'use it, or take it away' });
    }
  }
}

function entriesOf(root: YamlMap, key: string): readonly YamlEntry[] {
  const node = entry(root, key)?.value;
  return node?.kind === 'map' ? node.entries : [];
}

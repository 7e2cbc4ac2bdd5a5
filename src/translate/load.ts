/** Loads the mappings folder: every file read, compiled and checked against both formats, every mistake reported at once. */
import { nearest, type Problem, sortProblems } from '../kit/problem.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../kit/yaml.ts';
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';
import { compileEntry, type Entry } from './entry.ts';
import type { CompileLogic } from './logic.ts';
import { createMapping, type Mapping } from './mapping.ts';
import { type DeclaredParams, readParams } from './params.ts';
import { readMappingYaml } from './read-mapping-yaml.ts';
import { compileStructure } from './structure/compile.ts';
import { checkKeys, entry } from './structure/keys.ts';
import type { Fragment, StructureContext } from './structure/structure.ts';
import { readTables } from './tables.ts';

export interface MappingSources {
  /** Every `.yaml` and `.yml` file of the folder; `path` as it is to be shown. Files of tests are passed over. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** The text of a table's file, or undefined where it cannot be read. */
  readonly readTable: (pathRelativeToMapping: string, mappingPath: string) => string | undefined;
  readonly formats: ReadonlyMap<string, Format>;
  readonly scopeSchema: (about: { readonly format: Format; readonly type: string; readonly params: Schema }) => Schema;
  readonly compileLogic: CompileLogic;
}

export interface LoadedMappings {
  /** By name: the file's name without its ending. Those with mistakes are not among them. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly problems: readonly Problem[];
}

const TOP = {
  about: { required: false },
  from: { required: true },
  to: { required: true },
  params: { required: false },
  tables: { required: false },
  fragments: { required: false },
  translate: { required: true },
};

interface Shared {
  readonly sources: MappingSources;
  readonly fragments: Map<string, Fragment>;
  readonly usedFragments: Set<string>;
}

/** Never throws: whatever is in the files, the answer is mappings and problems. */
export function loadMappings(sources: MappingSources): LoadedMappings {
  const problems = new ProblemList();
  const shared: Shared = { sources, fragments: new Map(), usedFragments: new Set() };
  const files = sources.files
    .filter(({ path }) => !/\.test\.ya?ml$/.test(path))
    .map((file) => ({ ...file, name: nameOf(file.path) }));
  const read = files.map((file) => ({ ...file, root: readFile(file, problems) }));
  for (const { name, root } of read) {
    if (root && name.startsWith('_')) readFragmentFile(root, shared, problems);
  }
  const mappings = new Map<string, Mapping>();
  for (const { name, path, root } of read) {
    if (name.startsWith('_') || !root) continue;
    if (mappings.has(name)) {
      const message = `there are two mappings named ${name}`;
      problems.add({ at: root.at, code: 'MAPPING_DUPLICATE', message, try: 'rename one of the files' });
    }
    const mapping = loadMapping({ name, path, root, shared, problems });
    if (mapping) mappings.set(name, mapping);
  }
  reportUnusedFragments(shared, problems);
  return { mappings, problems: sortProblems(problems.all) };
}

/** Problems without repeats: a fragment's mistake is the same wherever the fragment is used. */
class ProblemList {
  readonly all: Problem[] = [];
  readonly #seen = new Set<string>();
  readonly add = (problem: Problem): void => {
    const { at, code, message } = problem;
    const key = `${at?.file}:${at?.line}:${at?.column} ${code} ${message}`;
    if (!this.#seen.has(key)) this.all.push(problem);
    this.#seen.add(key);
  };
}

function nameOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.ya?ml$/i, '');
}

function readFile(
  { path, text }: { readonly path: string; readonly text: string },
  problems: ProblemList,
): YamlMap | undefined {
  const { root, problems: found } = readMappingYaml(text, path);
  for (const problem of found) problems.add(problem);
  if (found.length > 0) return undefined;
  if (root?.kind === 'map') return root;
  const at = root?.at ?? { file: path, line: 1, column: 1 };
  problems.add({ at, code: 'MAPPING_SHAPE', message: 'a mapping holds from:, to: and translate:', try: 'from: bsr' });
  return undefined;
}

function readFragmentFile(root: YamlMap, shared: Shared, problems: ProblemList): void {
  if (!checkKeys(root, { fragments: { required: true }, about: { required: false } }, problems.add)) return;
  for (const fragment of readFragments(entry(root, 'fragments')?.value, problems)) {
    const { name, at } = fragment;
    if (shared.fragments.has(name))
      problems.add({ at, code: 'MAPPING_DUPLICATE', message: `there are two fragments named ${name}` });
    shared.fragments.set(name, fragment);
  }
}

function readFragments(node: YamlNode | undefined, problems: ProblemList): Fragment[] {
  if (!node) return [];
  if (node.kind === 'map') return node.entries.map(({ key, keyAt, value }) => ({ name: key, at: keyAt, body: value }));
  problems.add({ at: node.at, code: 'MAPPING_SHAPE', message: 'fragments holds names with their structure' });
  return [];
}

function reportUnusedFragments({ fragments, usedFragments }: Shared, problems: ProblemList): void {
  for (const { name, at } of fragments.values()) {
    if (!usedFragments.has(name)) {
      problems.add({
        at,
        code: 'MAPPING_UNUSED_FRAGMENT',
        message: `no mapping uses the fragment ${name}`,
        try: `{ $use: ${name} }, or take it away`,
      });
    }
  }
}

interface MappingFile {
  readonly name: string;
  readonly path: string;
  readonly root: YamlMap;
  readonly shared: Shared;
  readonly problems: ProblemList;
}

function loadMapping(file: MappingFile): Mapping | undefined {
  const { name, path, root, shared, problems } = file;
  const before = problems.all.length;
  checkKeys(root, TOP, problems.add);
  const from = formatAt(root, 'from', file);
  const to = formatAt(root, 'to', file);
  const declared = readParams(entry(root, 'params')?.value, problems.add);
  const translateNode = entry(root, 'translate')?.value;
  if (!from || !to || !translateNode) return undefined;
  if (translateNode.kind !== 'map') {
    problems.add({
      at: translateNode.at,
      code: 'MAPPING_SHAPE',
      message: 'translate holds event types',
      try: `${Object.keys(from.events)[0] ?? 'live.started'}: { emit: … }`,
    });
    return undefined;
  }
  const used = new Set<string>();
  const context = mappingContext({ file, declared, used });
  const entries = compileEntries({ node: translateNode, from, to, declared, context, sources: shared.sources });
  if (problems.all.length === before || !hasBroken(problems.all.slice(before))) reportUnused({ file, declared, used });
  if (problems.all.length > before) return undefined;
  const aboutNode = entry(root, 'about')?.value;
  const about = aboutNode?.kind === 'value' ? String(aboutNode.value) : undefined;
  return createMapping({ name, from: from.name, to: to.name, file: path, about, params: declared.params, entries });
}

/** A part that could not be compiled may have held the use: nothing is called unused beside such a mistake. */
function hasBroken(problems: readonly Problem[]): boolean {
  return problems.length > 0;
}

function formatAt(root: YamlMap, key: 'from' | 'to', { shared, problems }: MappingFile): Format | undefined {
  const node = entry(root, key)?.value;
  if (!node) return undefined;
  const name = node.kind === 'value' ? String(node.value) : '';
  const { formats } = shared.sources;
  const format = formats.get(name);
  if (format) return format;
  const advice = nearest(name, formats.keys()) ?? `one of ${[...formats.keys()].join(', ')}`;
  problems.add({ at: node.at, code: 'MAPPING_UNKNOWN_FORMAT', message: `there is no format "${name}"`, try: advice });
  return undefined;
}

function mappingContext({
  file,
  declared,
  used,
}: {
  readonly file: MappingFile;
  readonly declared: DeclaredParams;
  readonly used: Set<string>;
}): StructureContext {
  const { root, path, shared, problems } = file;
  const { sources } = shared;
  const readTable = (table: string): string | undefined => sources.readTable(table, path);
  const tables = readTables(entry(root, 'tables')?.value, { readFile: readTable, report: problems.add });
  const own = new Map(
    readFragments(entry(root, 'fragments')?.value, problems).map((fragment) => [fragment.name, fragment]),
  );
  return {
    compile: compileStructure,
    scope: {},
    report: problems.add,
    onPath(steps) {
      if (steps[0] !== 'params') return;
      for (const name of steps[1] === undefined ? declared.params.keys() : [steps[1]]) used.add(`param ${name}`);
    },
    compileLogic: sources.compileLogic,
    table(name) {
      used.add(`table ${name}`);
      return tables.get(name);
    },
    tableNames: () => [...tables.keys()],
    fragment(name) {
      used.add(`fragment ${name}`);
      shared.usedFragments.add(name);
      return own.get(name) ?? shared.fragments.get(name);
    },
    fragmentNames: () => [...own.keys(), ...shared.fragments.keys()],
    inside: [],
    size: { nodes: 0 },
  };
}

interface EntriesInput {
  readonly node: YamlMap;
  readonly from: Format;
  readonly to: Format;
  readonly declared: DeclaredParams;
  readonly context: StructureContext;
  readonly sources: MappingSources;
}

function compileEntries({ node, from, to, declared, context, sources }: EntriesInput): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const where of node.entries) {
    if (!isEventType(where, from, context)) continue;
    const scope = sources.scopeSchema({ format: from, type: where.key, params: declared.schema });
    entries.set(where.key, compileEntry(where, to, { ...context, scope }));
  }
  if (from.open) return entries;
  for (const type of Object.keys(from.events)) {
    if (node.entries.some(({ key }) => key === type)) continue;
    const message = `${from.name}'s ${type} neither emits nor drops`;
    context.report({
      at: node.at,
      code: 'MAPPING_UNCOVERED_EVENT',
      message,
      try: `${type}: { drop: why nothing is sent }`,
    });
  }
  return entries;
}

function isEventType({ key, keyAt }: YamlEntry, from: Format, context: StructureContext): boolean {
  if (from.open || Object.hasOwn(from.events, key)) return true;
  const names = Object.keys(from.events);
  const message = `${from.name} has no event ${key}`;
  context.report({
    at: keyAt,
    code: 'MAPPING_UNKNOWN_EVENT',
    message,
    try: nearest(key, names) ?? `one of ${names.join(', ')}`,
  });
  return false;
}

function reportUnused({
  file,
  declared,
  used,
}: {
  readonly file: MappingFile;
  readonly declared: DeclaredParams;
  readonly used: ReadonlySet<string>;
}): void {
  const { root, problems } = file;
  const kinds = [
    { kind: 'param', code: 'MAPPING_UNUSED_PARAM', entries: declared.entries },
    { kind: 'table', code: 'MAPPING_UNUSED_TABLE', entries: entriesOf(root, 'tables') },
    { kind: 'fragment', code: 'MAPPING_UNUSED_FRAGMENT', entries: entriesOf(root, 'fragments') },
  ];
  for (const { kind, code, entries } of kinds) {
    for (const { key, keyAt } of entries) {
      if (used.has(`${kind} ${key}`)) continue;
      problems.add({ at: keyAt, code, message: `the ${kind} ${key} is not used`, try: 'use it, or take it away' });
    }
  }
}

function entriesOf(root: YamlMap, key: string): readonly YamlEntry[] {
  const node = entry(root, key)?.value;
  return node?.kind === 'map' ? node.entries : [];
}

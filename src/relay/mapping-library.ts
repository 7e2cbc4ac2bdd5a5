/** The mappings as the admin API shows them: their texts, what they need, who uses them, and how their tests go. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type * as api from '../admin/api-schema.ts';
import { formats } from '../formats/index.ts';
import { scopeSchema } from '../formats/scope-schema.ts';
import { stringifyJson } from '../kit/json.ts';
import type { Problem } from '../kit/problem.ts';
import { shownPath } from '../kit/shown.ts';
import { filesIn, isSharedFile, mappingFiles, readTests, readText, testFileOf } from '../plan/mapping-files.ts';
import type { Plan } from '../plan/plan.ts';
import { testsBeside } from '../plan/test-mapping.ts';
import { compileLogic } from '../route/filter.ts';
import { loadMappings } from '../translate/load.ts';
import type { Mapping } from '../translate/mapping.ts';
import type { MappingTestResult, MappingTestResults } from '../translate/test-file.ts';

export function presentMapping(mapping: Mapping, plan: Plan): api.Mapping {
  return {
    name: mapping.name,
    file: mapping.file,
    from: mapping.from,
    to: mapping.to,
    about: mapping.about ?? null,
    params: presentParams(mapping, plan.config),
    entries: [...mapping.entries].map(([type, { emits, drops }]) => ({ type, emits, drops })),
    used_by: rulesUsing(mapping.name, plan),
  };
}

export function presentParams(mapping: Mapping, config: Plan['config']): api.CheckAnswer['params'] {
  return [...mapping.params].map(([name, { about, required }]) => ({
    name,
    about,
    required,
    given: Object.hasOwn(config.params, name),
  }));
}

function rulesUsing(name: string, { rules }: Pick<Plan, 'rules'>): string[] {
  return rules
    .filter(({ lines }) => lines.some(({ mappings }) => [...mappings.values()].includes(name)))
    .map((rule) => rule.name);
}

/** The file of a mapping, and that of its tests. */
export function filesOf(name: string, folder: string): { readonly mapping: string; readonly tests: string } {
  const mapping = mappingFiles(folder).find((path) => path.slice(0, path.lastIndexOf('.')) === join(folder, name));
  const file = mapping ?? join(folder, `${name}.yaml`);
  return { mapping: file, tests: testFileOf(file) };
}

export function presentMappingDetail(mapping: Mapping, plan: Plan): api.MappingDetail {
  const files = filesOf(mapping.name, plan.config.mappingsDir);
  const { text, results, problems } = presentTests(mapping, files.tests, plan);
  return {
    ...presentMapping(mapping, plan),
    text: new TextDecoder().decode(bytesOf(files.mapping)),
    tests: {
      file: shownPath(files.tests),
      text,
      results: results.map(presentResult),
      problems: problems.map(presentProblem),
    },
  };
}

function presentTests(
  mapping: Mapping,
  path: string,
  { config }: Plan,
): MappingTestResults & { readonly text: string | null } {
  const read = readTests(path);
  if (!read) return { text: null, results: [], problems: [] };
  if ('problem' in read) return { text: null, results: [], problems: [read.problem] };
  return {
    text: read.text,
    ...testsBeside({ mapping, file: shownPath(path), text: read.text, params: config.params }),
  };
}

/**
 * Compiles a mapping's text as if it stood in the mappings folder under that name, with the folder's shared fragments and tables; a
 * table's file may only lie in there.
 */
export function compileText(
  { name, text }: { readonly name: string; readonly text: string },
  folder: string,
): { readonly mapping: Mapping | undefined; readonly problems: readonly Problem[] } {
  const path = shownPath(join(folder, `${name}.yaml`));
  const shared = mappingFiles(folder)
    .filter(isSharedFile)
    .map((file) => ({ path: shownPath(file), text: undefined, ...readText(file, 'the file') }));
  const unreadable = shared.flatMap((file) => ('problem' in file ? [file.problem] : []));
  const { mappings, problems } = loadMappings({
    files: [...shared, { path, text }],
    readTable: (table, from) => tableBytes(table, from, folder),
    tableFiles: (around, from) => filesInside(resolve(dirname(from), around), folder),
    formats,
    scopeSchema,
    compileLogic,
  });
  const own = problems.filter(({ code }) => code !== 'MAPPING_UNUSED_FRAGMENT');
  return { mapping: mappings.get(name), problems: [...unreadable, ...own] };
}

export function presentProblem({ at, code, message, try: advice }: Problem): api.Problem {
  return { at: at ?? null, code, message, try: advice ?? null };
}

function presentResult({ name, passed, differences }: MappingTestResult): api.TestResult {
  const [first, ...more] = differences;
  const text = (value: unknown): string => (value === undefined ? 'nothing' : stringifyJson(value));
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  const message = first && `${first.path}: expected ${text(first.expected)}, got ${text(first.actual)}${rest}`;
  return { name, passed, message: message ?? null, line: null };
}

function tableBytes(table: string, mappingPath: string, folder: string): Uint8Array | undefined {
  const path = resolve(dirname(mappingPath), table);
  return isInside(path, folder) ? bytesOf(path) : undefined;
}

function filesInside(around: string, folder: string): readonly string[] {
  return isInside(around, folder) ? filesIn(around) : [];
}

function isInside(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(`${resolve(folder)}${sep}`);
}

function bytesOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

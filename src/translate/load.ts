/** Loads the mappings folder: every file read, compiled and checked against both formats, every mistake reported at once. */
import { type Problem, sortProblems } from '../kit/problem.ts';
import type { YamlMap } from '../kit/yaml.ts';
import { compileMapping, type MappingSources } from './compile-mapping.ts';
import { type Report, readSharedFragments } from './fragments.ts';
import type { Mapping } from './mapping.ts';
import { readMappingYaml } from './read-mapping-yaml.ts';

export type { MappingSources } from './compile-mapping.ts';

export interface MappingFiles extends MappingSources {
  /** Every `.yaml` and `.yml` file of the folder; `path` as it is to be shown. Files of tests are passed over. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export interface LoadedMappings {
  /** By name: the file's name without its ending. Those with mistakes are not among them. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly problems: readonly Problem[];
}

interface ReadMapping {
  readonly name: string;
  readonly path: string;
  readonly root: YamlMap;
}

/** Never throws: whatever is in the files, the answer is mappings and problems. A file `_name.yaml` holds fragments for all. */
export function loadMappings({ files, ...sources }: MappingFiles): LoadedMappings {
  const found = new Map<string, Problem>();
  const report: Report = (problem) => void found.set(keyOf(problem), problem);
  const read = files
    .filter(({ path }) => !/\.test\.ya?ml$/i.test(path))
    .flatMap((file) => readFile(file, report) ?? []);
  const isShared = ({ name }: ReadMapping): boolean => name.startsWith('_');
  const fragments = readSharedFragments(read.filter(isShared), report);
  const mappings = new Map<string, Mapping>();
  for (const file of read.filter((one) => !isShared(one))) {
    const isRepeated = mappings.has(file.name);
    const mapping = compileMapping({ ...file, sources, fragments, report });
    if (mapping) mappings.set(file.name, mapping);
    if (!isRepeated) continue;
    const message = `there are two mappings named ${file.name}`;
    report({ at: file.root.at, code: 'MAPPING_DUPLICATE', message, try: 'rename one of the files' });
  }
  // A piece that could not be compiled may be the one that uses a fragment.
  if (found.size === 0) fragments.reportUnused(report);
  return { mappings, problems: sortProblems([...found.values()]) };
}

/** A fragment's mistake is one mistake, however many mappings use it. */
function keyOf({ at, code, message }: Problem): string {
  return `${at?.file}:${at?.line}:${at?.column} ${code} ${message}`;
}

function readFile(file: { readonly path: string; readonly text: string }, report: Report): ReadMapping | undefined {
  const { path, text } = file;
  const { root, problems } = readMappingYaml(text, path);
  for (const problem of problems) report(problem);
  if (problems.length > 0) return undefined;
  if (root?.kind === 'map') return { name: nameOf(path), path, root };
  const at = root?.at ?? { file: path, line: 1, column: 1 };
  report({ at, code: 'MAPPING_SHAPE', message: 'a mapping holds from:, to: and translate:', try: 'from: bsr' });
  return undefined;
}

function nameOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.ya?ml$/i, '');
}

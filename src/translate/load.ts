/** Loads the mappings folder: every file read, compiled and checked against both formats, every mistake reported at once. */
import { type Position, type Problem, sortProblems } from '../kit/problem.ts';
import type { YamlMap } from '../kit/yaml.ts';
import { type CheckedMapping, compiledAtFirstUse } from './checked-mapping.ts';
import { compileMapping, type MappingSources } from './compile-mapping.ts';
import { type Report, readSharedFragments } from './fragments.ts';
import type { Mapping } from './mapping.ts';
import { readMappingYaml } from './read-mapping-yaml.ts';

export type { MappingSources } from './compile-mapping.ts';

export interface MappingFiles extends MappingSources {
  /** Every `.yaml` and `.yml` file of the folder; `path` as it is to be shown. Files of tests are passed over. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Says of a text that it is a mapping without mistakes, whatever stands beside it: that one is compiled when it is used. */
  readonly wasChecked?: (text: string) => CheckedMapping | undefined;
}

export interface LoadedMappings {
  /** By name: the file's name without its ending. Those with mistakes are not among them. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly problems: readonly Problem[];
}

type File = MappingFiles['files'][number];

/** Never throws: whatever is in the files, the answer is mappings and problems. A file `_name.yaml` holds fragments for all. */
export function loadMappings({ files, wasChecked = () => undefined, ...sources }: MappingFiles): LoadedMappings {
  const found = new Map<string, Problem>();
  const report: Report = (problem) => void found.set(keyOf(problem), problem);
  const own = files.filter(({ path }) => !/\.test\.ya?ml$/i.test(path));
  const isShared = ({ path }: File): boolean => nameOf(path).startsWith('_');
  const shared = own.filter(isShared).map((file) => readRoot(file, report));
  const fragments = readSharedFragments(
    shared.filter((root) => root !== undefined),
    report,
  );
  const mappings = new Map<string, Mapping>();
  for (const file of own.filter((one) => !isShared(one))) {
    const name = nameOf(file.path);
    const isRepeated = mappings.has(name);
    const compile = (): Mapping | undefined => {
      const root = readRoot(file, report);
      if (root && isRepeated) reportRepeated({ name, at: root.at }, report);
      return root && compileMapping({ name, path: file.path, root, sources, fragments, report });
    };
    const checked = isRepeated ? undefined : wasChecked(file.text);
    const mapping = checked ? compiledAtFirstUse({ name, file: file.path, ...checked }, compile) : compile();
    if (mapping) mappings.set(name, mapping);
  }
  // A piece that could not be compiled may be the one that uses a fragment.
  if (found.size === 0) fragments.reportUnused(report);
  return { mappings, problems: sortProblems([...found.values()]) };
}

function reportRepeated({ name, at }: { readonly name: string; readonly at: Position }, report: Report): void {
  const message = `there are two mappings named ${name}`;
  report({ at, code: 'MAPPING_DUPLICATE', message, try: 'rename one of the files' });
}

/** A fragment's mistake is one mistake, however many mappings use it. */
function keyOf({ at, code, message }: Problem): string {
  return `${at?.file}:${at?.line}:${at?.column} ${code} ${message}`;
}

function readRoot({ path, text }: File, report: Report): YamlMap | undefined {
  const { root, problems } = readMappingYaml(text, path);
  for (const problem of problems) report(problem);
  if (problems.length > 0) return undefined;
  if (root?.kind === 'map') return root;
  const at = root?.at ?? { file: path, line: 1, column: 1 };
  report({ at, code: 'MAPPING_SHAPE', message: 'a mapping holds from:, to: and translate:', try: 'from: bsr' });
  return undefined;
}

function nameOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.ya?ml$/i, '');
}

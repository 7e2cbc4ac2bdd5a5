/** Loads the mappings folder: every file read, compiled and checked against both formats, every mistake reported at once. */
import { basename } from 'node:path';
import { type Position, type Problem, sortProblems } from '../kit/problem.ts';
import { member, type YamlMap } from '../kit/yaml.ts';
import { type CheckedMapping, compiledAtFirstUse } from './checked-mapping.ts';
import { compileMapping, type MappingSources } from './compile-mapping.ts';
import { type Report, readSharedFragments } from './fragments.ts';
import type { Mapping } from './mapping.ts';
import { type FileToTell, type ToldFile, tellFilesApart } from './tell-files-apart.ts';

export type { MappingSources } from './compile-mapping.ts';

export interface MappingFiles extends MappingSources {
  /** Every `.yaml` and `.yml` file of the folder; `path` as it is to be shown. */
  readonly files: readonly FileToTell[];
  /** Says of a text that it is a mapping without mistakes, whatever stands beside it: that one is compiled when it is used. */
  readonly wasChecked?: (text: string) => CheckedMapping | undefined;
}

export interface LoadedMappings {
  /** By name: the file's name without its ending. Those with mistakes are not among them. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  /** Those with mistakes. */
  readonly broken: readonly BrokenMapping[];
  readonly problems: readonly Problem[];
}

export interface BrokenMapping {
  readonly name: string;
  /** Format names; undefined where the file does not say. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Never throws: whatever is in the files, the answer is mappings and problems. A file `_name.yaml` holds fragments for all. */
export function loadMappings({ files, wasChecked = () => undefined, ...sources }: MappingFiles): LoadedMappings {
  const found = new Map<string, Problem>();
  const report: Report = (problem) => void found.set(keyOf(problem), problem);
  const told = tellFilesApart(files, (text) => wasChecked(text) !== undefined);
  const shared = told.shared.map((file) => readRoot(file, report));
  const fragments = readSharedFragments(
    shared.filter((root) => root !== undefined),
    report,
  );
  const mappings = new Map<string, Mapping>();
  const broken: BrokenMapping[] = [];
  for (const file of told.mappings) {
    const { name, path, text } = file;
    const isRepeated = mappings.has(name);
    const compile = (): Mapping | undefined => {
      const root = readRoot(file, report);
      if (root && isRepeated) reportRepeated({ name, at: root.at }, report);
      return root && compileMapping({ name, path, root, sources, fragments, report });
    };
    const checked = isRepeated || text === undefined ? undefined : wasChecked(text);
    const mapping = checked ? compiledAtFirstUse({ name, file: path, ...checked }, compile) : compile();
    if (mapping) mappings.set(name, mapping);
    else broken.push(brokenMapping(file));
  }
  broken.push(...told.unknown.map(brokenMapping));
  if (told.allRead) for (const file of told.unknown) reportUnknown(file, report);
  // A piece that could not be compiled may be the one that uses a fragment.
  if (found.size === 0 && told.allRead) fragments.reportUnused(report);
  const isSure = ({ code }: Problem): boolean => told.allRead || code !== 'MAPPING_UNKNOWN_FRAGMENT';
  return { mappings, broken, problems: sortProblems([...found.values()].filter(isSure)) };
}

function reportRepeated({ name, at }: { readonly name: string; readonly at: Position }, report: Report): void {
  const message = `there are two mappings named ${name}`;
  report({ at, code: 'MAPPING_DUPLICATE', message, try: 'rename one of the files' });
}

/** A fragment's mistake is one mistake, however many mappings use it. */
function keyOf({ at, code, message }: Problem): string {
  return `${at?.file}:${at?.line}:${at?.column} ${code} ${message}`;
}

function readRoot({ path, text, yaml }: ToldFile, report: Report): YamlMap | undefined {
  if (text === undefined) return undefined;
  const { root, problems } = yaml();
  for (const problem of problems) report(problem);
  if (problems.length > 0) return undefined;
  if (root?.kind === 'map') return root;
  const at = root?.at ?? { file: path, line: 1, column: 1 };
  report({ at, code: 'MAPPING_SHAPE', message: 'a mapping holds from:, to: and translate:', try: 'from: bsr' });
  return undefined;
}

/** Once, and not for every row of what may be a table that no mapping names yet. */
function reportUnknown({ path, name, yaml }: ToldFile, report: Report): void {
  const at = yaml().root?.at ?? { file: path, line: 1, column: 1 };
  const message = 'this is neither a mapping, which holds from:, to: and translate:, nor a table that a mapping names';
  const advice = `tables: { ${name}: { file: ${basename(path)} } } in the mapping that reads it`;
  report({ at, code: 'MAPPING_SHAPE', message, try: advice });
}

function brokenMapping({ name, yaml }: ToldFile): BrokenMapping {
  const textAt = (key: string): string | undefined => {
    const node = member(yaml().root, key);
    return node?.kind === 'value' && typeof node.value === 'string' ? node.value : undefined;
  };
  return { name, from: textAt('from'), to: textAt('to') };
}

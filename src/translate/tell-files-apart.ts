/** What the files of the mappings folder are: mappings, fragments for all of them, or tables that a mapping names and reads itself. */
import { normalize } from 'node:path';
import { member, type YamlFile, type YamlMap } from '../kit/yaml.ts';
import { KEYS } from './compile-mapping.ts';
import { readMappingYaml } from './read-mapping-yaml.ts';
import { tablePath } from './tables.ts';

export interface FileToTell {
  /** As it is to be shown. */
  readonly path: string;
  /** Undefined where it cannot be read, which whoever tried has told. */
  readonly text: string | undefined;
}

export interface ToldFile extends FileToTell {
  /** The file's name without its ending. */
  readonly name: string;
  /** Read when it is first asked for. */
  readonly yaml: () => YamlFile;
}

export interface ToldApart {
  readonly mappings: readonly ToldFile[];
  /** `_name.yaml`: fragments for all. */
  readonly shared: readonly ToldFile[];
  /** Keys and values of which none is a mapping's, and that no mapping names as its table. */
  readonly unknown: readonly ToldFile[];
  /** Else one that cannot be read may name a table, or hold a fragment, that seems not to be there. */
  readonly allRead: boolean;
}

/** Files of tests are passed over. `isMapping` says of a text that it is known to be a mapping that has no file beside it. */
export function tellFilesApart(files: readonly FileToTell[], isMapping: (text: string) => boolean): ToldApart {
  const told = files.filter(({ path }) => !/\.test\.ya?ml$/i.test(path)).map(toldFile);
  const uncertain = told.filter(({ text }) => text === undefined || !isMapping(text));
  const tables = new Set(uncertain.flatMap(tablesOf));
  const kindOf = (file: ToldFile): 'mapping' | 'shared' | 'table' | 'unknown' => {
    // A mapping that another one names as its table stays a mapping.
    if (tables.has(normalize(file.path)) && !mapAt(file.yaml().root, 'translate')) return 'table';
    if (file.name.startsWith('_')) return 'shared';
    return uncertain.includes(file) && hasOtherKeysOnly(file) ? 'unknown' : 'mapping';
  };
  const kinds = Map.groupBy(told, kindOf);
  const { mapping = [], shared = [], unknown = [] } = Object.fromEntries(kinds);
  const allRead = uncertain.every(({ text, yaml }) => text !== undefined && yaml().problems.length === 0);
  return { mappings: mapping, shared, unknown, allRead };
}

function toldFile({ path, text }: FileToTell): ToldFile {
  let yaml: YamlFile | undefined;
  const read = (): YamlFile => {
    yaml ??= text === undefined ? { root: undefined, problems: [] } : readMappingYaml(text, path);
    return yaml;
  };
  return { path, text, name: nameOf(path), yaml: read };
}

function nameOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.ya?ml$/i, '');
}

/** The paths of the tables that a mapping reads from files. */
function tablesOf({ path, yaml }: ToldFile): string[] {
  const tables = mapAt(yaml().root, 'tables');
  return (tables?.entries ?? []).flatMap(({ value }) => {
    const file = member(value, 'file');
    return file?.kind === 'value' ? [tablePath(String(file.value), path)] : [];
  });
}

function hasOtherKeysOnly({ yaml }: ToldFile): boolean {
  const { root, problems } = yaml();
  if (root?.kind !== 'map' || problems.length > 0) return false;
  return root.entries.length > 0 && !root.entries.some(({ key }) => Object.hasOwn(KEYS, key));
}

function mapAt(root: YamlFile['root'], key: string): YamlMap | undefined {
  const node = member(root, key);
  return node?.kind === 'map' ? node : undefined;
}

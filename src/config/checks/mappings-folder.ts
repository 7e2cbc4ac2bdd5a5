/** Checks that the folder of mappings is one: the rules that need a mapping would all be told that it is missing. */
import { basename, dirname, resolve } from 'node:path';
import { nearest, type Position } from '../../kit/problem.ts';
import { whyUnreadable } from '../../kit/unreadable.ts';
import type { YamlNode } from '../../kit/yaml.ts';
import type { Checking } from './report.ts';

/** The names in a folder; throws where it cannot be read. */
export type ReadFolder = (path: string) => readonly string[];

interface MappingsFolder {
  /** What stands under `mappings`; undefined where nothing does. */
  readonly node: YamlNode | undefined;
  /** Where the file begins. */
  readonly file: Position;
  /** The folder of the file. */
  readonly here: string;
  readonly readFolder: ReadFolder;
}

const PRESET = '../mappings';

/** Whether it is known which mappings there are. The folder of the default need not exist. */
export function checkMappingsFolder({ settings, reader }: Checking, folder: MappingsFolder): boolean {
  const { node, here, file, readFolder } = folder;
  if (settings.mappings === undefined) return false;
  const problem = whyNotRead(resolve(here, settings.mappings), readFolder);
  if (problem === undefined || (node === undefined && problem === MISSING)) return true;
  const written = node?.kind === 'value' ? String(node.value) : PRESET;
  const isFilled = written.includes('${');
  const otherwise =
    problem === MISSING ? 'its path as seen from this file, or leaving the key out' : 'a folder that can be read';
  const advice = isFilled ? 'another value for it' : (folderMeant(written, folder) ?? otherwise);
  const message = `the folder of mappings, ${written}, ${problem}`;
  reader.problem({ at: node?.at ?? file, code: 'CONFIG_BAD_FOLDER', message, try: advice });
  return false;
}

const MISSING = whyUnreadable({ code: 'ENOENT' } as NodeJS.ErrnoException);

function whyNotRead(path: string, readFolder: ReadFolder): string | undefined {
  try {
    readFolder(path);
    return undefined;
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    return failure.code === 'ENOTDIR' ? 'is no folder' : whyUnreadable(failure);
  }
}

/** Of the folders around what is written: the one that a file is in, the one with the nearest name, the default. */
function folderMeant(written: string, { here, readFolder }: MappingsFolder): string | undefined {
  const parent = dirname(written);
  const isFolder = (path: string): boolean => whyNotRead(resolve(here, path), readFolder) === undefined;
  const siblings = isFolder(parent) ? readFolder(resolve(here, parent)) : [];
  const near = nearest(
    basename(written),
    siblings.filter((name) => isFolder(`${parent}/${name}`)),
  );
  const beside = near === undefined ? [] : [parent === '.' ? near : `${parent}/${near}`];
  const around = /\.ya?ml$/.test(written) ? [parent] : [];
  return [...around, ...beside, PRESET].find((path) => path !== written && isFolder(path));
}

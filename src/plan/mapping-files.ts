/** The mapping files of a folder: which they are, and what is in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isOfAnEditor } from '../config/watch.ts';
import type { Problem } from '../kit/problem.ts';
import { whyUnreadable } from '../kit/unreadable.ts';

export interface MappingText {
  /** As it is to be shown. */
  readonly path: string;
  readonly text: string;
}

/** In order of name; tests are left out, and what editors keep beside a file that is open. None where there is no such folder. */
export function mappingFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name));
    return names
      .filter((name) => !isOfAnEditor(name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The texts of a folder's mappings, and a problem for each file that cannot be read. */
export function readMappingFiles(folder: string): {
  readonly files: readonly MappingText[];
  readonly problems: readonly Problem[];
} {
  const files: MappingText[] = [];
  const problems: Problem[] = [];
  for (const path of mappingFiles(folder)) {
    try {
      files.push({ path: shown(path), text: readFileSync(path, 'utf8') });
    } catch (error) {
      problems.push(unreadable(shown(path), error as NodeJS.ErrnoException));
    }
  }
  return { files, problems };
}

/** A path as the user would name it: relative to the working directory where that is shorter. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.length < path.length && short !== '' ? short : path;
}

function unreadable(file: string, error: NodeJS.ErrnoException): Problem {
  return {
    at: { file, line: 1, column: 1 },
    code: 'MAPPING_UNREADABLE',
    message: `the mapping ${whyUnreadable(error)}`,
    try: 'take it out of the folder of mappings, or give it another ending than .yaml',
  };
}

/** The mapping files of a folder: which they are, and what is in them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOfAnEditor } from '../config/watch.ts';
import { decodeUtf8 } from '../kit/json.ts';
import { notUtf8 } from '../kit/not-utf8.ts';
import type { Problem } from '../kit/problem.ts';
import { shownPath } from '../kit/shown.ts';
import { whyUnreadable } from '../kit/unreadable.ts';

export interface MappingText {
  /** As it is to be shown. */
  readonly path: string;
  /** Undefined where it cannot be read. */
  readonly text: string | undefined;
}

const TESTS = /\.test\.ya?ml$/;

/** In order of name; tests are left out, and what editors keep beside a file that is open. None where there is no such folder. */
export function mappingFiles(folder: string): string[] {
  return yamlFiles(folder).filter((path) => !TESTS.test(path));
}

/** The files of tests, in the same way; whether a mapping is there or not. */
export function testFiles(folder: string): string[] {
  return yamlFiles(folder).filter((path) => TESTS.test(path));
}

function yamlFiles(folder: string): string[] {
  const names = filesIn(folder).filter((name) => /\.ya?ml$/.test(name) && !isOfAnEditor(name));
  return names.toSorted().map((name) => join(folder, name));
}

/** All that is in a folder, by name; none where it cannot be read. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a file holds fragments that all mappings of its folder share. */
export function isSharedFile(path: string): boolean {
  return /(?:^|[/\\])_[^/\\]*$/.test(path);
}

/** The file of the tests beside a mapping: NAME.test.yaml, or NAME.test.yml where only that is there. */
export function testFileOf(mappingFile: string): string {
  const [yaml, yml] = ['.test.yaml', '.test.yml'].map((end) => mappingFile.replace(/\.ya?ml$/, end)) as [
    string,
    string,
  ];
  return !existsSync(yaml) && existsSync(yml) ? yml : yaml;
}

/** The texts of a folder's mappings, and a problem for each file that cannot be read. */
export function readMappingFiles(folder: string): {
  readonly files: readonly MappingText[];
  readonly problems: readonly Problem[];
} {
  const read = mappingFiles(folder).map((path) => ({ path: shownPath(path), read: readText(path, 'the mapping') }));
  return {
    files: read.map(({ path, read }) => ({ path, text: 'text' in read ? read.text : undefined })),
    problems: read.flatMap(({ read }) => ('problem' in read ? [read.problem] : [])),
  };
}

export type FileText = { readonly text: string } | { readonly problem: Problem };

/** The text of a file that has to be UTF-8; `what` it is, for messages: `the mapping`. */
export function readText(path: string, what: string): FileText {
  try {
    const bytes = readFileSync(path);
    const text = decodeUtf8(bytes);
    return text === undefined
      ? { problem: notUtf8(bytes, { file: shownPath(path), code: 'MAPPING_NOT_UTF8' }) }
      : { text };
  } catch (error) {
    return { problem: unreadable(shownPath(path), what, error as NodeJS.ErrnoException) };
  }
}

/** The text of the tests beside a mapping; undefined where there are none. */
export function readTests(path: string): FileText | undefined {
  return existsSync(path) ? readText(path, 'the test file') : undefined;
}

function unreadable(file: string, what: string, error: NodeJS.ErrnoException): Problem {
  return {
    at: { file, line: 1, column: 1 },
    code: 'MAPPING_UNREADABLE',
    message: `${what} ${whyUnreadable(error)}`,
    try: 'take it out of the folder of mappings, or give it another ending than .yaml',
  };
}

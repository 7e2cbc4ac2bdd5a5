/** `dragoman test [NAME…]`: runs the tests that stand beside the mappings and shows each difference field by field. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { stringifyJson } from '../kit/json.ts';
import { formatProblem, nearest, type Problem } from '../kit/problem.ts';
import { shownPath } from '../kit/shown.ts';
import type { JsonObject } from '../model/json.ts';
import { loadMappingsFrom } from '../plan/make-plan.ts';
import { readTests, testFileOf, testFiles } from '../plan/mapping-files.ts';
import { testsBeside } from '../plan/test-mapping.ts';
import type { Mapping } from '../translate/mapping.ts';
import type { MappingTestResult } from '../translate/test-file.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import { problemFailure } from './problem-failure.ts';
import { readMappingsConfig } from './read-config.ts';
import { counted, Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

interface Tested {
  /** Null: of test files that belong to no mapping. */
  readonly mapping: string | null;
  readonly results: readonly MappingTestResult[];
  readonly problems: readonly Problem[];
}

export function run({ args, options, terminal }: Input): void {
  const { folder, params } = settings(String(options.config));
  const { mappings, problems } = loadMappingsFrom(folder);
  if (problems.length > 0) throw problemFailure(problems);
  const tested = chosen(args, mappings).map((mapping): Tested => testOne(mapping, params));
  if (args.length === 0) tested.push(...strayTests(folder, mappings));
  if (options.json) terminal.json(tested);
  else terminal.print(tested.map((one) => page(one, terminal)).join('\n'));
  const failed = tested.some(
    ({ results, problems: found }) => found.length > 0 || results.some(({ passed }) => !passed),
  );
  if (failed) process.exitCode = 1;
  if (!options.json) terminal.print(summary(tested, terminal));
}

/** The folder of mappings and the params of the configuration; the shipped layout where there is none and none is named. */
function settings(path: string): { readonly folder: string; readonly params: JsonObject } {
  if (path === DEFAULT_CONFIG && !existsSync(path)) return { folder: resolve('mappings'), params: {} };
  const config = readMappingsConfig(path);
  return { folder: config.mappingsDir, params: config.params ?? {} };
}

function chosen(names: readonly string[], mappings: ReadonlyMap<string, Mapping>): Mapping[] {
  if (mappings.size === 0) throw new Failure('there are no mappings');
  const known = [...mappings.keys()];
  const unknown = names.find((name) => !mappings.has(name));
  if (unknown !== undefined)
    throw new Failure(`there is no mapping "${unknown}"`, nearest(unknown, known) ?? known.join(', '));
  return names.length === 0 ? [...mappings.values()] : names.map((name) => mappings.get(name) as Mapping);
}

function testOne(mapping: Mapping, params: JsonObject): Tested {
  const { name } = mapping;
  const path = testFileOf(mapping.file);
  const read = readTests(path);
  if (!read) return { mapping: name, results: [], problems: [] };
  if ('problem' in read) return { mapping: name, results: [], problems: [read.problem] };
  return { mapping: name, ...testsBeside({ mapping, file: shownPath(path), text: read.text, params }) };
}

/** Test files that would never be run, and nobody would know. */
function strayTests(folder: string, mappings: ReadonlyMap<string, Mapping>): Tested[] {
  const files = new Set([...mappings.values()].map(({ file }) => resolve(testFileOf(file))));
  const problems = testFiles(folder)
    .filter((path) => !files.has(path))
    .map((path) => stray(path, mappings));
  return problems.length > 0 ? [{ mapping: null, results: [], problems }] : [];
}

function stray(path: string, mappings: ReadonlyMap<string, Mapping>): Problem {
  const name = basename(path).replace(/\.test\.ya?ml$/, '');
  const about = { at: { file: shownPath(path), line: 1, column: 1 }, code: 'TEST_STRAY' };
  const run = mappings.get(name) && basename(testFileOf(path.replace('.test.', '.')));
  if (run) return { ...about, message: `these tests are not run: ${run} is`, try: `one file of both, ${run}` };
  const near = nearest(name, mappings.keys());
  const message = `these tests are not run: there is no mapping "${name}"`;
  return { ...about, message, ...(near ? { try: `${near}.test.yaml` } : {}) };
}

function page({ mapping, results, problems }: Tested, terminal: Terminal): string {
  const failed = results.filter(({ passed }) => !passed);
  const good = failed.length === 0 && problems.length === 0;
  const count =
    results.length === 0 && good
      ? terminal.paint('yellow', 'no tests')
      : `${results.length - failed.length} of ${results.length}`;
  const mark = good ? terminal.paint('green', '✔') : terminal.paint('red', '✘');
  return [
    mapping === null ? `${mark} test files without a mapping` : `${mark} ${mapping}  ${count}`,
    ...problems.map(formatProblem),
    ...failed.flatMap((result) => failure(result, terminal)),
  ].join('\n');
}

function failure({ name, differences }: MappingTestResult, terminal: Terminal): string[] {
  const value = (one: unknown): string => (one === undefined ? '(nothing)' : stringifyJson(one));
  return [
    `  ${terminal.paint('red', name)}`,
    ...differences.flatMap(({ path, expected, actual }) => [
      `    ${path || 'the result'}`,
      terminal.paint('green', `      expected ${value(expected)}`),
      terminal.paint('red', `      actual   ${value(actual)}`),
    ]),
  ];
}

function summary(tested: readonly Tested[], terminal: Terminal): string {
  const results = tested.flatMap((one) => one.results);
  const passed = results.filter((result) => result.passed).length;
  const problems = tested.flatMap((one) => one.problems).length;
  const text = `${passed} passed, ${results.length - passed} failed${problems > 0 ? `, ${counted(problems, 'problem')}` : ''}`;
  return passed === results.length && problems === 0 ? terminal.paint('green', text) : terminal.paint('red', text);
}

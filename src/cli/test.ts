/** `dragoman test [NAME…]`: runs the tests that stand beside the mappings and shows each difference field by field. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { stringifyJson } from '../kit/json.ts';
import { formatProblem, nearest, type Problem } from '../kit/problem.ts';
import type { JsonObject } from '../model/json.ts';
import { loadMappingsFrom } from '../plan/make-plan.ts';
import { readTests, shown } from '../plan/mapping-files.ts';
import { testsBeside } from '../plan/test-mapping.ts';
import type { Mapping } from '../translate/mapping.ts';
import type { MappingTestResult } from '../translate/test-file.ts';
import { problemFailure } from './problem-failure.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

interface Tested {
  readonly mapping: string;
  readonly results: readonly MappingTestResult[];
  readonly problems: readonly Problem[];
}

export function run({ args, options, terminal }: Input): void {
  const { folder, params } = settings(String(options.config));
  const { mappings, problems } = loadMappingsFrom(folder);
  if (problems.length > 0) throw problemFailure(problems);
  const tested = chosen(args, mappings).map((mapping): Tested => testOne(mapping, params));
  if (options.json) terminal.json(tested);
  else terminal.print(tested.map((one) => page(one, terminal)).join('\n'));
  const failed = tested.some(
    ({ results, problems: found }) => found.length > 0 || results.some(({ passed }) => !passed),
  );
  if (failed) process.exitCode = 1;
  if (!options.json) terminal.print(summary(tested, terminal));
}

/** The folder of mappings and the params of the configuration; the shipped layout where there is no configuration. */
function settings(path: string): { readonly folder: string; readonly params: JsonObject } {
  if (!existsSync(path)) return { folder: resolve('mappings'), params: {} };
  const { config, problems } = loadConfig({ path, env: process.env, formats });
  if (!config) throw problemFailure(problems);
  return { folder: config.mappingsDir, params: config.params };
}

function chosen(names: readonly string[], mappings: ReadonlyMap<string, Mapping>): Mapping[] {
  const known = [...mappings.keys()];
  const unknown = names.find((name) => !mappings.has(name));
  if (unknown !== undefined)
    throw new Failure(`there is no mapping "${unknown}"`, nearest(unknown, known) ?? known.join(', '));
  if (mappings.size === 0) throw new Failure('there are no mappings');
  return names.length === 0 ? [...mappings.values()] : names.map((name) => mappings.get(name) as Mapping);
}

function testOne(mapping: Mapping, params: JsonObject): Tested {
  const file = mapping.file.replace(/\.(ya?ml)$/, '.test.$1');
  const read = readTests(file);
  if (!read) return { mapping: mapping.name, results: [], problems: [] };
  if ('problem' in read) return { mapping: mapping.name, results: [], problems: [read.problem] };
  return { mapping: mapping.name, ...testsBeside({ mapping, file: shown(file), text: read.text, params }) };
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
    `${mark} ${mapping}  ${count}`,
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
  const text = `${passed} passed, ${results.length - passed} failed`;
  return passed === results.length ? terminal.paint('green', text) : terminal.paint('red', text);
}

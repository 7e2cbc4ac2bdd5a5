/** The mapping that `translate` takes: the named file's, or of a folder the one that a rule for this pair of formats would take. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { formatProblem, type Problem } from '../kit/problem.ts';
import { shownPath } from '../kit/shown.ts';
import { compileMappings, loadMappingsFrom } from '../plan/make-plan.ts';
import { isSharedFile, type MappingText, mappingFiles } from '../plan/mapping-files.ts';
import { type Pair, pairMappings } from '../plan/pair-mappings.ts';
import type { Mapping } from '../translate/mapping.ts';
import { Failure } from './terminal.ts';

/** The mapping in a file, with the fragments that are shared in its folder. */
export function mappingInFile(file: string, pair: Pair, readText: (path: string) => string): Mapping {
  const own: MappingText = { path: shownPath(resolve(file)), text: readText(file) };
  const shared = mappingFiles(dirname(resolve(file))).filter(isSharedFile);
  const others = shared.map((path) => ({ path: shownPath(path), text: readText(path) }));
  const { mappings, problems } = compileMappings([...others, own]);
  const [mapping] = mappings.values();
  if (!mapping)
    throw unusable(
      problems.filter(({ code }) => code !== 'MAPPING_UNUSED_FRAGMENT'),
      file,
    );
  if (mapping.from === pair.from && mapping.to === pair.to) return mapping;
  throw new Failure(
    `${file} is a mapping from ${mapping.from} to ${mapping.to}, not from ${pair.from} to ${pair.to}`,
    `--from ${mapping.from} --to ${mapping.to}`,
  );
}

/** A file as it is named; for the name of a mapping, as rules have it, the failure names its file in the folder. */
export function mappingFile(named: string, folder: () => string): string {
  if (existsSync(named)) return named;
  const file = join(folder(), `${basename(named).replace(/\.ya?ml$/i, '')}.yaml`);
  if (existsSync(file)) throw new Failure(`the file ${named} does not exist`, `--mapping ${shownPath(file)}`);
  return named;
}

/** The mapping of a folder that is named for the pair, or its only one. */
export function mappingForPair(folder: string, pair: Pair): Mapping {
  const { mappings, broken, problems } = loadMappingsFrom(folder);
  const name = `${pair.from}-to-${pair.to}`;
  const { chosen, fitting } = pairMappings(mappings, pair);
  if (chosen?.name === name) return chosen;
  if (broken.has(name)) throw unusable(problems, name);
  if (chosen) return chosen;
  if (fitting.length > 0) throw severalOf(fitting, pair);
  throw new Failure(
    `there is no mapping from ${pair.from} to ${pair.to} in ${shownPath(folder)}`,
    `write ${name}.yaml in there, or name a file with --mapping`,
  );
}

function severalOf(fitting: readonly Mapping[], { from, to }: Pair): Failure {
  const names = fitting.map(({ name }) => name).join(', ');
  return new Failure(`there are several mappings from ${from} to ${to}: ${names}`, `--mapping ${fitting[0]?.file}`);
}

function unusable(problems: readonly Problem[], name: string): Failure {
  if (problems.length === 0) return new Failure(`${name} holds no mapping`, 'a file with from:, to: and translate:');
  return new Failure(`the mapping cannot be used\n${problems.map(formatProblem).join('\n')}`);
}

/** Loads the configuration: file → tree → checked settings → frozen `Config`, or every problem at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Problem, sortProblems } from '../kit/problem.ts';
import { shownPath } from '../kit/shown.ts';
import { whyUnreadable } from '../kit/unreadable.ts';
import { member, type YamlNode } from '../kit/yaml.ts';
import type { Format } from '../model/format.ts';
import { assemble } from './assemble.ts';
import { checkAlarms } from './checks/alarms.ts';
import { checkMappingsFolder, type ReadFolder } from './checks/mappings-folder.ts';
import { checkPorts } from './checks/ports.ts';
import { checkRules } from './checks/rules.ts';
import { checkSources } from './checks/sources.ts';
import { checkTargets } from './checks/targets.ts';
import type { Config } from './config.ts';
import { type ConfigDraft, draftOf } from './draft.ts';
import { root } from './keys/root.ts';
import type { Surroundings } from './placeholders.ts';
import { createReader, readTree, SHORTEST_MASKED } from './read.ts';
import type { SettingsDraft } from './settings.ts';

export interface LoadOptions {
  readonly path: string;
  readonly env: Surroundings['env'];
  /** The formats by name: what sources and targets may be, with their event types and options. */
  readonly formats: ReadonlyMap<string, Format>;
  /** Where not the disk's: the bytes of a file, or an error. */
  readonly readFile?: Surroundings['readFile'];
  readonly readFolder?: ReadFolder;
}

export interface LoadedConfig {
  /** Undefined where there are problems. */
  readonly config: Config | undefined;
  /** The same as far as it could be understood; undefined where the file could not be read at all. */
  readonly draft: ConfigDraft | undefined;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
  /** What was filled in from the environment and from files, and the value of every secret key: to be masked wherever text leaves. Longest first. */
  readonly secrets: readonly string[];
  /** All that was filled in, also what is too short to be masked: not to be written into files. */
  readonly filled: ReadonlySet<string>;
}

export function loadConfig(options: LoadOptions): LoadedConfig {
  const { env, formats, readFile = readFileSync, readFolder = readdirSync } = options;
  const path = resolve(options.path);
  const file = shownPath(path);
  const failed = (problems: readonly Problem[]): LoadedConfig => ({
    config: undefined,
    draft: undefined,
    problems,
    secrets: [],
    filled: new Set(),
  });
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (error) {
    return failed([unreadable(file, error as NodeJS.ErrnoException)]);
  }
  const tree = readTree(bytes, file);
  if (tree.problems.length > 0) return failed(sortProblems(tree.problems));
  const node = tree.root;
  if (node === undefined || isNothing(node)) return failed([empty(file)]);

  const here = dirname(path);
  const reader = createReader({ env, readFile });
  const settings = root.read(node, { name: '', reader });
  const checking = { settings, formats, reader };
  const sourceOptions = checkSources(checking);
  const targetOptions = checkTargets(checking);
  checkRules(checking);
  checkAlarms(checking);
  checkPorts(checking, { admin: member(node, 'admin')?.at ?? node.at });
  const folder = { node: member(node, 'mappings'), file: node.at, here, readFolder };
  const isFolderKnown = checkMappingsFolder(checking, folder);

  const secrets = [...reader.secrets].toSorted((a, b) => b.length - a.length);
  const problems = sortProblems(reader.problems).map((problem) => masked(problem, secrets));
  const { filled } = reader;
  if (problems.length > 0) {
    const draft = deepFreeze(draftOf(settings as SettingsDraft, { here, isFolderKnown, formats, targetOptions }));
    return { config: undefined, draft, problems, secrets, filled };
  }
  const config = deepFreeze(assemble({ settings, path, sourceOptions, targetOptions }));
  return { config, draft: config, problems, secrets, filled };
}

/** A secret that stands where a name belongs must not be repeated as that name. */
export function masked(problem: Problem, secrets: readonly string[]): Problem {
  const mask = (text: string): string =>
    secrets.reduce(
      (clean, secret) => (secret.length < SHORTEST_MASKED ? clean : clean.replaceAll(secret, '***')),
      text,
    );
  const message = mask(problem.message);
  return problem.try === undefined ? { ...problem, message } : { ...problem, message, try: mask(problem.try) };
}

/** What YAML makes of `---` alone, and of `~`. */
function isNothing(node: YamlNode): boolean {
  return node.kind === 'value' && node.value === null;
}

/** Not a configuration of defaults alone: this is what an editor leaves for a moment, between emptying a file and writing it. */
function empty(file: string): Problem {
  return {
    at: { file, line: 1, column: 1 },
    code: 'CONFIG_EMPTY',
    message: 'the configuration is empty',
    try: 'begin with sources, targets and rules, as the shipped config/relay.yaml does',
  };
}

function unreadable(file: string, error: NodeJS.ErrnoException): Problem {
  return {
    code: 'CONFIG_NOT_FOUND',
    message: `the configuration ${file} ${whyUnreadable(error)}`,
    try: '--config FILE',
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** From the files to a plan: configuration, rules and mappings compiled and checked against each other, before any event. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuleConfig } from '../config/config.ts';
import { loadConfig, masked } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { scopeSchema } from '../formats/scope-schema.ts';
import { formatProblem, type Problem, sortProblems } from '../kit/problem.ts';
import { compileLogic } from '../route/filter.ts';
import { createRouter } from '../route/rules.ts';
import { type BrokenMapping, loadMappings } from '../translate/load.ts';
import type { Mapping } from '../translate/mapping.ts';
import { fingerprintOf } from './check-ahead.ts';
import { unfitParams } from './check-params.ts';
import { checkPaths } from './check-paths.ts';
import { checkedMappings } from './checked-mappings.ts';
import { filesIn, type MappingText, readMappingFiles } from './mapping-files.ts';
import type { Plan } from './plan.ts';
import { planRule } from './plan-rule.ts';

export interface PlanResult {
  /** Undefined where there are problems. */
  readonly plan: Plan | undefined;
  readonly problems: readonly Problem[];
}

/** Loads and checks everything that a relay runs on. Reads files, changes nothing; finds every problem at once. */
export function makePlan(options: { readonly configPath: string; readonly env: NodeJS.ProcessEnv }): PlanResult {
  const loaded = loadConfig({ path: options.configPath, env: options.env, formats });
  const { config, draft, problems: configProblems, secrets, filled } = loaded;
  if (!draft) return { plan: undefined, problems: sortProblems(configProblems) };
  const { mappings, broken, problems: mappingProblems } = loadMappingsFrom(draft.mappingsDir);
  const problems = [...configProblems, ...mappingProblems];
  const planned = draft.rules.map((rule) =>
    rule.enabled ? planRule({ rule, config: draft, mappings, broken }) : switchedOff(rule),
  );
  problems.push(...planned.flatMap((one) => one.problems));
  const used = new Set(planned.flatMap(({ rule }) => rule.lines.flatMap((line) => [...line.mappings.values()])));
  const taken = [...mappings.values()].filter(({ name }) => used.has(name));
  problems.push(...checkPaths(draft), ...unfitParams(taken, draft));
  if (!config || problems.length > 0) {
    return { plan: undefined, problems: sortProblems(problems).map((problem) => masked(problem, secrets)) };
  }
  const all = planned.map((one) => one.rule);
  const rules = all.filter(({ enabled }) => enabled);
  return { plan: { config, mappings, rules, router: createRouter(all), secrets, filled }, problems: [] };
}

/** Nothing of it is looked at: it may be half written. */
function switchedOff({ name }: RuleConfig): ReturnType<typeof planRule> {
  return { rule: { name, sources: null, types: null, filter: null, enabled: false, lines: [] }, problems: [] };
}

/** Compiles every mapping of a folder; none where there is no such folder, or it is not known which. */
export function loadMappingsFrom(folder: string | null): {
  readonly mappings: ReadonlyMap<string, Mapping>;
  /** Names of mappings that have problems of their own: a rule that needs one is not told that it is missing. */
  readonly broken: ReadonlySet<string>;
  readonly problems: readonly Problem[];
} {
  if (folder === null) return { mappings: new Map(), broken: new Set(), problems: [] };
  const { files, problems: unreadable } = readMappingFiles(folder);
  const { mappings, broken, problems } = compileMappings(files);
  // The mapping that names a table tells of it, too.
  const told = new Set(problems.map(formatProblem));
  const untold = unreadable.filter((problem) => !told.has(formatProblem(problem)));
  return { mappings, broken: new Set(broken.flatMap(namesOf)), problems: [...untold, ...problems] };
}

/** A broken mapping's own name, and those that it may stand in for as the only one of a pair of formats. */
function namesOf({ name, from, to }: BrokenMapping): string[] {
  const possible = (format: string | undefined): Iterable<string> =>
    format !== undefined && formats.has(format) ? [format] : formats.keys();
  return [name, ...[...possible(from)].flatMap((one) => [...possible(to)].map((other) => `${one}-to-${other}`))];
}

/** Compiles mapping files whose tables are read beside them. */
export function compileMappings(files: readonly MappingText[]) {
  const wasChecked = (text: string) => checkedMappings.get(fingerprintOf(text));
  return loadMappings({ files, readTable, tableFiles, wasChecked, formats, scopeSchema, compileLogic });
}

function tableFiles(folder: string, mappingPath: string): readonly string[] {
  return filesIn(join(dirname(mappingPath), folder));
}

function readTable(path: string, mappingPath: string): Uint8Array | undefined {
  try {
    return readFileSync(join(dirname(mappingPath), path));
  } catch {
    return undefined;
  }
}

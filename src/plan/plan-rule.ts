/** One rule of the configuration, joined with its filter and with the mapping for every pair of formats that it may meet. */
import type { RuleConfig } from '../config/config.ts';
import type { ConfigDraft } from '../config/draft.ts';
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import type { YamlNode } from '../kit/yaml.ts';
import { SUBSCRIBERS } from '../model/target.ts';
import { type CompiledLogic, compileLogic } from '../route/filter.ts';
import type { Mapping } from '../translate/mapping.ts';
import { missingParams } from './check-params.ts';
import { pairMappings } from './pair-mappings.ts';
import type { PlannedRule } from './plan.ts';
import { formatsOfSources, scopesOf } from './rule-scopes.ts';

interface RuleToPlan {
  readonly rule: RuleConfig;
  readonly config: ConfigDraft;
  readonly mappings: ReadonlyMap<string, Mapping>;
  /** Names of mappings that could not be compiled. */
  readonly broken: ReadonlySet<string>;
}

export function planRule({ rule, config, mappings, broken }: RuleToPlan): {
  readonly rule: PlannedRule;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const sourceFormats = formatsOfSources(rule, config);
  const compiled = rule.when ? compileLogic(rule.when, scopesOf(rule, config), 'condition') : undefined;
  problems.push(...(compiled?.problems ?? []));
  if (rule.when && compiled?.logic) problems.push(...foreseen(rule, rule.when, compiled.logic));
  const lines = rule.to.map((target) => {
    const byFormat = new Map<string, string | null>();
    const format = targetFormat(target, config);
    const isKnown = format !== undefined && config.mappingsDir !== null;
    for (const source of isKnown ? sourceFormats : []) {
      const choice = chooseMapping({ rule, source, target: format as string, mappings });
      if ('problem' in choice) {
        if (!broken.has(choice.wanted)) problems.push(choice.problem);
        continue;
      }
      byFormat.set(source, choice.mapping?.name ?? null);
      if (choice.mapping) problems.push(...missingParams(choice.mapping, rule, config));
      else problems.push(...idleOptions(rule, target, { config, mappings }));
    }
    return { target, mappings: byFormat };
  });
  const planned = {
    name: rule.name,
    sources: rule.from ?? config.sources.map(({ name }) => name),
    types: rule.on,
    filter: compiled?.logic ?? null,
    enabled: true,
    lines,
  };
  return { rule: planned, problems: distinct(problems) };
}

/** Undefined where the configuration has no such target, of which its own check has told. */
function targetFormat(target: string, config: ConfigDraft): string | undefined {
  if (target === SUBSCRIBERS) return config.subscriptions?.format ?? 'sigma';
  return config.targets.find(({ name }) => name === target)?.format ?? undefined;
}

interface MappingChoice {
  readonly rule: RuleConfig;
  readonly source: string;
  readonly target: string;
  readonly mappings: ReadonlyMap<string, Mapping>;
}

/** `wanted` is the name of the mapping that could not be had. */
type Choice = { readonly mapping: Mapping | null } | { readonly problem: Problem; readonly wanted: string };

/** The mapping that the rule names, or the one for this pair of formats; null forwards. */
function chooseMapping({ rule, source, target, mappings }: MappingChoice): Choice {
  if (rule.translate) {
    const { name, at } = rule.translate;
    const mapping = mappings.get(name);
    if (!mapping) return { problem: unknownMapping(rule, { name, at }, mappings.keys()), wanted: name };
    if (mapping.from !== source || mapping.to !== target)
      return { problem: mismatch(rule, mapping, `${source} to ${target}`), wanted: '' };
    return { mapping };
  }
  if (source === target) return { mapping: null };
  const { chosen, fitting } = pairMappings(mappings, { from: source, to: target });
  if (chosen) return { mapping: chosen };
  const names = fitting.map(({ name }) => name).toSorted();
  const advice =
    fitting.length > 1 ? `translate: ${names.join(', or ')}` : `write mappings/${source}-to-${target}.yaml`;
  const message = `rule "${rule.name}" needs a mapping from ${source} to ${target}${fitting.length > 1 ? ', and there are several' : ''}`;
  return { problem: { at: rule.at, code: 'RULE_NO_MAPPING', message, try: advice }, wanted: `${source}-to-${target}` };
}

/**
 * A filter that holds for no event, or that reads nothing of any, is a mistake; `true` on purpose is none, and neither is one
 * that the environment has a say in: elsewhere it holds.
 */
function foreseen(rule: RuleConfig, when: YamlNode, { constant, paths }: CompiledLogic): Problem[] {
  const { kind, at } = when;
  const isBlind = kind !== 'value' && paths.length === 0;
  if (constant === undefined || (constant && !isBlind) || isFilledIn(when)) return [];
  const code = constant ? 'RULE_ALWAYS_MATCHES' : 'RULE_NEVER_MATCHES';
  const which = constant ? 'matches every event' : 'can never match';
  const why = isBlind ? 'its filter reads nothing of an event' : 'its filter holds for no event of its sources';
  const advice = isBlind
    ? `{ var: … } around the path of what is meant, such as { var: data.length }`
    : 'enabled: false, to switch a rule off';
  return [{ at, code, message: `rule "${rule.name}" ${which}: ${why}`, try: advice }];
}

function isFilledIn(node: YamlNode): boolean {
  switch (node.kind) {
    case 'value':
      return node.isFilled === true;
    case 'list':
      return node.items.some(isFilledIn);
    case 'map':
      return node.entries.some(({ value }) => isFilledIn(value));
  }
}

function unknownMapping(
  rule: RuleConfig,
  named: { readonly name: string; readonly at: Position },
  known: Iterable<string>,
): Problem {
  const names = [...known];
  const bare = named.name.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/i, '');
  const near = names.includes(bare) ? bare : nearest(bare, names);
  const message = `rule "${rule.name}" translates with "${named.name}", which is no mapping`;
  return { at: named.at, code: 'RULE_UNKNOWN_MAPPING', message, try: near ?? `write mappings/${bare}.yaml` };
}

function mismatch(rule: RuleConfig, mapping: Mapping, wanted: string): Problem {
  return {
    at: rule.translate?.at ?? rule.at,
    code: 'RULE_MAPPING_MISMATCH',
    message: `rule "${rule.name}" needs a mapping from ${wanted}, but "${mapping.name}" is from ${mapping.from} to ${mapping.to}`,
    try: 'leave translate out to take the mapping for this pair of formats, or split the rule',
  };
}

/** Only a mapping writes by the options of a target's format. */
function idleOptions(
  rule: RuleConfig,
  name: string,
  { config, mappings }: Pick<RuleToPlan, 'config' | 'mappings'>,
): Problem[] {
  const target = config.targets.find((one) => one.name === name);
  const [option] = Object.keys(target?.options ?? {});
  if (!target || option === undefined) return [];
  const { format } = target;
  const own = [...mappings.values()].find(({ from, to }) => from === format && to === format);
  const message = `rule "${rule.name}" forwards ${format} byte for byte, so ${option} of target "${name}" does nothing`;
  const advice = own ? `translate: ${own.name}` : `leaving ${option} out`;
  return [{ at: rule.at, code: 'RULE_IDLE_OPTION', message, try: advice }];
}

function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((problem) => [`${problem.at?.line}:${problem.at?.column} ${problem.message}`, problem]),
  );
  return [...seen.values()];
}

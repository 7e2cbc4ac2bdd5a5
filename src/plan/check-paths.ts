/** Checks the paths that stand outside of filters: a target's `order_by`, and what an alarm takes for the same thing. */
import type { AlarmConfig, Config } from '../config/config.ts';
import type { Problem } from '../kit/problem.ts';
import type { Schema } from '../model/schema.ts';
import type { Target } from '../model/target.ts';
import { meantBy, schemasAt } from '../route/paths.ts';
import { scopesOf } from './rule-scopes.ts';

/** A path has to be in some event that goes to its target, and in both events of its alarm. What is switched off is not checked. */
export function checkPaths(config: Config): Problem[] {
  return [
    ...config.targets.flatMap((target) => orderProblems(target, config)),
    ...config.alarms.flatMap((alarm) => (alarm.enabled ? sameProblems(alarm, config) : [])),
  ];
}

function orderProblems({ name, orderBy }: Target, config: Config): Problem[] {
  if (!orderBy) return [];
  const rules = config.rules.filter((rule) => rule.enabled && rule.to.includes(name));
  const scopes = rules.flatMap((rule) => scopesOf(rule, config));
  if (!isStrange(orderBy, scopes)) return [];
  const message = `targets.${name}.order_by is "${orderBy.join('.')}", which no event that goes there has`;
  const advice = meantBy(scopes, orderBy) ?? 'leaving order_by out, for no order';
  return [{ ...placeOf(config.places.orderBy, name), code: 'CONFIG_UNKNOWN_PATH', message, try: advice }];
}

function sameProblems(alarm: AlarmConfig, config: Config): Problem[] {
  if (alarm.kind !== 'unfinished') return [];
  const { same, source, started, ended } = alarm;
  for (const type of [started, ended]) {
    const scopes = scopesOf({ from: [source], on: [type] }, config);
    if (!isStrange(same, scopes)) continue;
    const message = `alarm "${alarm.name}" compares "${same.join('.')}", which ${type} does not have`;
    const advice = meantBy(scopes, same) ?? 'a path that both events have';
    return [{ ...placeOf(config.places.same, alarm.name), code: 'ALARM_UNKNOWN_PATH', message, try: advice }];
  }
  return [];
}

/** A path of a draft may be undefined: of that, its own check has told. */
function isStrange(path: readonly string[] | undefined, scopes: readonly Schema[]): path is readonly string[] {
  return path !== undefined && scopes.length > 0 && schemasAt(scopes, path).length === 0;
}

function placeOf(places: Config['places']['same'], name: string): Pick<Problem, 'at'> {
  const at = places.get(name);
  return at ? { at } : {};
}

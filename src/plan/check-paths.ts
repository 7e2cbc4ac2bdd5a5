/** Checks the paths that stand outside of filters: a target's `order_by`, and what an alarm takes for the same thing. */
import type { ConfigDraft, DraftAlarm, DraftTarget } from '../config/draft.ts';
import type { Problem } from '../kit/problem.ts';
import type { Schema } from '../model/schema.ts';
import { meantBy, schemasAt } from '../route/paths.ts';
import { scopesOf } from './rule-scopes.ts';

/** A path has to be in some event that goes to its target, and in both events of its alarm. What is switched off is not checked. */
export function checkPaths(config: ConfigDraft): Problem[] {
  return [
    ...config.targets.flatMap((target) => orderProblems(target, config)),
    ...config.alarms.flatMap((alarm) => (alarm.enabled ? sameProblems(alarm, config) : [])),
  ];
}

function orderProblems({ name, orderBy }: DraftTarget, config: ConfigDraft): Problem[] {
  if (!orderBy) return [];
  const rules = config.rules.filter((rule) => rule.enabled && rule.to.includes(name));
  const each = rules.map((rule) => scopesOf(rule, config));
  // Where it is not known what one of them takes, nothing is.
  const scopes = each.every((one) => one.length > 0) ? each.flat() : [];
  if (!isStrange(orderBy, scopes)) return [];
  const message = `targets.${name}.order_by is "${orderBy.join('.')}", which no event that goes there has`;
  const advice = meantBy(scopes, orderBy) ?? 'leaving order_by out, for no order';
  return [{ ...placeOf(config.places.orderBy, name), code: 'CONFIG_UNKNOWN_PATH', message, try: advice }];
}

function sameProblems(alarm: DraftAlarm, config: ConfigDraft): Problem[] {
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

function isStrange(path: readonly string[], scopes: readonly Schema[]): boolean {
  return scopes.length > 0 && schemasAt(scopes, path).length === 0;
}

function placeOf(places: ConfigDraft['places']['same'], name: string): Pick<Problem, 'at'> {
  const at = places.get(name);
  return at ? { at } : {};
}

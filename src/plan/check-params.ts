/** Holds the constants of the configuration against what mappings say of those that they need. */
import type { RuleConfig } from '../config/config.ts';
import type { ConfigDraft } from '../config/draft.ts';
import { nearest, type Problem } from '../kit/problem.ts';
import type { Mapping, MappingParam } from '../translate/mapping.ts';
import { unfitParam } from '../translate/unfit-param.ts';

/** The constants that a mapping needs and the configuration does not name. */
export function missingParams(mapping: Mapping, rule: RuleConfig, config: ConfigDraft): Problem[] {
  const { params } = config;
  if (params === null) return [];
  const missing = [...mapping.params].filter(([name, param]) => param.required && !Object.hasOwn(params, name));
  return missing.map(([name, param]) => ({
    at: rule.at,
    code: 'CONFIG_MISSING_PARAM',
    message: `rule "${rule.name}" translates with "${mapping.name}", which needs params.${name}: ${param.about}`,
    try: mistypedParam(name, params, mapping) ?? `add ${name} under params`,
  }));
}

/** A constant that this mapping has no use for and whose name is near the one that it lacks. */
function mistypedParam(name: string, params: object, mapping: Mapping): string | undefined {
  const others = Object.keys(params).filter((one) => !mapping.params.has(one));
  const near = nearest(name, others);
  return near === undefined ? undefined : `${name} under params, in place of ${near}`;
}

/** The constants that are not what one of the mappings takes them for. */
export function unfitParams(mappings: Iterable<Mapping>, config: ConfigDraft): Problem[] {
  return [...mappings].flatMap((mapping) =>
    [...mapping.params].flatMap(([name, param]) => {
      const value = config.params && Object.hasOwn(config.params, name) ? config.params[name] : undefined;
      if (value === undefined) return [];
      const wrong = value === null ? emptyParam(name, param, mapping) : wrongParam(name, value, mapping);
      const at = config.places.params.get(name);
      return wrong ? [at ? { at, ...wrong } : wrong] : [];
    }),
  );
}

/** An empty one is a missing one, which only an optional one without default may be. */
function emptyParam(name: string, param: MappingParam, mapping: Mapping): Problem | undefined {
  if (!param.required && param.default === undefined) return undefined;
  const message = `params.${name} has no value, and mapping "${mapping.name}" needs one: ${param.about}`;
  const advice = param.required ? `${name}: …` : `leaving ${name} out, for the default of the mapping`;
  return { code: 'CONFIG_MISSING_PARAM', message, try: advice };
}

function wrongParam(name: string, value: unknown, mapping: Mapping): Problem | undefined {
  const unfit = unfitParam(name, value, mapping);
  return unfit && { code: 'CONFIG_PARAM_TYPE', ...unfit };
}

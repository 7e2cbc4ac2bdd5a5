/** Holds the constants of the configuration against what mappings say of those that they need. */
import type { Config, RuleConfig } from '../config/config.ts';
import type { Problem } from '../kit/problem.ts';
import type { Mapping } from '../translate/mapping.ts';

/** The constants that a mapping needs and the configuration does not name. */
export function missingParams(mapping: Mapping, rule: RuleConfig, config: Config): Problem[] {
  const missing = [...mapping.params].filter(([name, param]) => param.required && !Object.hasOwn(config.params, name));
  return missing.map(([name, param]) => ({
    at: rule.at,
    code: 'CONFIG_MISSING_PARAM',
    message: `rule "${rule.name}" translates with "${mapping.name}", which needs params.${name}: ${param.about}`,
    try: `add ${name} under params`,
  }));
}

/** What the events of a rule or of a source look like, for everything in the configuration that names a path into them. */
import type { Config, RuleConfig } from '../config/config.ts';
import { formats } from '../formats/index.ts';
import { scopeSchema } from '../formats/scope-schema.ts';
import type { JsonObject } from '../model/json.ts';
import { type Schema, typesOf } from '../model/schema.ts';
import { OWN_SOURCE } from './plan.ts';

/** The formats of the sources that a rule takes. */
export function formatsOfSources(rule: Pick<RuleConfig, 'from'>, config: Config): string[] {
  const named = config.sources.filter((source) => rule.from === null || rule.from.includes(source.name));
  const used = named.map((source) => source.format);
  if (rule.from?.includes(OWN_SOURCE)) used.push('json');
  return [...new Set(used)];
}

/** One schema for each event type that a rule may meet; `on` null: every type that the formats know. */
export function scopesOf(rule: Pick<RuleConfig, 'from' | 'on'>, config: Config): Schema[] {
  return formatsOfSources(rule, config).flatMap((name) => {
    const format = formats.get(name);
    if (!format) return [];
    const known = Object.keys(format.events).filter((type) => rule.on === null || rule.on.includes(type));
    return (format.open ? ['*'] : known).map((type) => {
      const made = madeFor(config.params);
      const key = `${name}/${type}`;
      const scope = made.scopes.get(key) ?? scopeSchema({ format, type, params: made.params });
      made.scopes.set(key, scope);
      return scope;
    });
  });
}

interface Made {
  readonly params: Schema;
  /** By format and event type: each is made once for a configuration. */
  readonly scopes: Map<string, Schema>;
}

const made = new WeakMap<JsonObject, Made>();

function madeFor(params: JsonObject): Made {
  const before = made.get(params);
  if (before) return before;
  const now = { params: schemaOf(params), scopes: new Map<string, Schema>() };
  made.set(params, now);
  return now;
}

/** The names that the configuration has, and the types of their values; null may become anything. */
function schemaOf(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array' };
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object') return { type: typesOf({ const: value }) ?? [] };
  const properties = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, schemaOf(inner)]));
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

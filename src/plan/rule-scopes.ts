/** What the events of a rule or of a source look like, for everything in the configuration that names a path into them. */
import type { RuleConfig } from '../config/config.ts';
import type { ConfigDraft } from '../config/draft.ts';
import { formats } from '../formats/index.ts';
import { scopeSchema } from '../formats/scope-schema.ts';
import { nearest } from '../kit/problem.ts';
import { type Schema, typesOf } from '../model/schema.ts';
import { OWN_SOURCE } from '../model/source.ts';

/** The formats of the sources that a rule takes. */
export function formatsOfSources(rule: Pick<RuleConfig, 'from'>, config: ConfigDraft): string[] {
  const named = config.sources.filter((source) => rule.from === null || rule.from.includes(source.name));
  const used = named.flatMap(({ format }) => format ?? []);
  if (rule.from?.includes(OWN_SOURCE)) used.push('json');
  return [...new Set(used)];
}

/**
 * One schema for each event type that a rule may meet; `on` null: every type that the formats know. None where it is not known what
 * it meets: the configuration's own check has told of a source, a format or an event type that is none. A misspelt type stands for the one that was meant.
 */
export function scopesOf(rule: Pick<RuleConfig, 'from' | 'on'>, config: ConfigDraft): Schema[] {
  const types = typesMeant(rule, config);
  if (types === undefined) return [];
  return formatsOfSources(rule, config).flatMap((name) => {
    const format = formats.get(name);
    if (!format) return [];
    const known = Object.keys(format.events).filter((type) => types === null || types.includes(type));
    return (format.open ? ['*'] : known).map((type) => {
      const made = madeFor(config);
      const key = `${name}/${type}`;
      const scope = made.scopes.get(key) ?? scopeSchema({ format, type, params: made.params });
      made.scopes.set(key, scope);
      return scope;
    });
  });
}

/** Null: every type. Undefined where it is not known. */
function typesMeant(
  { from, on }: Pick<RuleConfig, 'from' | 'on'>,
  config: ConfigDraft,
): readonly string[] | null | undefined {
  const byName = new Map(config.sources.map(({ name, format }) => [name, format]));
  const names = from ?? [...byName.keys()];
  const known = names.map((name) => formats.get(byName.get(name) ?? (name === OWN_SOURCE ? 'json' : '')));
  if (known.includes(undefined)) return undefined;
  if (on === null || known.some((format) => format?.open)) return on;
  const all = known.flatMap((format) => Object.keys(format?.events ?? {}));
  const meant = on.flatMap((type) => (all.includes(type) ? type : (nearest(type, all) ?? [])));
  return meant.length < on.length ? undefined : meant;
}

interface Made {
  readonly params: Schema;
  /** By format and event type: each is made once for a configuration. */
  readonly scopes: Map<string, Schema>;
}

const made = new WeakMap<ConfigDraft, Made>();

function madeFor(config: ConfigDraft): Made {
  const before = made.get(config);
  if (before) return before;
  const now = { params: schemaOf(config.params), scopes: new Map<string, Schema>() };
  made.set(config, now);
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

/** Keeps what was filled in from the environment or a file out of a test: harmless values stand in for such params. */
import { createMask } from '../admin/mask.ts';
import { checkData } from '../formats/check-data.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Mapping } from '../translate/mapping.ts';
import type { Plan } from './plan.ts';

/** The params that the mapping declares; of one that holds a secret, every text that does is its name, or a URL with its name. */
export function standInParams(
  params: JsonObject,
  mapping: Pick<Mapping, 'params'>,
  { secrets, filled }: Pick<Plan, 'secrets' | 'filled'>,
): JsonObject {
  const mask = createMask(() => secrets);
  // A short one stands in too many words to be looked for inside of texts.
  const isOpen = (text: string): boolean => !filled.has(text) && mask(text) === text;
  const declared = Object.entries(params).flatMap(([name, value]): [string, Json][] => {
    const param = mapping.params.get(name);
    if (!param) return [];
    const harmless = replaced(value as Json, (text) => (isOpen(text) ? text : standInOf(name, text)));
    return [[name, checkData(param.schema, harmless).length === 0 ? harmless : (value as Json)]];
  });
  return Object.fromEntries(declared);
}

function replaced(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner as Json, change)]));
}

function standInOf(name: string, text: string): string {
  const [scheme] = /^https?:\/\//i.exec(text) ?? [];
  return scheme ? `${scheme}${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example.com` : name;
}

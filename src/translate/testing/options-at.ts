/** The options of a source or a target under a test's `source` or `target`, held against what the format takes. */
import { nearest } from '../../kit/problem.ts';
import { plainValue, type YamlEntry, type YamlMap } from '../../kit/yaml.ts';
import type { Format } from '../../model/format.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Report } from '../fragments.ts';
import { mistakeIn } from '../schema-fit.ts';
import { entry } from '../structure/keys.ts';
import { objectAt } from './object-at.ts';

/** What is wrong is reported. */
export function optionsAt(
  node: YamlMap,
  key: 'source' | 'target',
  { format, report }: { readonly format: Format; readonly report: Report },
): JsonObject {
  const value = entry(node, key)?.value;
  for (const option of value?.kind === 'map' ? value.entries : []) checkOption(option, key, { format, report });
  return objectAt(node, key, report);
}

function checkOption(
  { key, keyAt, value }: YamlEntry,
  side: 'source' | 'target',
  { format, report }: { readonly format: Format; readonly report: Report },
): void {
  const { properties = {}, additionalProperties = false } =
    (side === 'source' ? format.sourceOptions : format.targetOptions) ?? {};
  const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (!schema && additionalProperties === false) {
    const names = Object.keys(properties);
    const advice = nearest(key, names) ?? (names.join(', ') || `leaving ${side} out`);
    const message = `a ${side} of format ${format.name} has no option ${key}`;
    report({ at: keyAt, code: 'TEST_OPTION', message, try: advice });
    return;
  }
  const plain = plainValue(value);
  const mistake = typeof plain === 'object' ? undefined : schema && mistakeIn({ const: plain }, schema);
  if (!mistake) return;
  const advice = mistake.try === undefined ? {} : { try: mistake.try };
  report({ at: value.at, code: 'TEST_OPTION', message: `${side}.${key} ${mistake.message}`, ...advice });
}

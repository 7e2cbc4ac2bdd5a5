/** An object under a key of a test. */
import { plainValue, type YamlMap } from '../../kit/yaml.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Report } from '../fragments.ts';
import { entry } from '../structure/keys.ts';

/** Empty where the key is not there, or holds something else, which is reported. */
export function objectAt(node: YamlMap, key: string, report: Report): JsonObject {
  const value = entry(node, key)?.value;
  if (!value) return {};
  if (value.kind === 'map') return plainValue(value) as JsonObject;
  report({ at: value.at, code: 'TEST_SHAPE', message: `${key} holds names with their values`, try: `${key}: { … }` });
  return {};
}

/** The keys of a map in a mapping: which may stand there, and which have to. */
import { nearest, type Problem } from '../../kit/problem.ts';
import type { YamlEntry, YamlMap } from '../../kit/yaml.ts';

export type Keys = Readonly<Record<string, { readonly required: boolean }>>;

/** Reports unknown and missing keys, a misspelt one once; true where there are none. */
export function checkKeys(node: YamlMap, keys: Keys, report: (problem: Problem) => void): boolean {
  const names = Object.keys(keys);
  const unknown = node.entries.filter(({ key }) => !Object.hasOwn(keys, key));
  const meant = new Set<string | undefined>();
  for (const { key, keyAt } of unknown) {
    const near = nearest(key, names);
    meant.add(near);
    const advice = near ?? names.join(', ');
    report({ at: keyAt, code: 'MAPPING_UNKNOWN_KEY', message: `${key} has no meaning here`, try: advice });
  }
  const missing = names.filter((name) => keys[name]?.required && !entry(node, name) && !meant.has(name));
  for (const name of missing) {
    report({ at: node.at, code: 'MAPPING_MISSING_KEY', message: `the key ${name} is missing here`, try: `${name}: …` });
  }
  return unknown.length + missing.length === 0;
}

export function entry(node: YamlMap, key: string): YamlEntry | undefined {
  return node.entries.find((one) => one.key === key);
}

/** An entry that checkKeys has found to be there. */
export function requiredEntry(node: YamlMap, key: string): YamlEntry {
  const found = entry(node, key);
  if (!found) throw new Error(`the key ${key} was not checked`);
  return found;
}

/** The entry of a key, or the one that was meant to be it: told once, as misspelt, and no more as missing. */
export function entryMeant(node: YamlMap, key: string, names: readonly string[]): YamlEntry | undefined {
  const misspelt = (written: string): boolean => !names.includes(written) && nearest(written, names) === key;
  return entry(node, key) ?? node.entries.find((one) => misspelt(one.key));
}

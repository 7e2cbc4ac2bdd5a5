/** The fragments that mappings share, and those of one mapping: read, found by name, and told of where none uses them. */
import type { Problem } from '../kit/problem.ts';
import type { YamlMap, YamlNode } from '../kit/yaml.ts';
import { checkKeys, entryMeant } from './structure/keys.ts';
import type { Fragment } from './structure/structure.ts';

export type Report = (problem: Problem) => void;

export interface SharedFragments {
  readonly names: () => readonly string[];
  /** Counts as used from then on. */
  readonly take: (name: string) => Fragment | undefined;
  readonly reportUnused: (report: Report) => void;
}

/** Of all files whose names begin with `_`. */
export function readSharedFragments(roots: readonly YamlMap[], report: Report): SharedFragments {
  const fragments = new Map<string, Fragment>();
  const used = new Set<string>();
  for (const root of roots) {
    checkKeys(root, { about: { required: false }, fragments: { required: true } }, report);
    for (const fragment of readFragments(entryMeant(root, 'fragments', ['about', 'fragments'])?.value, report)) {
      const { name, at } = fragment;
      if (fragments.has(name)) {
        const message = `there are two shared fragments named ${name}`;
        report({ at, code: 'MAPPING_DUPLICATE', message, try: 'rename one of them' });
      }
      fragments.set(name, fragment);
    }
  }
  return {
    names: () => [...fragments.keys()],
    take(name) {
      used.add(name);
      return fragments.get(name);
    },
    reportUnused(tell) {
      for (const { name, at } of fragments.values()) {
        if (used.has(name)) continue;
        const message = `no mapping uses the fragment ${name}`;
        tell({ at, code: 'MAPPING_UNUSED_FRAGMENT', message, try: `{ $use: ${name} }, or take it away` });
      }
    },
  };
}

export function readFragments(node: YamlNode | undefined, report: Report): Fragment[] {
  if (!node) return [];
  if (node.kind === 'map') return node.entries.map(({ key, keyAt, value }) => ({ name: key, at: keyAt, body: value }));
  const message = 'fragments holds names with their structure';
  report({ at: node.at, code: 'MAPPING_SHAPE', message, try: 'fragments: { clip: { url: … } }' });
  return [];
}

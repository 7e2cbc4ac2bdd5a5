/** Checks mappings when the bundle is built: nothing can be wrong with the same bytes in the same program, so a start need not look again. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formats } from '../formats/index.ts';
import { scopeSchema } from '../formats/scope-schema.ts';
import { compileLogic } from '../route/filter.ts';
import type { CheckedMapping } from '../translate/checked-mapping.ts';
import { loadMappings } from '../translate/load.ts';

/** The same for the same text, and only for that. */
export function fingerprintOf(text: string): string {
  return hash('sha256', text);
}

/**
 * Of the mapping files at `paths` those that are good whatever stands beside them, by their fingerprints. One that takes a fragment
 * or a table from another file is not among them.
 */
export function checkAhead(paths: readonly string[]): ReadonlyMap<string, CheckedMapping> {
  const checked = new Map<string, CheckedMapping>();
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    const { mappings } = loadMappings({
      ...{ files: [{ path, text }], readTable: () => undefined },
      ...{ formats, scopeSchema, compileLogic },
    });
    for (const { from, to, params } of mappings.values()) {
      checked.set(fingerprintOf(text), { from, to, params: [...params] });
    }
  }
  return checked;
}

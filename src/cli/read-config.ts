/** The parts of the configuration that a command reads, even where other parts need variables that only the relay's environment has. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigDraft } from '../config/draft.ts';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { mappingFiles } from '../plan/mapping-files.ts';
import { problemFailure } from './problem-failure.ts';

type Part = 'store' | 'mappingsDir';

/** The configuration as far as it is known here, some of it for sure. */
export type ConfigWith<Known extends Part> = ConfigDraft & { readonly [P in Known]: NonNullable<ConfigDraft[P]> };

const MISSING: readonly string[] = ['CONFIG_ENV_MISSING', 'CONFIG_FILE_MISSING'];

/** Fails where there is any other mistake than a missing value, or where `part` is what misses it. */
export function readConfig<Known extends Part>(path: string, part: Known): ConfigWith<Known> {
  const { draft, problems } = loadConfig({ path, env: process.env, formats });
  if (draft && problems.every(({ code }) => MISSING.includes(code)) && draft[part] !== null) {
    return draft as ConfigWith<Known>;
  }
  throw problemFailure(problems);
}

/** The configured folder of mappings, whatever else is wrong there; without a configuration the one beside it, else the shipped one. */
export function mappingsFolder(path: string): string {
  if (existsSync(path)) {
    const { draft, problems } = loadConfig({ path, env: process.env, formats });
    if (!draft?.mappingsDir) throw problemFailure(problems);
    return draft.mappingsDir;
  }
  const beside = resolve(path, '../../mappings');
  return mappingFiles(beside).length > 0 ? beside : new URL('../../mappings', import.meta.url).pathname;
}

/** The parts of the configuration that a command reads, even where other parts need variables that only the relay's environment has. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { mappingFiles } from '../plan/mapping-files.ts';
import { problemFailure } from './problem-failure.ts';

const MISSING: readonly string[] = ['CONFIG_ENV_MISSING', 'CONFIG_FILE_MISSING'];

/** The configuration as far as it is known here, `part` in whole; fails where there is any other mistake than a missing value. */
export function readConfig(path: string, part: 'store' | 'mappingsDir'): Config {
  const { config, draft, problems } = loadConfig({ path, env: process.env, formats });
  if (config) return config;
  if (draft && problems.every(({ code }) => MISSING.includes(code)) && isWhole(draft[part])) return draft;
  throw problemFailure(problems);
}

/** The configured folder of mappings, whatever else is wrong there; without a configuration the one beside it, else the shipped one. */
export function mappingsFolder(path: string): string {
  if (existsSync(path)) {
    const { draft, problems } = loadConfig({ path, env: process.env, formats });
    if (!draft) throw problemFailure(problems);
    return draft.mappingsDir;
  }
  const beside = resolve(path, '../../mappings');
  return mappingFiles(beside).length > 0 ? beside : new URL('../../mappings', import.meta.url).pathname;
}

/** Whether nothing in it is missing: what could not be filled in is undefined. */
function isWhole(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  return Object.values(value).every(isWhole);
}

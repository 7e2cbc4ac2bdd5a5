/** The parts of the configuration that a command reads, even where other parts need variables that only the relay's environment has. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigDraft } from '../config/draft.ts';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import type { Problem } from '../kit/problem.ts';
import type { JsonObject } from '../model/json.ts';
import { mappingFiles } from '../plan/mapping-files.ts';
import { problemFailure } from './problem-failure.ts';
import { counted } from './terminal.ts';

type Part = 'store' | 'mappingsDir';

/** The configuration as far as it is known here, some of it for sure. */
export type ConfigWith<Known extends Part> = ConfigDraft & { readonly [P in Known]: NonNullable<ConfigDraft[P]> };

const MISSING: readonly string[] = ['CONFIG_ENV_MISSING', 'CONFIG_FILE_MISSING'];

/** The configuration with its folder of mappings. Fails where there is any other mistake than a missing value, or where the folder is what misses it. */
export function readMappingsConfig(path: string): ConfigWith<'mappingsDir'> {
  const { draft, problems } = loadConfig({ path, env: process.env, formats });
  if (problems.every(isMissing) && isKnown(draft, 'mappingsDir')) return draft;
  throw problemFailure(problems);
}

/**
 * The configuration with a store, whatever else is wrong: a relay that runs goes on with the one before, and its store is looked at to find out
 * why. The other mistakes are counted for `complain`.
 */
export function readStoreConfig(path: string, complain: (text: string) => void): ConfigWith<'store'> {
  const { draft, problems } = loadConfig({ path, env: process.env, formats });
  if (!isKnown(draft, 'store') || problems.some(isMistypedStore)) throw problemFailure(problems);
  const mistakes = problems.filter((problem) => !isMissing(problem)).length;
  if (mistakes > 0) {
    const them = mistakes === 1 ? 'it' : 'them';
    complain(
      `The configuration has ${counted(mistakes, 'problem')}: dragoman check names ${them}. What is stored is shown all the same.`,
    );
  }
  return draft;
}

/** Another store than the one that is meant would be looked at. */
function isMistypedStore({ code, try: advice }: Problem): boolean {
  return code === 'CONFIG_UNKNOWN_KEY' && advice === 'store';
}

function isMissing({ code }: Problem): boolean {
  return MISSING.includes(code);
}

function isKnown<Known extends Part>(draft: ConfigDraft | undefined, part: Known): draft is ConfigWith<Known> {
  return draft !== undefined && draft[part] !== null;
}

/** The configured params that are known here: none without a configuration, and none that miss a value. */
export function configuredParams(path: string): JsonObject {
  const { draft } = loadConfig({ path, env: process.env, formats });
  return Object.fromEntries(Object.entries(draft?.params ?? {}).filter(([, value]) => value !== undefined));
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

/** Loads a configuration from text, with the files and variables that a test gives it. */
import { resolve } from 'node:path';
import { type LoadedConfig, type LoadOptions, loadConfig } from '../../src/config/load.ts';
import { formats } from '../../src/formats/index.ts';

export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  /** By absolute path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Where not the disk's. */
  readonly readFolder?: LoadOptions['readFolder'];
}

/** `relay.yaml` in `config/` of the working directory, so that problems begin with `config/relay.yaml`. */
export function loadText(text: string | Uint8Array, { env = {}, files = {}, readFolder }: Around = {}): LoadedConfig {
  const path = resolve('config/relay.yaml');
  return loadConfig({
    path,
    env,
    formats,
    ...(readFolder && { readFolder }),
    readFile: (name) => {
      const found = name === path ? text : files[name];
      if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return typeof found === 'string' ? Buffer.from(found) : found;
    },
  });
}

/** `line:column CODE | Try`, one a problem. */
export function shortProblems({ problems }: LoadedConfig): string[] {
  return problems.map((problem) => `${problem.at?.line}:${problem.at?.column} ${problem.code} | ${problem.try}`);
}

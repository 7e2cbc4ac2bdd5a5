// Makes one bundle of the command line, the relay and their libraries, so that a start does not wait for some 700 files.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stampOf } from '../bin/stamp.js';
import { atFirstUse, inFileOfItsOwn } from './at-first-use.js';

const ROOT = join(import.meta.dirname, '..');
const OUT = join(ROOT, 'dist/server');
const src = (path) => join(ROOT, 'src', path);

/** A start up to the first answer needs none of them, or not in each of its threads. */
const LATER = ['child_process', 'crypto', 'https', 'zlib', 'mime-types', 'qs'];

/** CommonJS: importing `node:http` as a module loads all that it could export, a web socket client and `fetch` among it. */
const output = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  comments: { legal: true, annotation: false, jsdoc: false },
};

/** Builds into `dist/server`. What changes meanwhile leaves it without a stamp: the sources go on being run. */
export async function buildBundle(vite) {
  const before = stampOf(ROOT);
  await vite.build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [atFirstUse(LATER), inFileOfItsOwn('undici'), eachVersionOnce(), tablesAsText(), checkedAhead()],
    ssr: { noExternal: true, external: ['pg-native'] },
    build: {
      ssr: true,
      outDir: OUT,
      emptyOutDir: true,
      target: 'node26',
      minify: false,
      rolldownOptions: {
        // the file of a thread stands beside what starts it, and a library that is loaded later beside what loads it
        input: {
          main: src('cli/main.ts'),
          worker: src('stores/sqlite/worker.ts'),
          'reader-thread': src('stores/sqlite/reader-thread.ts'),
          undici: createRequire(import.meta.url).resolve('undici'),
        },
        output,
        // a library names its deprecated functions by `eval`
        checks: { eval: false },
      },
    },
  });
  if (stampOf(ROOT) === before) writeFileSync(join(OUT, 'stamp'), before);
}

/** npm installs a library several times where not everybody wants the same version of it; each version is bundled once. */
function eachVersionOnce() {
  const folders = new Map();
  return {
    name: 'each-version-once',
    enforce: 'pre',
    async resolveId(id, importer, options) {
      const resolved = await this.resolve(id, importer, { ...options, skipSelf: true });
      const [, folder, rest] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)(\/.*)$/.exec(resolved?.id ?? '') ?? [];
      if (folder === undefined) return resolved;
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const key = `${name}@${version}`;
      if (!folders.has(key)) folders.set(key, folder);
      return { ...resolved, id: folders.get(key) + rest };
    },
  };
}

/** A large table is sooner read by `JSON.parse` than as a program. */
function tablesAsText() {
  return {
    name: 'tables-as-text',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.json')) return null;
      const text = JSON.stringify(JSON.parse(readFileSync(id, 'utf8')));
      return { code: `module.exports = JSON.parse(${JSON.stringify(text)});`, moduleType: 'js' };
    },
  };
}

/** The shipped mappings are checked now, by the sources that become the bundle: a start only sees to it that they are still the same. */
function checkedAhead() {
  return {
    name: 'checked-ahead',
    enforce: 'pre',
    async load(id) {
      if (id !== src('plan/checked-mappings.ts')) return null;
      const { checkAhead } = await import('../src/plan/check-ahead.ts');
      const { mappingFiles } = await import('../src/plan/mapping-files.ts');
      const checked = checkAhead(mappingFiles(join(ROOT, 'mappings')));
      return `export const checkedMappings = new Map(${JSON.stringify([...checked])});`;
    },
  };
}

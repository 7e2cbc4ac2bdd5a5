// Makes one bundle of the command line, the relay and their libraries, so that a start does not wait for some 700 files.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stampOf } from '../bin/stamp.js';

const ROOT = join(import.meta.dirname, '..');
const OUT = join(ROOT, 'dist/server');
const src = (path) => join(ROOT, 'src', path);

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
    json: { stringify: true },
    plugins: [loadedAtFirstUse('undici'), eachVersionOnce()],
    ssr: { noExternal: true, external: ['pg-native'] },
    build: {
      ssr: true,
      outDir: OUT,
      emptyOutDir: true,
      target: 'node26',
      minify: false,
      rolldownOptions: {
        // the file of a thread stands beside what starts it
        input: {
          main: src('cli/main.ts'),
          worker: src('stores/sqlite/worker.ts'),
          'reader-thread': src('stores/sqlite/reader-thread.ts'),
        },
        output,
        // a library names its deprecated functions by `eval`
        checks: { eval: false },
      },
    },
  });
  if (stampOf(ROOT) === before) writeFileSync(join(OUT, 'stamp'), before);
}

/** Puts off a CommonJS library that nothing needs before the first event has been answered. */
function loadedAtFirstUse(library) {
  const lazy = `\0at-first-use:${library}.cjs`;
  const names = Object.keys(createRequire(import.meta.url)(library));
  return {
    name: 'loaded-at-first-use',
    enforce: 'pre',
    resolveId: (id, importer) => (id === library && importer !== lazy ? lazy : null),
    load(id) {
      if (id !== lazy) return null;
      const getters = names.map((name) => `  get ${name}() { return require('${library}').${name}; },`);
      return `module.exports = {\n${getters.join('\n')}\n};\n`;
    },
  };
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

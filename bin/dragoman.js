#!/usr/bin/env -S node --max-semi-space-size=16 --min-semi-space-size=2 --heap-growing-percent=50
// Starts the command line: the bundle, or the files that it was made of where they have changed since or are to be named in stacks.
const { existsSync } = require('node:fs');
const { enableCompileCache, flushCompileCache } = require('node:module');
const { join } = require('node:path');

const major = Number(process.versions.node.split('.')[0]);
if (major < 26) {
  process.stderr.write(
    `dragoman needs Node 26 or newer, this is ${process.version}\n  Try: npx dragoman … in a clone after npm ci (it brings its own Node), or install Node 26\n`,
  );
  process.exit(2);
}
enableCompileCache(); // where its folder cannot be written, a start only takes longer
// by then all that a start needs has run: a relay that is killed later has left it for the next start
setTimeout(flushCompileCache, 5000).unref();

const root = join(__dirname, '..');
const bundle = join(root, 'dist/server');
const isClone = existsSync(join(root, 'src'));

function isBundled() {
  if (process.env.DRAGOMAN_DEBUG) return false;
  return isClone ? require('./stamp.js').isFresh(root, bundle) : existsSync(join(bundle, 'main.cjs'));
}

async function load() {
  if (isBundled()) return require('../dist/server/main.cjs');
  return isClone ? import('../src/cli/main.ts') : import('../dist/cli/main.js');
}

load().then(({ main }) => main(process.argv));

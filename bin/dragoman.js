#!/usr/bin/env -S node --max-semi-space-size=8
// Starts the command line: from the sources in a clone, from the built files where the package is installed.
import { existsSync } from 'node:fs';
import * as module from 'node:module';

const major = Number(process.versions.node.split('.')[0]);
if (major < 26) {
  process.stderr.write(
    `dragoman needs Node 26 or newer, this is ${process.version}\n  Try: npx dragoman … in a clone after npm ci (it brings its own Node), or install Node 26\n`,
  );
  process.exit(2);
}
module.enableCompileCache(); // where its folder cannot be written, a start only takes longer
const source = new URL('../src/cli/main.ts', import.meta.url);
const entry = existsSync(source) ? source : new URL('../dist/cli/main.js', import.meta.url);
const { main } = await import(entry.href);
await main(process.argv);

/** Before the tests that start commands: a bundle of the sources as they stand, from which a process starts in a third of the time. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const { isFresh } = createRequire(import.meta.url)(join(ROOT, 'bin/stamp.js')) as {
  isFresh(root: string, folder: string): boolean;
};

export async function setup(): Promise<void> {
  if (isFresh(ROOT, join(ROOT, 'dist/server'))) return;
  const { buildBundle } = (await import(join(ROOT, 'build/bundle.js'))) as { buildBundle(vite: object): Promise<void> };
  await buildBundle(await import('vite'));
}

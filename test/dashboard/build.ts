/** The built dashboard, built anew where its sources have changed since. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'src/admin/dashboard');
const BUILT = join(ROOT, 'dist/dashboard/index.html');

export function ensureBuilt(): void {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  if (files.every((file) => statSync(join(SOURCES, file)).mtimeMs <= builtAt)) return;
  execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(SOURCES, 'vite.config.ts')],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
}

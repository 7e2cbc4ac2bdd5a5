import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../src/plan/check-ahead.ts';
import { mappingFiles } from '../src/plan/mapping-files.ts';
import { startConsumer } from './flow/consumer.ts';
import { createHome, startRelay } from './flow/relay-process.ts';
import { post } from './flow/sender.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DASHBOARD = join(ROOT, 'src/admin/dashboard');
const PACKED = ['bin', 'config', 'mappings', 'package.json', 'README.md', 'CHANGELOG.md'];
const BUNDLED = '(from the bundle)';

const { stampOf } = createRequire(import.meta.url)(join(ROOT, 'bin/stamp.js')) as { stampOf(root: string): string };

/** A clone of its own with a bundle that says so when it runs. */
let clone: string;
const inClone = (path: string): string => join(clone, path);

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'dragoman-clone-'));
  for (const part of [...PACKED, 'build', 'src'])
    cpSync(join(ROOT, part), inClone(part), { recursive: true, filter: (path) => path !== DASHBOARD });
  mkdirSync(inClone('node_modules'));
  for (const library of readdirSync(join(ROOT, 'node_modules')))
    if (library !== '.package-lock.json')
      symlinkSync(join(ROOT, 'node_modules', library), inClone(`node_modules/${library}`));
  writeFileSync(inClone('node_modules/.package-lock.json'), '{}');
  const build = "await (await import('./build/bundle.js')).buildBundle(await import('vite'))";
  execFileSync(process.execPath, ['--input-type=module', '--eval', build], { cwd: clone });
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function dragoman(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inClone('bin/dragoman.js'), ...args], {
    cwd: clone,
    env: { ...process.env, DRAGOMAN_DEBUG: '', ...env },
    encoding: 'utf8',
  });
  const said = stderr.replace(BUNDLED, '');
  return { status, out: stdout, said, isBundled: said !== stderr };
}

describe('a bundle in a clone', () => {
  it('has a stamp of what it was made of', () => {
    expect(readFileSync(inClone('dist/server/stamp'), 'utf8')).toBe(stampOf(clone));
  });

  it('receives, translates, delivers and shows as the sources do', async () => {
    await using consumer = await startConsumer();
    using home = createHome(`
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets:
  legacy: { format: remotemonster, url: "${consumer.url}/hook" }
  look: { format: bsr, url: "inspector:look" }
rules: [{ name: everything, from: bsr, to: [legacy, look] }]
`);
    await using relay = await startRelay(home, { DRAGOMAN_DEBUG: '' }, { program: inClone('bin/dragoman.js') });
    const events = readFileSync(join(ROOT, 'test/fixtures/bsr/documented.jsonl'), 'utf8').split('\n');
    const started = events.find((line) => line.includes('"live.started"')) as string;
    const { status } = await post(`${relay.serverUrl}/in/bsr`, started);
    expect(status).toBe(202);
    expect((await consumer.count(1))[0]?.url).toMatch(/^\/hook\?action=create/);
    await relay.line(({ happening, target }) => happening === 'delivery.delivered' && target === 'look');
    const ended = events.find((line) => line.includes('"live.ended"')) as string;
    const compressed = await fetch(`${relay.serverUrl}/in/bsr`, {
      ...{ method: 'POST', body: gzipSync(ended) },
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(compressed.status).toBe(202);
    const stored = await fetch(`${relay.adminUrl}/api/events`);
    expect(await stored.json()).toMatchObject({ items: [{ type: 'live.ended' }, { type: 'live.started' }] });
    relay.kill();
    expect(await relay.exited).toBe(0);
  });

  describe('while nothing has changed', () => {
    beforeAll(() =>
      appendFileSync(inClone('dist/server/main.cjs'), `\nprocess.stderr.write(${JSON.stringify(BUNDLED)});\n`),
    );

    it('is what runs', () => {
      expect(dragoman(['--version'])).toMatchObject({ status: 0, isBundled: true });
    });

    it('says what the sources say', () => {
      for (const args of [['--help'], ['serve', '--help'], ['formats', 'bsr'], ['explain', '--help'], ['check']]) {
        const bundled = dragoman(args);
        const sources = dragoman(args, { DRAGOMAN_DEBUG: '1' });
        expect([bundled.isBundled, sources.isBundled]).toEqual([true, false]);
        expect([bundled.status, bundled.out]).toEqual([sources.status, sources.out]);
      }
    });

    it('knows that the mappings it was built with are good', () => {
      const program = readdirSync(inClone('dist/server')).map((name) =>
        readFileSync(inClone(`dist/server/${name}`), 'utf8'),
      );
      for (const path of mappingFiles(inClone('mappings'))) {
        const fingerprint = fingerprintOf(readFileSync(path, 'utf8'));
        expect(program.some((text) => text.includes(fingerprint))).toBe(true);
      }
    });

    it('says of a mapping that has changed since what the sources say', () => {
      const path = inClone('mappings/streamrec-to-sigma.yaml');
      const before = readFileSync(path, 'utf8');
      writeFileSync(path, before.replace('${data.', '${dta.'));
      const bundled = dragoman(['check']);
      const sources = dragoman(['check'], { DRAGOMAN_DEBUG: '1' });
      writeFileSync(path, before);
      expect([bundled.status, bundled.isBundled, sources.isBundled]).toEqual([1, true, false]);
      expect(bundled.said).toMatch(/^mappings\/streamrec-to-sigma.yaml:\d+:\d+ .*\[MAPPING_UNKNOWN_PATH\]$/m);
      expect(bundled.said).toBe(sources.said);
    });

    const sameTime = (path: string, change: () => void): void => {
      const longAgo = new Date('2026-01-01');
      utimesSync(path, longAgo, longAgo);
      writeFileSync(inClone('dist/server/stamp'), stampOf(clone));
      change();
      utimesSync(path, longAgo, longAgo);
    };
    const changes: Readonly<Record<string, () => void>> = {
      'a source is longer': () => appendFileSync(inClone('src/cli/main.ts'), '\n'),
      'a source has other text of the same length and with the same time': () => {
        const path = inClone('src/kit/duration.ts');
        sameTime(path, () => writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\*\*/, '/*!')));
      },
      'there is a source more': () => writeFileSync(inClone('src/kit/more.ts'), '/** More. */\n'),
      'a source is gone': () => rmSync(inClone('src/kit/more.ts')),
      'npm has installed something': () => writeFileSync(inClone('node_modules/.package-lock.json'), '{ }'),
      'it would be built otherwise': () => appendFileSync(inClone('build/bundle.js'), '\n'),
      'it is half built': () => rmSync(inClone('dist/server/stamp')),
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`leaves the sources to run once ${what}`, () => {
        writeFileSync(inClone('dist/server/stamp'), stampOf(clone));
        expect(dragoman(['--version']).isBundled).toBe(true);
        change();
        expect(dragoman(['--version'])).toMatchObject({ status: 0, isBundled: false });
      });
    }
  });

  it('runs with the same heap however it is started', () => {
    const flagsOf = (path: string, line: RegExp) =>
      line.exec(readFileSync(join(ROOT, path), 'utf8'))?.[0].match(/--[\w-]+=\d+/g);
    const first = flagsOf('bin/dragoman.js', /^#!.*/);
    expect(first).toHaveLength(3);
    expect(flagsOf('package.json', /"start": .*/)).toEqual(first);
    expect(flagsOf('deploy/Dockerfile', /^CMD .*/m)).toEqual(first);
  });

  it('is packed, and is what runs where the package is installed', () => {
    const [pack] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts'], {
        cwd: clone,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as { filename: string }[];
    const installed = inClone('installed');
    mkdirSync(installed);
    execFileSync('tar', ['xf', inClone(basename(pack?.filename ?? '')), '-C', installed]);
    const run = spawnSync(process.execPath, [join(installed, 'package/bin/dragoman.js'), 'check'], {
      cwd: join(installed, 'package'),
      env: { ...process.env, DRAGOMAN_DEBUG: '' },
      encoding: 'utf8',
    });
    expect(run.stderr).toContain(BUNDLED);
    expect(run.status).toBe(dragoman(['check']).status);
  });
});

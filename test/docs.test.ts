import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { configReference } from '../src/config/reference.ts';
import { formats } from '../src/formats/index.ts';
import { formatReference } from '../src/formats/reference.ts';
import { filterReference } from '../src/route/reference.ts';
import { operatorReference } from '../src/translate/reference.ts';

const ROOT = resolve(import.meta.dirname, '..');
const NOTE = '<!-- Generated from the definitions by `npm run docs`. -->\n\n';

const PAGES: readonly [path: string, text: () => string][] = [
  ['docs/reference/configuration.md', () => `# Configuration\n\n${NOTE}${configReference(formats)}`],
  ['docs/reference/operators.md', () => `# Operators of mappings\n\n${NOTE}${operatorReference()}`],
  ['docs/reference/filters.md', () => `# Operators of filters\n\n${NOTE}${filterReference()}`],
  ['docs/reference/formats.md', () => `# Formats\n\n${NOTE}${formatReference(formats.values())}`],
];

describe('the reference', () => {
  it.each(PAGES)('%s says what the definitions say', (path, text) => {
    const file = resolve(ROOT, path);
    const wanted = `${text().trimEnd()}\n`;
    if (process.env.UPDATE_DOCS) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, wanted);
    }
    expect(readFileSync(file, 'utf8')).toBe(wanted);
  });

  it('shows alarms that a relay takes', () => {
    const guide = readFileSync(resolve(ROOT, 'docs/guide/watching.md'), 'utf8');
    const yaml = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    const { config, problems } = loadConfig({
      path: 'relay.yaml',
      env: {},
      formats,
      readFile: () => Buffer.from(yaml),
    });
    expect(problems).toEqual([]);
    expect(config?.alarms.map(({ kind }) => kind)).toEqual(['silent', 'unfinished', 'dead-letters', 'breaker-open']);
  });

  it('starts the relay under systemd as npm start does', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
    const unit = readFileSync(resolve(ROOT, 'deploy/dragoman.service'), 'utf8');
    expect(unit).toMatch(/^ExecStart=\/opt\/dragoman\/node_modules\/node\/bin\/node --/m);
    const { start } = scripts as { readonly start: string };
    expect(unit).toContain(`/bin/${start.replace(/^exec /, '')} --config /var/lib/dragoman/config/relay.yaml\n`);
  });

  it('has no link that leads nowhere', () => {
    const guides = ['mappings', 'subscribers', 'watching'].map((name) => `docs/guide/${name}.md`);
    const pages = [
      'README.md',
      'ARCHITECTURE.md',
      'docs/operations/one-machine.md',
      'docs/operations/postgres.md',
      ...guides,
      ...PAGES.map(([path]) => path),
    ];
    for (const page of pages) {
      const text = readFileSync(resolve(ROOT, page), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string);
      const broken = links.filter((link) => !existsSync(resolve(ROOT, dirname(page), link)));
      expect({ page, broken }).toEqual({ page, broken: [] });
    }
  });
});

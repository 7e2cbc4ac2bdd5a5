import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
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

  it('has no link that leads nowhere', () => {
    for (const page of ['README.md', 'ARCHITECTURE.md', ...PAGES.map(([path]) => path)]) {
      const text = readFileSync(resolve(ROOT, page), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string);
      const broken = links.filter((link) => !existsSync(resolve(ROOT, dirname(page), link)));
      expect({ page, broken }).toEqual({ page, broken: [] });
    }
  });
});

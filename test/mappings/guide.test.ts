import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../../src/kit/problem.ts';
import { compileMappings, makePlan } from '../../src/plan/make-plan.ts';
import { runTestsOf } from './run-tests-of.ts';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../docs/guide/mappings.md'), 'utf8');
/** Each YAML block says in its info string what it is: `yaml mapping`, `yaml mapping-with-table`, `yaml test`, `yaml config`, `yaml entry`, `yaml fields`, and the same for a table and from JSON. */
const blocks = [...GUIDE.matchAll(/^```yaml *(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = ''], index) => ({
  kind,
  text,
  title: `block ${index + 1} (${kind})`,
}));

function only(kind: string): string {
  const [found, ...more] = blocks.filter((block) => block.kind === kind);
  if (!found || more.length > 0) throw new Error(`the guide needs exactly one yaml ${kind}`);
  return found.text;
}

/** A mapping of its own around an entry under `translate`, or around the fields of a body. */
function wrapped(kind: string, text: string): string {
  const indent = (by: string) => text.replace(/^(?=.)/gm, by);
  const entry = kind === 'entry' ? indent('  ') : `  clip.generated:\n    method: POST\n    body:\n${indent('      ')}`;
  const [type] = /^\s{2}\S+(?=:)/m.exec(entry) ?? [];
  const drops = EVENTS.filter((name) => name !== type?.trim()).map((name) => `  ${name}: { drop: not of interest }\n`);
  return `from: bsr\nto: json\ntranslate:\n${entry}${drops.join('')}`;
}

const EVENTS = [
  'recorder.added',
  'recorder.removed',
  'live.started',
  'live.ended',
  'record.started',
  'record.ended',
  'archive.deleted',
  'clip.generated',
  'clip.deleted',
];

const folder = mkdtempSync(join(tmpdir(), 'dragoman-guide-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the guide to mappings', () => {
  it('has a mapping, its tests and its configuration', () => {
    expect(new Set(blocks.map(({ kind }) => kind))).toEqual(
      new Set([
        ...[
          'mapping',
          'mapping-with-table',
          'mapping-from-json',
          'test',
          'test-from-json',
          'config',
          'config-from-json',
        ],
        ...['fields', 'fields-of-a-table', 'entry'],
      ]),
    );
  });

  it.each(
    blocks.filter(
      ({ kind }) => !['test', 'test-from-json', 'config', 'config-from-json', 'fields-of-a-table'].includes(kind),
    ),
  )('shows YAML that loads: $title', ({ kind, text }) => {
    const { problems } = compileMappings([
      { path: 'guide.yaml', text: kind.startsWith('mapping') ? text : wrapped(kind, text) },
    ]);
    expect(problems.map(formatProblem)).toEqual([]);
  });

  it('shows tests that pass', () => {
    const { mappings } = compileMappings([{ path: 'bsr-to-archive.yaml', text: only('mapping') }]);
    const mapping = mappings.get('bsr-to-archive');
    expect(mapping && runTestsOf(mapping, { path: 'bsr-to-archive.test.yaml', text: only('test') })).toMatchObject({
      problems: [],
      failures: [],
      passed: 2,
    });
  });

  it('shows a test of a mapping from JSON that passes', () => {
    const { mappings } = compileMappings([{ path: 'shop-to-warehouse.yaml', text: only('mapping-from-json') }]);
    const mapping = mappings.get('shop-to-warehouse');
    const file = { path: 'shop-to-warehouse.test.yaml', text: only('test-from-json') };
    expect(mapping && runTestsOf(mapping, file)).toMatchObject({ problems: [], failures: [], passed: 1 });
  });

  it('shows a table in a CSV file that can be read by its columns', () => {
    const csv = /```csv\n([\s\S]*?)```/.exec(GUIDE)?.[1] ?? '';
    const text = `tables: { rooms: { file: rooms.csv } }\n${wrapped('fields', only('fields-of-a-table'))}`;
    writeFileSync(join(folder, 'rooms.csv'), csv);
    const { problems } = compileMappings([{ path: join(folder, 'guide.yaml'), text }]);
    expect(problems.map(formatProblem)).toEqual([]);
  });

  it('shows a configuration that runs with the mapping', () => {
    for (const name of ['config', 'mappings']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'config/relay.yaml'), only('config'));
    writeFileSync(join(folder, 'mappings/bsr-to-archive.yaml'), only('mapping'));
    const env = { BSR_SECRET: 'a-secret-of-the-sender', ARCHIVE_KEY: 'k-123' };
    const { plan, problems } = makePlan({ configPath: join(folder, 'config/relay.yaml'), env });
    expect(problems.map(formatProblem)).toEqual([]);
    expect(plan?.mappings.has('bsr-to-archive')).toBe(true);
  });

  it('shows a configuration that runs with the mapping from JSON', () => {
    const home = join(folder, 'from-json');
    for (const name of ['config', 'mappings']) mkdirSync(join(home, name), { recursive: true });
    writeFileSync(join(home, 'config/relay.yaml'), only('config-from-json'));
    writeFileSync(join(home, 'mappings/shop-to-warehouse.yaml'), only('mapping-from-json'));
    const env = { SHOP_SECRET: 'a-secret-of-the-sender' };
    const { problems } = makePlan({ configPath: join(home, 'config/relay.yaml'), env });
    expect(problems.map(formatProblem)).toEqual([]);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import { checkAhead, fingerprintOf } from '../../src/plan/check-ahead.ts';
import { loadMappingsFrom } from '../../src/plan/make-plan.ts';
import { mappingFiles } from '../../src/plan/mapping-files.ts';
import { compileLogic } from '../../src/route/filter.ts';
import { loadMappings } from '../../src/translate/load.ts';

const FOLDER = resolve(import.meta.dirname, '../../mappings');
const SHIPPED = mappingFiles(FOLDER);
const shipped = SHIPPED.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const ahead = checkAhead(SHIPPED);

const folder = mkdtempSync(join(tmpdir(), 'dragoman-ahead-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As the bundle loads them. */
function load(files: readonly { readonly path: string; readonly text: string }[]) {
  const wasChecked = (text: string) => ahead.get(fingerprintOf(text));
  return loadMappings({ files, wasChecked, readTable: () => undefined, formats, scopeSchema, compileLogic });
}

describe('checking ahead', () => {
  it('finds every shipped mapping good by itself', () => {
    expect(shipped.filter(({ text }) => !ahead.has(fingerprintOf(text)))).toEqual([]);
  });

  const toJson = (body: string, top = '') => `from: json\nto: json\n${top}translate:\n  "*": { body: ${body} }\n`;
  const written: Readonly<Record<string, { readonly text: string; readonly isGood: boolean }>> = {
    'a good mapping': { text: toJson('{ id: "${event.id}" }'), isGood: true },
    'one with a mistake': { text: toJson('{ id: "${event.idd}" }'), isGood: false },
    'one that is no YAML': { text: '{', isGood: false },
    'one that takes a fragment of another file': { text: toJson('{ $use: shared }'), isGood: false },
    'one with a table of another file': {
      text: toJson('{ $table: rooms, key: "${event.id}", default: x }', 'tables: { rooms: { file: rooms.csv } }\n'),
      isGood: false,
    },
    'fragments for others': { text: 'fragments: { shared: { id: x } }\n', isGood: false },
  };
  for (const [what, { text, isGood }] of Object.entries(written)) {
    it(`${isGood ? 'takes' : 'leaves out'} ${what}`, () => {
      const path = join(folder, 'one.yaml');
      writeFileSync(path, text);
      expect([...checkAhead([path])]).toEqual(
        isGood ? [[fingerprintOf(text), { from: 'json', to: 'json', params: [] }]] : [],
      );
    });
  }
});

describe('a mapping that was checked ahead', () => {
  it('is the mapping that a check would make, in the same order', () => {
    const { mappings, problems } = load(shipped);
    const checkedNow = loadMappingsFrom(FOLDER).mappings;
    expect(problems).toEqual([]);
    const seen = ({
      name,
      from,
      to,
      about,
      params,
      entries,
    }: typeof mappings extends ReadonlyMap<string, infer M> ? M : never) => {
      const types = [...entries].map(([type, { emits, drops }]) => [type, emits, drops]);
      return { name, from, to, about, params: [...params], types };
    };
    expect([...mappings.values()].map(seen)).toEqual([...checkedNow.values()].map(seen));
  });

  it('is not read before it is used', () => {
    const base = { about: 'where files are', required: true, schema: { type: 'string' } } as const;
    const wasChecked = () => ({ from: 'bsr', to: 'sigma', params: [['base', base] as const] });
    const { mappings, problems } = loadMappings({
      files: [{ path: 'mappings/trusted.yaml', text: 'no mapping' }],
      ...{ wasChecked, readTable: () => undefined, formats, scopeSchema, compileLogic },
    });
    const trusted = mappings.get('trusted');
    expect(problems).toEqual([]);
    expect(trusted).toMatchObject({ name: 'trusted', file: 'mappings/trusted.yaml', from: 'bsr', to: 'sigma' });
    expect([...(trusted?.params ?? [])]).toEqual([['base', base]]);
    expect(() => trusted?.entries).toThrow('the mapping trusted was said to be checked, and has mistakes');
  });

  it('is checked again once it is another', () => {
    const text = (shipped.at(-1)?.text ?? '').replace('${data.', '${dta.');
    expect(load([{ path: 'mappings/changed.yaml', text }]).problems).toMatchObject([
      { at: { file: 'mappings/changed.yaml' }, code: 'MAPPING_UNKNOWN_PATH' },
    ]);
  });

  it('may not have the name of another one', () => {
    const [first] = shipped;
    const files = ['a/same.yaml', 'b/same.yml'].map((path) => ({ path, text: first?.text ?? '' }));
    expect(load(files).problems).toMatchObject([{ at: { file: 'b/same.yml' }, code: 'MAPPING_DUPLICATE' }]);
  });
});

/** Files in the folder of mappings: which of them are mappings, which are beside one, and what is said of those that are broken. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../src/kit/problem.ts';
import { loadMappingsFrom, makePlan } from '../../src/plan/make-plan.ts';
import { runDragoman } from '../cli/run-dragoman.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';

const YAML = `
sources: { bsr: { format: bsr } }
targets: { rooms: { format: json, url: "http://127.0.0.1:9" } }
rules: [ { name: r, from: bsr, on: live.started, translate: m, to: rooms } ]
`;
const WITHOUT_A_NAME = YAML.replace('translate: m, ', '');

const TABLE = '{ $table: rooms, key: "${data.room_id}", default: none }';

function mapping({ name = TABLE, top = '' }: { readonly name?: string; readonly top?: string }): string {
  const others = ['live.ended', 'record.started', 'record.ended', 'archive.deleted', 'clip.generated', 'clip.deleted'];
  const drops = [...others, 'recorder.added', 'recorder.removed'].map((type) => `  ${type}: { drop: nothing }\n`);
  return `from: bsr\nto: json\n${top}translate:\n  live.started: { body: { name: ${name} } }\n${drops.join('')}`;
}

const reading = (file: string): string => `tables: { rooms: { file: ${file} } }\n`;

function homeWith(files: Readonly<Record<string, string | Uint8Array>>, yaml = YAML): RelayHome {
  const home = createHome(yaml);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home.folder, 'mappings', name), text);
  return home;
}

/** As a user sees them, with the folder cut off. */
function problemsOf(home: RelayHome): string[] {
  const { problems } = makePlan({ configPath: home.config, env: {} });
  return problems.map((problem) => formatProblem(problem).replaceAll(/^\S*(?=(?:mappings|config)\/)/gm, ''));
}

describe('a table in a YAML file beside its mapping', () => {
  const rows = '"26966466": lobby\n"27183290": stage\n';

  it.each(['rooms.yaml', 'rooms.yml', './rooms.yaml', '_rooms.yaml'])('is no mapping of its own: %s', (file) => {
    using home = homeWith({ 'm.yaml': mapping({ top: reading(file) }), [file]: rows });
    expect(problemsOf(home)).toEqual([]);
    const { mappings } = loadMappingsFrom(join(home.folder, 'mappings'));
    expect(mappings.has('m')).toBe(true);
    expect(mappings.has('rooms')).toBe(false);
  });

  it('is named where it stands when it is broken, once', () => {
    using home = homeWith({ 'm.yaml': mapping({ top: reading('rooms.yaml') }), 'rooms.yaml': 'a: 1\na: 2\n' });
    expect(problemsOf(home)).toEqual([
      'mappings/rooms.yaml:2:1  the key "a" is there twice, the first on line 1  [YAML_DUPLICATE_KEY]\n  Try: one of the two',
    ]);
  });

  it('is still no mapping where its mapping has a mistake elsewhere', () => {
    const text = mapping({ top: reading('rooms.yaml') }).replace('data.room_id', 'data.room_idd');
    using home = homeWith({ 'm.yaml': text, 'rooms.yaml': rows });
    expect(problemsOf(home)).toEqual([expect.stringMatching(/^mappings\/m\.yaml:5:.*MAPPING_UNKNOWN_PATH/)]);
  });

  it('is still no mapping where its mapping is no YAML', () => {
    using home = homeWith({ 'm.yaml': `${mapping({ top: reading('rooms.yaml') })}  a: "\n`, 'rooms.yaml': rows });
    expect(problemsOf(home)).toEqual([expect.stringMatching(/^mappings\/m\.yaml:.*YAML_SYNTAX/)]);
  });

  it('is told of once where no mapping names it', () => {
    using home = homeWith({ 'm.yaml': mapping({ name: 'x' }), 'rooms.yaml': rows });
    expect(problemsOf(home)).toEqual([
      'mappings/rooms.yaml:1:1  this is neither a mapping, which holds from:, to: and translate:, nor a table that a mapping names' +
        '  [MAPPING_SHAPE]\n  Try: tables: { rooms: { file: rooms.yaml } } in the mapping that reads it',
    ]);
  });

  it('leaves a mapping a mapping that another one names as its table', () => {
    using home = homeWith({
      'm.yaml': mapping({ name: '{ $table: rooms, key: "${data.room_id}", column: from }', top: reading('n.yaml') }),
      'n.yaml': mapping({ name: 'x' }),
    });
    expect(loadMappingsFrom(join(home.folder, 'mappings')).mappings.has('n')).toBe(true);
  });
});

describe('a rule that needs a broken mapping', () => {
  const broken: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'by a fragment that is shared': {
      'm.yaml': mapping({ name: '{ $use: shared }' }),
      '_shared.yaml': 'fragments: { shared: "${data.room_idd}" }\n',
    },
    'by its table': { 'm.yaml': mapping({ top: reading('rooms.csv') }), 'rooms.csv': 'room,name\n1,a\n2\n' },
    'by itself': { 'm.yaml': mapping({ name: '"${data.room_idd}"' }) },
    'by a fragment that is no YAML': { 'm.yaml': mapping({ name: '{ $use: shared }' }), '_shared.yaml': '{' },
    'that is no YAML': { 'm.yaml': 'from: bsr\n to: json\n' },
  };
  it.each(Object.entries(broken))('is not told that there is none: %s', (_, files) => {
    using home = homeWith(files);
    expect(problemsOf(home)).toEqual([expect.not.stringContaining('which is no mapping')]);
  });

  it.each(Object.entries(broken))('of its pair of formats is not told to write it: %s', (_, files) => {
    using home = homeWith(files, WITHOUT_A_NAME);
    expect(problemsOf(home)).toEqual([expect.not.stringContaining('needs a mapping')]);
  });

  it('is told of a mapping that is not there, whatever else is broken', () => {
    using home = homeWith({ 'n.yaml': mapping({ name: '"${data.room_idd}"' }) });
    expect(problemsOf(home).join('\n')).toContain('translates with "m", which is no mapping');
  });

  it.each(['m.yaml', 'mappings/m.yml', 'mm'])('is told the name that it meant by %s', (name) => {
    using home = homeWith({ 'm.yaml': mapping({ name: 'x' }) }, YAML.replace('translate: m,', `translate: ${name},`));
    expect(problemsOf(home)).toEqual([
      expect.stringMatching(/which is no mapping {2}\[RULE_UNKNOWN_MAPPING\]\n {2}Try: m$/),
    ]);
  });

  it('is told to write the mapping where no name is near', () => {
    using home = homeWith({}, YAML.replace('translate: m,', 'translate: something-else,'));
    expect(problemsOf(home)).toEqual([expect.stringContaining('Try: write mappings/something-else.yaml')]);
  });

  it('is told every mapping that it may name, where several fit and none has the name of the pair', () => {
    using home = homeWith({ 'n.yaml': mapping({ name: 'x' }), 'm.yaml': mapping({ name: 'y' }) }, WITHOUT_A_NAME);
    expect(problemsOf(home)).toEqual([
      expect.stringMatching(/and there are several {2}\[RULE_NO_MAPPING\]\n {2}Try: translate: m, or n$/),
    ]);
  });

  it('is told that a table is no mapping', () => {
    const yaml = YAML.replace('translate: m', 'translate: rooms');
    using home = homeWith({ 'm.yaml': mapping({ top: reading('rooms.yaml') }), 'rooms.yaml': 'a: b\n' }, yaml);
    expect(problemsOf(home)).toEqual([expect.stringContaining('translates with "rooms", which is no mapping')]);
  });
});

describe('a table in a CSV file', () => {
  it('is named by its path beside the mapping, with the line of the row', () => {
    const csv = 'room,name\n"1\n2",a\n\n3\n';
    using home = homeWith({ 'm.yaml': mapping({ top: reading('rooms.csv') }), 'rooms.csv': csv });
    expect(problemsOf(home)).toEqual([
      'mappings/rooms.csv:5:1  this row has 1 cells and the header 2  [MAPPING_TABLE_ROW]\n  Try: a comma for each empty cell',
    ]);
  });
});

describe('a file that is not UTF-8', () => {
  const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  const files: readonly [what: string, place: string, files: Readonly<Record<string, string | Uint8Array>>][] = [
    [
      'a mapping',
      'm.yaml:5:36',
      { 'm.yaml': latin1(mapping({ name: 'café', top: reading('rooms.yaml') })), 'rooms.yaml': 'a: b\n' },
    ],
    [
      'a shared fragment',
      '_shared.yaml:1:21',
      { 'm.yaml': mapping({ name: '{ $use: s }' }), '_shared.yaml': latin1('fragments: { s: "café" }\n') },
    ],
    [
      'a CSV table',
      'rooms.csv:2:6',
      { 'm.yaml': mapping({ top: reading('rooms.csv') }), 'rooms.csv': latin1('room,name\n1,café\n') },
    ],
    [
      'a YAML table',
      'rooms.yaml:2:7',
      { 'm.yaml': mapping({ top: reading('rooms.yaml') }), 'rooms.yaml': latin1('a: b\nc: café\n') },
    ],
  ];
  it.each(files)('is refused, with the place: %s', (_, place, written) => {
    using home = homeWith(written);
    expect(problemsOf(home)).toEqual([
      `mappings/${place}  from here on this file is not UTF-8 text  [MAPPING_NOT_UTF8]\n  Try: saving it as UTF-8`,
    ]);
  });

  it('is refused where it holds the tests of a mapping', async () => {
    const test = '- { name: caf\u00e9, event: { sample: live.started }, expect_drop: true }\n';
    using home = homeWith({ 'm.yaml': mapping({ name: 'x' }), 'm.test.yaml': latin1(test) });
    const { code, out } = await runDragoman(['test', 'm', '--config', home.config]);
    expect(code).toBe(1);
    expect(out).toMatch(/m\.test\.yaml:1:14 {2}from here on this file is not UTF-8 text {2}\[MAPPING_NOT_UTF8\]/);
  });

  it('is refused where a mapping is tried by itself', async () => {
    using home = homeWith({ 'm.yaml': latin1(mapping({ name: 'caf\u00e9' })) });
    const path = join(home.folder, 'mappings/m.yaml');
    const finished = await runDragoman(['translate', '--from', 'bsr', '--to', 'json', '--mapping', path], {
      stdin: '{}',
    });
    expect(finished).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/m\.yaml is not UTF-8 text/) });
  });
});

describe('a table whose file is not there', () => {
  it.each([
    ['room.csv', 'rooms.csv'],
    ['rooms.yaml', 'rooms.csv'],
    ['Rooms.csv', 'rooms.csv'],
    ['mappings/rooms.csv', 'rooms.csv'],
    ['../rooms.csv', 'rooms.csv'],
    ['tables/citys.csv', 'tables/cities.csv'],
    ['tables/m.yaml', 'a path relative to this mapping'],
    ['other.csv', 'a path relative to this mapping'],
  ])('as %s is told with %s', (written, meant) => {
    using home = homeWith({ 'm.yaml': mapping({ top: reading(written) }), 'rooms.csv': 'room,name\n1,one\n' });
    mkdirSync(join(home.folder, 'mappings/tables'));
    writeFileSync(join(home.folder, 'mappings/tables/cities.csv'), 'room,city\n1,one\n');
    expect(problemsOf(home)).toEqual([
      `mappings/m.yaml:3:26  the file ${written} does not exist, as seen from this mapping  [MAPPING_TABLE_FILE]\n  Try: ${meant}`,
    ]);
  });

  it('and one that is there and cannot be read are told apart', () => {
    using home = homeWith({ 'm.yaml': mapping({ top: reading('rooms.csv') }) });
    mkdirSync(join(home.folder, 'mappings/rooms.csv'));
    expect(problemsOf(home)).toEqual([
      'mappings/m.yaml:3:26  the file rooms.csv cannot be read  [MAPPING_TABLE_FILE]\n  Try: a file that can be read',
    ]);
  });
});

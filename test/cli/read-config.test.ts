import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMappingsConfig, readStoreConfig } from '../../src/cli/read-config.ts';
import { createHome } from '../flow/relay-process.ts';
import { runDragoman } from './run-dragoman.ts';

const LACKING = `
params: { key: "\${env:NOT_HERE}", deep: { list: ["\${env:NOT_HERE}"] }, base: https://m.example.com, none: null }
sources: { bsr: { format: bsr, secret: "\${env:NOT_HERE}" }, s: { format: sigma, secret: "\${file:/not/here}" } }
targets: { vod: { format: bsr, url: "http://\${env:NOT_HERE}/", headers: { authorization: "Bearer \${env:NOT_HERE}" } } }
rules: [ { name: all, from: bsr, to: vod } ]
`;

const storeOf = (path: string) => readStoreConfig(path, () => undefined);

describe('the configuration of a command that looks at the store', () => {
  it('lacks nothing that the command reads, where the variables of the service are not there', () => {
    using home = createHome(LACKING);
    expect(storeOf(home.config).store).toEqual({ kind: 'sqlite', file: home.database });
    expect(readMappingsConfig(home.config).params).toMatchObject({ base: 'https://m.example.com' });
  });

  it.each([
    ['the store lacks a variable', 'store: "sqlite:${env:NOT_HERE}"\n', storeOf, /CONFIG_ENV_MISSING/],
    [
      'a part of the store does',
      'store: { url: "postgres://u:p@h/d", pool: "${env:NOT_HERE}" }\n',
      storeOf,
      /CONFIG_ENV_MISSING/,
    ],
    ['the folder of mappings does', 'mappings: "${env:NOT_HERE}"\n', readMappingsConfig, /CONFIG_ENV_MISSING/],
    [
      'there is another mistake',
      'stor: sqlite:x.db\nsources: { a: { secret: "${env:NOT_HERE}" } }',
      storeOf,
      /Try: store/,
    ],
  ] as const)('is refused where %s', (_, yaml, read, message) => {
    using home = createHome('');
    writeFileSync(home.config, yaml);
    expect(() => read(home.config)).toThrow(message);
  });

  it.each(['events', 'deliveries', 'ledger', 'subscribers'])('lets `%s` come as far as the store', async (command) => {
    using home = createHome(LACKING);
    const { err } = await runDragoman([command, '--config', home.config], { cwd: home.folder });
    expect(err).toMatch(/^Error: .*\[STORE_MISSING\]/);
  });

  it('lets `test` run what needs no value of them', async () => {
    using home = createHome(LACKING);
    const { code, out } = await runDragoman(['test', 'bsr-to-sigma', '--config', home.config], { cwd: home.folder });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/passed, 0 failed\n$/) });
  });

  it('shows what is stored whatever else is wrong, and says that something is', () => {
    using home = createHome('sources: { bsr: { fromat: bsr } }\nrules: [ { name: on, from: bsr, to: nobody } ]\n');
    const complaints: string[] = [];
    const { store } = readStoreConfig(home.config, (text) => complaints.push(text));
    expect(store).toEqual({ kind: 'sqlite', file: home.database });
    expect(complaints).toEqual([
      'The configuration has 2 problems: dragoman check names them. What is stored is shown all the same.',
    ]);
  });

  it('shows nothing where it is not known which store is meant', () => {
    using home = createHome('');
    writeFileSync(home.config, 'store: mysql://db\n');
    expect(() => storeOf(home.config)).toThrow(/CONFIG_BAD_STORE/);
  });
});

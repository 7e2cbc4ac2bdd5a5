import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import { startInProcess } from '../flow/relay-in-process.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';

const YAML = `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { vod: { format: remotemonster, url: "http://127.0.0.1:9" } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;

const problemsOf = (home: RelayHome) => makePlan({ configPath: home.config, env: {} }).problems;

it("passes over what an editor keeps beside a mapping, such as Emacs' lock, a link to nowhere", () => {
  using home = createHome(YAML);
  symlinkSync('somebody@host.123', join(home.folder, 'mappings/.#bsr-to-sigma.yaml'));
  writeFileSync(join(home.folder, 'mappings/._mine.yaml'), 'from: nothing');
  expect(problemsOf(home)).toEqual([]);
});

it('names a mapping that cannot be read, and says why', () => {
  using home = createHome(YAML);
  mkdirSync(join(home.folder, 'mappings/old.yaml'));
  symlinkSync('nowhere', join(home.folder, 'mappings/gone.yaml'));
  expect(problemsOf(home)).toMatchObject([
    {
      code: 'MAPPING_UNREADABLE',
      at: { file: expect.stringMatching(/gone\.yaml$/), line: 1, column: 1 },
      message: 'the mapping does not exist',
    },
    {
      code: 'MAPPING_UNREADABLE',
      at: { file: expect.stringMatching(/old\.yaml$/) },
      message: 'the mapping is a folder',
    },
  ]);
});

it('keeps a relay going when a mapping becomes unreadable', async () => {
  using home = createHome(YAML);
  await using running = await startInProcess(home);
  mkdirSync(join(home.folder, 'mappings/old.yaml'));
  expect(running.relay.reload()).toMatchObject([{ code: 'MAPPING_UNREADABLE' }]);
  expect(running.happened.at(-1)).toMatchObject({ what: 'config.rejected' });
});

it('says which changes wait for a restart, until they are taken back', async () => {
  using home = createHome(YAML);
  await using running = await startInProcess(home);
  const reloaded = (yaml: string) => {
    home.configure(yaml);
    expect(running.relay.reload()).toEqual([]);
    return running.happened.at(-1);
  };
  const waiting = { what: 'config.reloaded', needsRestart: ['inspector'] };
  expect(reloaded(`inspector: { keep: 7 }\n${YAML}`)).toMatchObject(waiting);
  expect(reloaded(`inspector: { keep: 7 }\n${YAML}`)).toMatchObject(waiting);
  expect(reloaded(YAML)).not.toHaveProperty('needsRestart');
});

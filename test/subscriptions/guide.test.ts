import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formats } from '../../src/formats/index.ts';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../docs/guide/subscribers.md'), 'utf8');
const ENV = [
  'SUBSCRIPTIONS_TOKEN_ID',
  'SUBSCRIPTIONS_TOKEN_SECRET',
  'SIGMA_TOKEN_ID',
  'SIGMA_TOKEN_SECRET',
  'SIGMA_SECRET',
];

it('shows a configuration that loads', () => {
  const [serving = '', registering = ''] = [...GUIDE.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]);
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'relay.yaml');
  writeFileSync(path, `store: sqlite:relay.db\n${registering}  bsr: { format: bsr }\n${serving}`);
  const env = Object.fromEntries(ENV.map((name) => [name, `value-of-${name}`]));
  const { config, problems } = loadConfig({ path, env, formats });
  expect(problems).toEqual([]);
  expect(config?.subscriptions).toMatchObject({ tokenId: 'value-of-SUBSCRIPTIONS_TOKEN_ID', allowPrivate: [] });
  expect(config?.registrations).toMatchObject([
    { source: 'sigma', events: 'all', uri: 'https://relay.example.com/in/sigma?secret=value-of-SIGMA_SECRET' },
  ]);
});

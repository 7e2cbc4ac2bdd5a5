import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRequest } from '../../src/formats/sample.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { draftTest, type TestDraft, type TestToAdd, writeTest } from '../../src/plan/add-test.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { testsBeside } from '../../src/plan/test-mapping.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';

const MAPPING = `
from: json
to: json
params: { key: { about: a key } }
translate:
  request:
    path: "/\${event.id}"
    query: { tag: [a, b] }
    body: { key: "\${params.key}", n: "\${data.n}" }
  order.created:
    body: { n: "\${data.n}" }
`;
const KEY = 'k-secret/+9';

let home: RelayHome;
let path: string;
let plan: Plan;
beforeEach(() => {
  home = createHome(`params: { key: "\${env:KEY}" }\nsources: {}\ntargets: {}\nrules: []\n`);
  writeFileSync(join(home.folder, 'mappings/m.yaml'), MAPPING);
  path = join(home.folder, 'mappings/m.test.yaml');
  const made = makePlan({ configPath: home.config, env: { KEY } });
  expect(made.problems).toEqual([]);
  plan = made.plan as Plan;
});
afterEach(() => home.remove());

const mapping = () => plan.mappings.get('m') as TestToAdd['mapping'];
const request = (body: JsonObject, search = '') =>
  sampleRequest({ method: 'POST', search, headers: {}, body: JSON.stringify(body) }, Date.UTC(2026, 0, 1));

function drafted(more: Partial<TestToAdd> = {}) {
  const test = { path, name: 'mine', mapping: mapping(), request: request({ n: '1' }), params: { key: 'open' }, plan };
  return draftTest({ ...test, sourceOptions: {}, options: {}, ...more });
}

const resultsOf = (text: string) => testsBeside({ mapping: mapping(), file: 'm.test.yaml', text, params: {} });
const OWN = `# mine\n- name: by hand\n  event: { n: "2" }   # a note\n  params: { key: x }\n  expect: { body: { key: x, n: '2' } }\n`;

describe('a test that is added beside a mapping', () => {
  it('leaves what stands there byte for byte, and passes', () => {
    writeFileSync(path, OWN);
    expect(writeTest(drafted() as TestDraft)).toBeUndefined();
    const text = readFileSync(path, 'utf8');
    expect(text.startsWith(`${OWN}\n- name: mine\n`)).toBe(true);
    expect(resultsOf(text)).toMatchObject({
      problems: [],
      results: [{ passed: true }, { name: 'mine', passed: true }],
    });
    expect(readdirSync(join(home.folder, 'mappings')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['the file is new', undefined],
    ['it holds a comment alone', '# to come\n'],
    ['its list is indented', OWN.replace(/^(?=.)/gm, '  ')],
  ])('passes where %s', (_, before) => {
    if (before !== undefined) writeFileSync(path, before);
    const { whole } = drafted() as TestDraft;
    expect(resultsOf(whole).results.at(-1)).toMatchObject({ name: 'mine', passed: true });
  });

  it('keeps every value of a name that is repeated in a query, in and out', () => {
    const { text } = drafted({ request: request({ n: '1' }, 'x=1&x=2') }) as TestDraft;
    expect(text).toMatch(/query:\n +x:\n +- "1"\n +- "2"\n/);
    expect(text).toMatch(/query:\n +tag:\n +- a\n +- b\n/);
  });

  it('is read by the options of the source that the event came from', () => {
    const { text, kind } = drafted({ sourceOptions: { type: { const: 'order.created' } } }) as TestDraft;
    expect(kind).toBe('draft');
    expect(text).toContain('source:\n    type:\n      const: order.created\n');
  });

  it.each([
    [
      'holds a map',
      'tests:\n  - name: by hand\n',
      'TEST_SHAPE',
      /m\.test\.yaml cannot take a test: line 1: a test file/,
    ],
    ['is no YAML', '- name: "open\n', 'YAML_', /m\.test\.yaml cannot take a test: line \d: /],
    ['has a test of that name', OWN.replace('by hand', 'mine'), 'TEST_EXISTS', /already in .*m\.test\.yaml/],
  ])('is refused where the file %s', (_, before, code, message) => {
    writeFileSync(path, before);
    expect(drafted()).toMatchObject({
      kind: 'refusal',
      code: expect.stringContaining(code),
      message: expect.stringMatching(message),
    });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('has a harmless value for a param that holds a secret, also where the file holds that secret by hand', () => {
    const before = OWN.replaceAll(/\bx\b/g, `"${KEY}"`);
    writeFileSync(path, before);
    const { whole, text } = drafted({ params: { key: KEY } }) as TestDraft;
    expect(text).not.toContain(KEY);
    expect(text).toMatch(/params:\n +key: key\n/);
    expect(resultsOf(whole).results.at(-1)).toMatchObject({ name: 'mine', passed: true });
  });

  it('has one for a value from the environment that is too short to be masked', () => {
    const plan = makePlan({ configPath: home.config, env: { KEY: 'k1' } }).plan as Plan;
    const { text } = drafted({ params: plan.config.params, plan }) as TestDraft;
    expect(text).toMatch(/params:\n +key: key\n/);
    expect(text).not.toContain('k1');
  });

  it('has a URL for one that was a URL', () => {
    const made = makePlan({ configPath: home.config, env: { KEY: 'https://user:pass@media.internal' } });
    const plan = made.plan as Plan;
    const { text } = drafted({ params: plan.config.params, plan }) as TestDraft;
    expect(text).toMatch(/params:\n +key: https:\/\/key\.example\.com\n/);
  });

  it('is refused where another value for such a param has another outcome', () => {
    const checked = MAPPING.replace(
      'body: { key:',
      `when: { "==": [ { var: params.key }, "${KEY}" ] }\n    body: { key:`,
    );
    writeFileSync(join(home.folder, 'mappings/m.yaml'), checked);
    const made = makePlan({ configPath: home.config, env: { KEY } });
    expect(made.problems).toEqual([]);
    const stricter = made.plan?.mappings.get('m') as TestToAdd['mapping'];
    expect(drafted({ mapping: stricter, params: { key: KEY } })).toMatchObject({ code: 'TEST_HOLDS_SECRET' });
  });

  it('is refused where the file holds the same secret by hand', () => {
    writeFileSync(path, OWN.replaceAll(/\bx\b/g, `"${KEY}"`));
    expect(drafted({ request: request({ n: KEY }) })).toMatchObject({ code: 'TEST_HOLDS_SECRET' });
  });

  it.each([
    ['a secret in the payload', { request: request({ n: KEY }) }],
    ['a secret as a URL spells it', { request: request({ n: encodeURIComponent(KEY) }) }],
  ])('is refused with %s', (_, more) => {
    expect(drafted(more)).toMatchObject({ kind: 'refusal', code: 'TEST_HOLDS_SECRET' });
    expect(existsSync(path)).toBe(false);
  });

  it('is refused where the folder cannot be written to, and leaves no half', () => {
    const draft = drafted() as TestDraft;
    expect(writeTest({ ...draft, path: join(home.folder, 'gone/m.test.yaml') })).toEqual({
      kind: 'refusal',
      code: 'FILE_UNWRITABLE',
      message: `${draft.file} cannot be written (ENOENT)`,
    });
    expect(writeTest({ ...draft, path: join(home.folder, 'mappings') })).toMatchObject({ code: 'FILE_UNWRITABLE' });
    expect(readdirSync(home.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is refused where the file cannot be read', () => {
    writeFileSync(path, Buffer.from('- name: caf\xe9\n', 'latin1'));
    expect(drafted()).toMatchObject({ kind: 'refusal', message: expect.stringMatching(/line 1: .* not UTF-8 text$/) });
    rmSync(path);
    mkdirSync(path);
    expect(drafted()).toMatchObject({ kind: 'refusal', message: expect.stringMatching(/is a folder$/) });
  });
});

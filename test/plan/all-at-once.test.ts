import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';

/** `line:column CODE` of each problem, the lines counted from the first of the text. */
function problemsOf(home: RelayHome): string[] {
  const { problems } = makePlan({ configPath: home.config, env: {} });
  return problems.map(({ at, code }) => `${(at?.line ?? 0) - OWN_LINES}:${at?.column} ${code}`);
}
/** What the home writes before the text. */
const OWN_LINES = 5;

const SOURCES = 'params: { media_base: "http://a" }\nsources: { bsr: { format: bsr }, s: { format: sigma } }\n';
const TARGETS = 'targets: { vod: { format: remotemonster, url: "http://127.0.0.1:9" } }\n';
const WRONG = '  - { name: wrong, from: bsr, to: vod, when: { var: data.titel }, translate: bsr-to-vod }\n';
const SAID = ['LOGIC_UNKNOWN_PATH', 'RULE_UNKNOWN_MAPPING'];

describe('mistakes in filters and in the choice of mappings are found beside', () => {
  it.each([
    ['a rule without a name', `${SOURCES}${TARGETS}rules:\n  - { to: vod }\n${WRONG}`, ['5:5 CONFIG_MISSING_KEY']],
    ['a rule without targets', `${SOURCES}${TARGETS}rules:\n  - { name: a }\n${WRONG}`, ['5:5 CONFIG_MISSING_KEY']],
    ['a rule that is none', `${SOURCES}${TARGETS}rules:\n  - a rule\n${WRONG}`, ['5:5 CONFIG_WRONG_TYPE']],
    [
      'a target without a URL',
      `${SOURCES}targets: { vod: { format: remotemonster } }\nrules:\n${WRONG}`,
      ['3:17 CONFIG_MISSING_KEY'],
    ],
    [
      'a source without a format',
      `params: { media_base: "http://a" }\nsources: { bsr: { format: bsr }, x: { path: /in/x } }\n${TARGETS}rules:\n${WRONG}`,
      ['2:37 CONFIG_MISSING_KEY'],
    ],
    ['sections that are none', `${SOURCES}${TARGETS}alarms: 5\nrules:\n${WRONG}`, ['4:9 CONFIG_WRONG_TYPE']],
    [
      'a registration without a secret',
      `params: { media_base: "http://a" }\nsources: { bsr: { format: bsr }, s: { format: sigma, register: { api: "http://a", token_id: x, uri: "http://b" } } }\n${TARGETS}rules:\n${WRONG}`,
      ['2:64 CONFIG_MISSING_KEY'],
    ],
  ])('%s', (_, text, said) => {
    using home = createHome(text);
    const problems = problemsOf(home);
    expect(problems).toEqual(expect.arrayContaining(said));
    const codes = problems.map((one) => one.split(' ')[1]);
    expect(codes.toSorted()).toEqual([...said.map((one) => one.split(' ')[1]), ...SAID].toSorted());
  });

  it('a rule itself that has no name', () => {
    using home = createHome(`${SOURCES}${TARGETS}rules:\n  - { from: bsr, to: vod, when: { var: data.titel } }\n`);
    expect(problemsOf(home)).toEqual(['5:5 CONFIG_MISSING_KEY', '5:40 LOGIC_UNKNOWN_PATH']);
  });
});

it('a filter is looked at beside a misspelt event type, as that of the event that was meant', () => {
  using home = createHome(
    `${SOURCES}${TARGETS}rules:\n  - { name: one, from: bsr, on: clip.genrated, to: vod, when: { var: data.lenght } }\n`,
  );
  expect(problemsOf(home)).toEqual(['5:33 RULE_UNKNOWN_EVENT', '5:70 LOGIC_UNKNOWN_PATH']);
});

describe('nothing is said that only follows from another mistake', () => {
  const rule = (text: string): string => `rules:\n  - { name: one, ${text} }\n`;

  it.each([
    [
      'a format that is none',
      `sources: { bsr: { format: bsr }, s: { format: sigmaa } }\ntargets: { t: { format: bsr, url: "http://127.0.0.1:9" } }\n${rule('to: t, when: { var: data.channelId }')}`,
      ['1:47 CONFIG_UNKNOWN_FORMAT'],
    ],
    [
      'a source that is none',
      `${SOURCES}${TARGETS}${rule('from: [s2, bsr], to: vod, translate: bsr-to-remotemonster, when: { var: data.channelId }')}`,
      ['5:25 RULE_UNKNOWN_SOURCE'],
    ],
    [
      'an event type that is none',
      `${SOURCES}${TARGETS}${rule('from: bsr, on: [recorder.added, clip.generate], to: vod, when: { var: data.length }')}`,
      ['5:50 RULE_UNKNOWN_EVENT'],
    ],
    [
      'params that are none',
      `params: [media_base]\nsources: { bsr: { format: bsr } }\n${TARGETS}${rule('from: bsr, to: vod, when: { var: params.only }')}`,
      ['1:9 CONFIG_WRONG_TYPE'],
    ],
    [
      'a format that is none, before an order_by',
      `sources: { bsr: { format: bsr }, s: { format: sigmaa } }\ntargets: { t: { format: bsr, url: "http://127.0.0.1:9", order_by: data.channelId } }\n${rule('to: t')}`,
      ['1:47 CONFIG_UNKNOWN_FORMAT'],
    ],
    [
      'a mapping whose name is not set',
      `${SOURCES}${TARGETS}${rule('from: s, to: [vod], translate: "${env:NOPE}"')}`,
      ['5:50 CONFIG_ENV_MISSING'],
    ],
  ])('%s', (_, text, said) => {
    using home = createHome(text);
    expect(problemsOf(home)).toEqual(said);
  });

  it('a folder of mappings that does not exist', () => {
    using home = createHome('');
    rmSync(join(home.folder, 'mappings'), { recursive: true });
    writeFileSync(home.config, `mappings: ../mapings\n${SOURCES}${TARGETS}${rule('from: bsr, to: vod')}`);
    const { problems } = makePlan({ configPath: home.config, env: {} });
    expect(problems).toMatchObject([{ code: 'CONFIG_BAD_FOLDER', at: { line: 1, column: 11 } }]);
  });
});

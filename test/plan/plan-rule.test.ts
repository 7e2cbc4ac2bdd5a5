import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import { createHome } from '../flow/relay-process.ts';

/** The lines that a home puts before what it is given. */
const LINES_BEFORE = 5;
const BSR = 'sources: { bsr: { format: bsr } }';
const SAME = 'targets: { same: { format: bsr, url: "http://127.0.0.1:9" } }';

/** `line:column CODE  message | Try`, one a problem. */
function said(...yaml: readonly string[]): string[] {
  using home = createHome(`${yaml.join('\n')}\n`);
  return makePlan({ configPath: home.config, env: {} }).problems.map(
    ({ at, code, message, try: advice }) =>
      `${(at?.line ?? 0) - LINES_BEFORE}:${at?.column} ${code}  ${message} | ${advice}`,
  );
}

function ofFilter(when: string, on = 'clip.generated'): string[] {
  return said(BSR, SAME, 'rules:', '  - name: one', `    on: ${on}`, `    when: ${when}`, '    to: same');
}

describe('a filter that no event has a say in is refused', () => {
  const stands = (what: string): string =>
    `6:11 LOGIC_NO_CONDITION  a condition is a json-logic object, and ${what} stands here: no event would change what it gives`;

  it.each([
    ['a comparison', 'data.length > 60', '{ ">": [{ var: data.length }, 60] }'],
    ['a comparison without data', 'length >= 60', '{ ">=": [{ var: data.length }, 60] }'],
    ['a comparison of a mistyped field', 'data.lenght => 60', '{ ">=": [{ var: data.length }, 60] }'],
    ['a comparison with a word', 'data.platform = bilibili', '{ "==": [{ var: data.platform }, "bilibili"] }'],
    ['a comparison with a text', `"data.platform != 'bilibili'"`, '{ "!=": [{ var: data.platform }, "bilibili"] }'],
    [
      'two of them',
      'data.length > 60 and data.size < 5',
      '{ and: [{ ">": [{ var: data.length }, 60] }, { "<": [{ var: data.size }, 5] }] }',
    ],
    ['a path', 'data.length', '{ var: data.length }'],
    ['a denied path', '"!data.length"', '{ "!": { var: data.length } }'],
    ['json-logic in quotes', `'{ ">": [{ "var": "data.length" }, 60] }'`, 'the same without the quotes around it'],
    ['a switch', 'on', 'true'],
    ['words', 'only the long ones', 'json-logic, such as { ">": [{ var: data.length }, 60] }'],
  ])('%s', (_, when, advice) => {
    expect(ofFilter(when)).toEqual([`${stands('text')} | ${advice}`]);
  });

  it.each([
    ['a list', '[ { ">": [ { var: data.length }, 100000 ] } ]', 'a list', '{ ">": … } without the list around it'],
    [
      'a list of several',
      '[ { ">": [ { var: data.length }, 1 ] }, { "!!": { var: data.file } } ]',
      'a list',
      'join them: { and: [ { ">": … }, { "!!": … } ] }',
    ],
    ['a number', '60', 'a number', 'json-logic, such as { ">": [{ var: data.length }, 60] }'],
    ['nothing', '', 'nothing', 'json-logic, such as { ">": [{ var: data.length }, 60] }'],
  ])('%s', (_, when, what, advice) => {
    expect(ofFilter(when).map((one) => one.replace(/^6:\d+/, '6:11'))).toEqual([`${stands(what)} | ${advice}`]);
  });

  it.each([
    ['{ "!=": [ data.live_id, "" ] }', 'record.ended', '6:21', 'data.live_id', '{ var: data.live_id }'],
    ['{ ">": [ data.length, 60 ] }', 'clip.generated', '6:20', 'data.length', '{ var: data.length }'],
    ['{ ">": [ data.lenght, 60 ] }', 'clip.generated', '6:20', 'data.lenght', '{ var: data.length }'],
    ['{ matches: [ data.file, clip ] }', 'clip.generated', '6:24', 'data.file', '{ var: data.file }'],
  ])('a path without var: %s', (when, on, place, path, advice) => {
    expect(ofFilter(when, on)).toEqual([
      `${place} LOGIC_TEXT  "${path}" is text here, and not the field of the event | ${advice}`,
    ]);
  });

  it.each([
    ['{ "==": [1, 1] }', 'RULE_ALWAYS_MATCHES', 'matches every event'],
    ['{ ">": [length, 60] }', 'RULE_NEVER_MATCHES', 'can never match'],
  ])('%s', (when, code, which) => {
    expect(ofFilter(when)).toEqual([
      `6:11 ${code}  rule "one" ${which}: its filter reads nothing of an event | { var: … } around the path of what is meant, such as { var: data.length }`,
    ]);
  });
});

describe('a word that a field never holds is named with the one that was meant', () => {
  it.each([
    ['{ "==": [ { var: event.type }, clip.generate ] }', '6:42', 'clip.generate', 'clip.generated'],
    ['{ "===": [ clip.genreated, { var: event.type } ] }', '6:22', 'clip.genreated', 'clip.generated'],
    ['{ "!=": [ { var: event.type }, record.end ] }', '6:42', 'record.end', 'record.ended'],
    ['{ in: [ { var: event.type }, [ clip.generated, record.endd ] ] }', '6:58', 'record.endd', 'record.ended'],
    [
      '{ or: [ { ">": [ { var: data.length }, 60 ] }, { "==": [ { var: event.type }, record.endd ] } ] }',
      '6:89',
      'record.endd',
      'record.ended',
    ],
  ])('%s', (when, place, word, meant) => {
    expect(ofFilter(when, '[clip.generated, record.ended]')).toEqual([
      `${place} LOGIC_VALUE  "${word}" is no event.type that an event can have here | ${meant}`,
    ]);
  });
});

describe('a filter is taken that', () => {
  it.each([
    ['looks for a part of a type', '{ in: [ clip.generate, { var: event.type } ] }'],
    ['names a type that does not come', '{ in: [ { var: event.type }, [clip.generated, record.ended] ] }'],
    ['compares a field that may hold anything', '{ "!=": [ { var: data.file }, clip.generate ] }'],
    ['is true on purpose', 'true'],
    ['compares with a text that looks like a path', '{ "==": [ { var: data.file }, data.csv ] }'],
    ['compares event types', '{ in: [ { var: event.type }, [clip.generated, data.length] ] }'],
    ['holds for every event that comes', '{ "==": [ { var: event.type }, clip.generated ] }'],
  ])('%s', (_, when) => {
    expect(ofFilter(when)).toEqual([]);
  });

  it.each(['${env:STAGE:-test}', '${env:STAGE:-prod}'])(
    'lets the environment say whether the rule is on: %s',
    (stage) => {
      expect(ofFilter(`{ "==": [ "${stage}", prod ] }`)).toEqual([]);
      expect(ofFilter(`{ and: [ { "==": [ "${stage}", prod ] }, { ">": [ { var: data.length }, 60 ] } ] }`)).toEqual(
        [],
      );
    },
  );

  it('compares with a text that looks like a path, where events may have any', () => {
    const rule = '{ name: one, when: { "==": [ { var: event.type }, data.changed ] }, to: same }';
    expect(said('sources: { any: { format: json } }', SAME.replace('bsr', 'json'), `rules: [ ${rule} ]`)).toEqual([]);
  });
});

const VOD = 'vod: { format: remotemonster, url: "http://127.0.0.1:9"';
const CLIPS = 'rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]';
const MEDIA = 'params: { media_base: "https://media.example.com" }';

describe('a path beside filters', () => {
  const ordered = (path: string, rules = CLIPS): string[] =>
    said(
      'sources: { bsr: { format: bsr }, rmst: { format: remotemonster }, any: { format: json } }',
      MEDIA,
      `targets: { ${VOD}, order_by: ${path} } }`,
      rules,
    );
  const both =
    'rules: [ { name: clips, from: bsr, on: clip.generated, to: vod }, { name: same, from: rmst, to: vod } ]';
  const open = 'rules: [ { name: any, from: any, when: true, to: vod, translate: own } ]';

  it('is one that events of the target have', () => {
    expect(ordered('data.rom_id')).toEqual([
      '3:79 CONFIG_UNKNOWN_PATH  targets.vod.order_by is "data.rom_id", which no event that goes there has | data.room_id',
    ]);
    expect(ordered('params.media_bas')).toEqual([
      '3:79 CONFIG_UNKNOWN_PATH  targets.vod.order_by is "params.media_bas", which no event that goes there has | params.media_base',
    ]);
  });

  it.each([
    ['is known', 'data.room_id', CLIPS],
    ['is known of another rule', 'data.chid', both],
    ['is of a rule that is switched off', 'data.rom_id', CLIPS.replace('to:', 'enabled: false, to:')],
    ['may be anything', 'data.rom_id', open],
  ])('is taken where it %s', (_, path, rules) => {
    expect(ordered(path, rules).filter((one) => !one.includes('RULE_UNKNOWN_MAPPING'))).toEqual([]);
  });

  it('is one that both events of an alarm have', () => {
    const alarm = (same: string, started = 'record.started'): string[] =>
      said(
        BSR,
        `alarms: [ { name: a, unfinished: { source: bsr, started: ${started}, ended: record.ended, within: 1h, same: ${same} } } ]`,
      );
    expect(alarm('data.live_id')).toEqual([]);
    expect(alarm('data.liveid')).toEqual([
      '2:113 ALARM_UNKNOWN_PATH  alarm "a" compares "data.liveid", which record.started does not have | data.live_id',
    ]);
    expect(alarm('data.file', 'clip.generated')).toEqual([
      expect.stringMatching(/ALARM_UNKNOWN_PATH {2}alarm "a" compares "data.file", which record.ended does not have/),
    ]);
  });
});

describe('a constant', () => {
  const filtered = (params: string, when: string): string[] =>
    said(BSR, SAME, `params: ${params}`, 'rules:', '  - name: one', `    when: ${when}`, '    to: same');

  it('that a filter names is one of the configuration', () => {
    const when = '{ ">": [ { var: data.length }, { var: params.min_lenght } ] }';
    expect(filtered('{ min_length: 60 }', when)).toEqual([
      '6:49 LOGIC_UNKNOWN_PATH  there is no "params.min_lenght" | params.min_length',
    ]);
    expect(filtered('{}', when)).toEqual([
      '6:49 LOGIC_UNKNOWN_PATH  there is no "params.min_lenght" | min_lenght: … under params',
    ]);
    expect(filtered('{ rooms: { b: 1 } }', '{ "==": [ { var: data.room_id }, { var: params.rooms.a } ] }')).toEqual([
      '6:51 LOGIC_UNKNOWN_PATH  there is no "params.rooms.a" | params.rooms.b',
    ]);
  });

  it.each([
    ['{ min_length: 60 }', '{ ">": [ { var: data.length }, { var: params.min_length } ] }'],
    ['{ rooms: [ 1, 2 ] }', '{ in: [ { var: data.room_id }, { var: params.rooms } ] }'],
    ['{ rooms: { a: [ 1 ] } }', '{ in: [ { var: data.room_id }, { var: params.rooms.a } ] }'],
    ['{ only: }', '{ or: [ { "!": { var: params.only } }, { "==": [ { var: params.only }, x ] } ] }'],
    ['{ env: test }', '{ "==": [ { var: params.env }, production ] }'],
  ])('%s is taken by %s', (params, when) => {
    expect(filtered(params, when)).toEqual([]);
  });
});

describe('a constant that a mapping takes', () => {
  function given(declared: string, params: string): string[] {
    using home = createHome(
      [
        'sources: { any: { format: json } }',
        'targets: { out: { format: json, url: "http://127.0.0.1:9" } }',
        `params: { ${params} }`,
        'rules: [ { name: one, to: out, translate: own }, { name: two, to: out, translate: own } ]',
      ].join('\n'),
    );
    const path = declared.includes('required') ? 'params.n?' : 'params.n';
    writeFileSync(
      join(home.folder, 'mappings/own.yaml'),
      `from: json\nto: json\nparams: { n: { about: a thing, ${declared} } }\ntranslate: { "*": { body: { n: "\${${path}}" } } }\n`,
    );
    return makePlan({ configPath: home.config, env: { N: '5' } }).problems.map(({ at, code, message, try: advice }) => {
      const where = `${(at?.line ?? 0) - LINES_BEFORE}:${at?.column}`;
      return `${where} ${code}  ${message} | ${advice?.replace(/ \S*own.yaml/g, ' own.yaml')}`;
    });
  }

  it.each([
    ['', 'n: 42', 'CONFIG_PARAM_TYPE  params.n is a whole number, and mapping "own" takes text | "42"'],
    ['', 'n: true', 'CONFIG_PARAM_TYPE  params.n is true or false, and mapping "own" takes text | "true"'],
    ['', 'n: [ a ]', 'CONFIG_PARAM_TYPE  params.n is a list, and mapping "own" takes text | text'],
    [
      'type: integer',
      'n: abc',
      'CONFIG_PARAM_TYPE  params.n is text, and mapping "own" takes a whole number | a whole number without quotes; for one from the environment type: string in own.yaml, and | int',
    ],
    [
      'type: integer',
      'n: 1.5',
      'CONFIG_PARAM_TYPE  params.n is a number with a fraction, and mapping "own" takes a whole number | a whole number, or type: number in own.yaml',
    ],
    [
      'default: [ a ]',
      'n: [ 1 ]',
      'CONFIG_PARAM_TYPE  params.n[0] is a whole number, and mapping "own" takes text | "1"',
    ],
    [
      'default: { a: { b: x } }',
      'n: { a: { b: 1 } }',
      'CONFIG_PARAM_TYPE  params.n.a.b is a whole number, and mapping "own" takes text | "1"',
    ],
    ['', 'n: ', 'CONFIG_MISSING_PARAM  params.n has no value, and mapping "own" needs one: a thing | n: …'],
    [
      'default: 5',
      'n: ',
      'CONFIG_MISSING_PARAM  params.n has no value, and mapping "own" needs one: a thing | leaving n out, for the default of the mapping',
    ],
  ])('as { %s } is not { %s }', (declared, params, problem) => {
    expect(given(declared, params).map((one) => one.replace(/^3:\d+ /, ''))).toEqual([problem]);
  });

  it('is told to be missing under a name that is nearly its own', () => {
    expect(given('', 'm: "42"')[0]).toMatch(/CONFIG_MISSING_PARAM .* \| n under params, in place of m$/);
  });

  it('is named at its place', () => {
    expect(given('', 'n: 42')[0]).toMatch(/^3:14 /);
  });

  it.each([
    ['', 'n: "42"'],
    ['', 'n: "${env:N}"'],
    ['type: number', 'n: 5'],
    ['required: false', 'n: '],
    ['default: []', 'n: [ 1 ]'],
    ['default: { a: null }', 'n: { a: x }'],
    ['default: { a: 1 }', 'n: { b: x }'],
  ])('as { %s } may be { %s }', (declared, params) => {
    expect(given(declared, params)).toEqual([]);
  });
});

describe('an option of a target that is forwarded to', () => {
  const old = 'targets: { old: { format: bsr, version: documented, url: "http://127.0.0.1:9" } }';

  it('does nothing, and is a mistake', () => {
    expect(said(BSR, old, 'rules: [ { name: one, from: bsr, to: old } ]')).toEqual([
      '3:10 RULE_IDLE_OPTION  rule "one" forwards bsr byte for byte, so version of target "old" does nothing | translate: bsr-to-bsr',
    ]);
  });

  it('is none where a mapping writes by it, or where it is not written', () => {
    expect(said(BSR, old, 'rules: [ { name: one, from: bsr, to: old, translate: bsr-to-bsr } ]')).toEqual([]);
    expect(said(BSR, SAME, 'rules: [ { name: one, from: bsr, to: same } ]')).toEqual([]);
  });
});

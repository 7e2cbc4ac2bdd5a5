/** What mappings make of events: values, missing values, structures, and the places that failures name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { load, loadOne, SHOT, scopeOf, shotTaken } from './load-for-test.ts';

/** A mapping to free JSON, whose body is the given YAML: types are kept as they come. */
function bodyOf(body: string, top = ''): (data?: JsonObject, params?: JsonObject) => unknown {
  const text = `from: camera\nto: json\n${top}translate:\n  shot.lost: { drop: nothing }\n  shot.taken:\n    body:\n${body.trim().replace(/^/gm, '      ')}\n`;
  const mapping = loadOne(text);
  return (data = SHOT, params = {}) => {
    const result = mapping.translate(scopeOf(data, { params }));
    if (result.kind !== 'emitted') return result;
    return result.events[0]?.data.body;
  };
}

describe('a leaf', () => {
  const cases: readonly [yaml: string, value: Json | undefined][] = [
    ['a: text', 'text'],
    ['a: 5', 5],
    ['a: "5"', '5'],
    ['a: null', null],
    ['a: ${data.seconds}', 61.6],
    ['a: ${data.live}', true],
    ['a: ${data.size}', 9_007_199_254_740_993n],
    ['a: ${data.size | add 1}', 9_007_199_254_740_994n],
    ['a: ${data.size | string | int | mul 2}', 18_014_398_509_481_986n],
    ['a: "n${data.size}"', 'n9007199254740993'],
    ['a: ${data.mode}-${data.seconds}-${data.live}', 'fast-61.6-true'],
    ['a: $${data.mode}', '${data.mode}'],
    ['a: $$${data.seconds}', '$61.6'],
    ['a: $${{ data.mode }}', '${{ data.mode }}'],
    ['a: ${"{{data.mode}}"}', '{{data.mode}}'],
    ['a: $$$${data.seconds}', '$${data.seconds}'],
    ['a: a $${ b $${${data.mode}} $5 $$ $', 'a ${ b ${fast} $5 $$ $'],
    ['a: "${ data.mode | default \\"}\\" }"', 'fast'],
    ["a: ${data.title | default 'a: b, c # d'}", 'a: b, c # d'],
    ['a: { b: [ ${data.urls[0] | default "x"}, ${data.files[1].name | default("y")} ] }', undefined],
    ['a: ${data.urls.1 | default "x"}', 'https://x/b.mp4'],
    ['a: ${data["mode"]}', 'fast'],
    ['a: ${data.title ?? data.mode}', 'fast'],
    ['a: ${data.title ?? data.room.cover ?? "none"}', 'none'],
    ['a: ${(data.title ?? data.mode) | upper}', 'FAST'],
    ['a: ${data.title ?? (data.mode | upper)}', 'FAST'],
    ['a: ${data.title | default null}', null],
    ['a: ${data.urls | map(it | basename | replace ".mp4" "") | join "+"}', 'a+b'],
    ['a: ${data.files | map(it.note?) | join ","}', 'n'],
    ['a: ${data.files | filter(it.name | eq "b") | map it.name}', ['b']],
    ['a: ${data.files | map(data.id)}', ['s1', 's1']],
    ['a: ${[data.id, 5, [true]]}', ['s1', 5, [true]]],
    ['a: ${data.live | if data.mode "off"}', 'fast'],
  ];
  it.each(cases)('%s', (yaml, value) => {
    const expected = value === undefined ? { b: ['https://x/a.mp4', 'b'] } : value;
    expect(bodyOf(yaml)()).toEqual({ a: expected });
  });
});

describe('a missing value', () => {
  it('leaves the key out with ?, also through operators, joined text, lists and objects', () => {
    const body = bodyOf(
      'a: ${data.title?}\nb: ${data.title? | upper}\nc: "x ${data.title?} y"\nd: [ "${data.title?}", z ]\ne: { f: "${data.title?}" }\ng: ${data.urls | first?}',
    );
    expect(body({ ...SHOT, title: null, urls: [] })).toEqual({ d: ['z'], e: {} });
    expect(body({ ...SHOT, title: 't' })).toMatchObject({ a: 't', b: 'T', c: 'x t y', d: ['t', 'z'] });
  });

  it('stops the run where it is not handled, and says where', () => {
    const mapping = loadOne(shotTaken('emit: added\ndata:\n  id: a ${data.room.name} b'));
    const { room: _room, ...without } = SHOT;
    expect(mapping.translate(scopeOf(without))).toEqual({
      kind: 'failed',
      reason: { code: 'MAPPING_MISSING_VALUE', message: 'mapping one, one.yaml:8:15: data.room.name is missing' },
    });
  });

  it('names every alternative that has no value', () => {
    const mapping = loadOne(shotTaken('emit: added\ndata:\n  id: ${data.mode ?? data.id}'));
    const result = mapping.translate(scopeOf({}));
    expect(result).toMatchObject({ reason: { message: expect.stringContaining('data.mode and data.id are missing') } });
  });

  it('sees own properties only', () => {
    const mapping = loadOne(
      'from: json\nto: json\ntranslate:\n  "*":\n    body: { b: "${raw.list.length?}", c: "${raw.text.length?}" }\n',
    );
    const result = mapping.translate(scopeOf({ list: [1], text: 'abc' }, { type: 'x' }));
    expect(result).toMatchObject({ kind: 'emitted', events: [{ data: { body: {} } }] });
  });
});

describe('a value that does not fit', () => {
  it('names the operator and the place, and never the value', () => {
    const mapping = loadOne(shotTaken('emit: added\ndata:\n  id: x\n  bytes: ${data.id | int}'));
    const result = mapping.translate(scopeOf({ ...SHOT, id: 'top secret' }));
    expect(result).toEqual({
      kind: 'failed',
      reason: {
        code: 'MAPPING_BAD_VALUE',
        message: 'mapping one, one.yaml:9:26: | int: a text of 10 characters is no number',
      },
    });
  });
});

describe('structures', () => {
  it('decides with $if, by json-logic over the scope', () => {
    const body = bodyOf(
      'a: { $if: { ">": [ { var: data.seconds }, 60 ] }, then: long, else: short }\nb: { $if: { var: data.live }, then: on }',
    );
    expect(body()).toEqual({ a: 'long', b: 'on' });
    expect(body({ ...SHOT, seconds: 5, live: false })).toEqual({ a: 'short' });
  });

  it('repeats with $each; expressions and json-logic see the item by its name, loops nest', () => {
    const body = bodyOf(
      'a:\n  $each: data.files\n  as: file\n  do:\n    name: ${file.name}\n    note: { $if: { "!!": { var: file.note } }, then: "${file.note?}" }\n    urls: { $each: data.urls, as: url, do: "${file.name}${url | basename}" }',
    );
    expect(body()).toEqual({
      a: [
        { name: 'a', note: 'n', urls: ['aa.mp4', 'ab.mp4'] },
        { name: 'b', urls: ['ba.mp4', 'bb.mp4'] },
      ],
    });
  });

  it('chooses with $switch, its subject unquoted in { }, with a default for what is missing', () => {
    const body = bodyOf(
      'a: { $switch: ${data.mode}, cases: { fast: 1, slow: 2 } }\nb: { $switch: ${data.title}, cases: { x: 1 }, default: 0 }',
    );
    expect(body()).toEqual({ a: 1, b: 0 });
    expect(body({ ...SHOT, title: 'x', mode: 'other' })).toMatchObject({
      kind: 'failed',
      reason: { code: 'MAPPING_BAD_VALUE' },
    });
  });

  it('looks up in tables: written, of a YAML file, of a CSV file by columns', () => {
    const text = shotTaken(
      'emit: added\ndata:\n  id: { $table: inline, key: ${data.id}, default: none }\n  length: { $table: yaml, key: ${data.id} }\n  list:\n    - { $table: csv, key: ${data.id}, column: name }\n    - { $table: pairs, key: ${data.mode}, default: "?" }',
      'tables:\n  inline: { s1: one }\n  yaml: { file: t.yaml }\n  csv: { file: t.csv, key: id }\n  pairs: { file: p.csv }\n',
    );
    const mapping = loadOne(text, {
      't.yaml': 's1: "60"\n',
      't.csv': '\uFEFFname,id,city,,\r\n"a, ""b""",s1,x,,\r\n',
      'p.csv': 'mode,word\nfast,quick\n',
    });
    expect(mapping.translate(scopeOf(SHOT))).toMatchObject({
      events: [{ data: { id: 'one', length: '60', list: ['a, "b"', 'quick'] } }],
    });
    expect(mapping.translate(scopeOf({ ...SHOT, id: 's2' }))).toMatchObject({
      kind: 'failed',
      reason: {
        code: 'MAPPING_MISSING_VALUE',
        message: expect.stringContaining('the table yaml has no row for this data.id, and there is no default'),
      },
    });
  });

  it('takes a column of rows that are not alike', () => {
    const text = shotTaken(
      'emit: added\ndata:\n  id: { $table: rooms, key: "${data.id}", column: name }\n  length: { $table: rooms, key: "${data.id}", column: alias, default: "-" }',
      'tables:\n  rooms: { s1: { name: one, no: 5 }, s2: { name: two, no: b, alias: zwei } }\n',
    );
    const mapping = loadOne(text);
    expect(mapping.translate(scopeOf(SHOT))).toMatchObject({ events: [{ data: { id: 'one', length: '-' } }] });
    const second = mapping.translate(scopeOf({ ...SHOT, id: 's2' }));
    expect(second).toMatchObject({ events: [{ data: { id: 'two', length: 'zwei' } }] });
  });

  it('merges with $merge, a later object wins', () => {
    expect(bodyOf('$merge: [ "${data.room}", { name: z, more: 1 } ]')()).toEqual({ name: 'z', more: 1 });
  });

  it('takes any value from $logic', () => {
    expect(bodyOf('a: { $logic: { "+": [ { var: data.seconds }, 1 ] } }')()).toEqual({ a: 62.6 });
  });

  it('fills fragments of its own and of shared files, each with what it is given', () => {
    const shared = 'fragments:\n  clip: { url: "${with.url}", of: { $use: owner } }\n  owner: ${data.id}\n';
    const one = [
      'from: camera',
      'to: json',
      'fragments: { twice: "${with.x}${with.x}" }',
      'translate:',
      '  shot.lost: { drop: nothing }',
      '  shot.taken:',
      '    path: { $use: twice, with: { x: /a } }',
      '    body: { $each: data.urls, as: u, do: { $use: clip, with: { url: "${u}" } } }',
    ].join('\n');
    const { mappings, problems } = load({ 'one.yaml': one, '_shared.yaml': shared });
    expect(problems).toEqual([]);
    const body = [
      { url: 'https://x/a.mp4', of: 's1' },
      { url: 'https://x/b.mp4', of: 's1' },
    ];
    expect(mappings.get('one')?.translate(scopeOf(SHOT))).toEqual({
      kind: 'emitted',
      events: [{ type: 'request', data: { path: '/a/a', body } }],
    });
  });
});

describe('text', () => {
  it('that only resembles a path stays as it is', () => {
    const body = 'body: { kind: data.created, of: "{{ user.name }} {id} data.id", price: $5, not: "$${data.id}" }';
    const mapping = loadOne(
      `from: camera\nto: json\ntranslate:\n  shot.lost: { drop: nothing }\n  shot.taken: { ${body} }\n`,
    );
    expect(mapping.translate(scopeOf(SHOT))).toMatchObject({
      events: [
        {
          data: { body: { kind: 'data.created', of: '{{ user.name }} {id} data.id', price: '$5', not: '${data.id}' } },
        },
      ],
    });
  });
});

describe('shared fragments', () => {
  it('under a misspelt key are told of once', () => {
    const one = shotTaken('emit: added\ndata: { id: { $use: owner } }');
    const { problems } = load({ 'one.yaml': one, '_shared.yaml': 'fragment:\n  owner: ${data.id}\n' });
    expect(problems).toMatchObject([{ code: 'MAPPING_UNKNOWN_KEY', try: 'fragments', at: { file: '_shared.yaml' } }]);
  });

  it('that stand beside a key which has no meaning there are read all the same', () => {
    const one = shotTaken('emit: added\ndata: { id: { $use: owner } }');
    const { problems } = load({ 'one.yaml': one, '_shared.yaml': 'from: camera\nfragments:\n  owner: ${data.id}\n' });
    expect(problems).toMatchObject([{ code: 'MAPPING_UNKNOWN_KEY', at: { file: '_shared.yaml', line: 1 } }]);
  });
});

describe('an entry', () => {
  it('emits several events in order, each where its own when holds', () => {
    const mapping = loadOne(
      shotTaken(
        '- emit: added\n  data: { id: "1" }\n- emit: removed\n  when: { var: data.live }\n- emit: added\n  when: { "==": [ { var: data.mode }, slow ] }\n  data: { id: "3" }',
      ),
    );
    expect(mapping.translate(scopeOf(SHOT))).toEqual({
      kind: 'emitted',
      events: [
        { type: 'added', data: { id: '1' } },
        { type: 'removed', data: {} },
      ],
    });
    expect(mapping.entries.get('shot.taken')?.emits).toEqual(['added', 'removed', 'added']);
    expect(mapping.entries.get('shot.lost')?.drops).toEqual(['nothing']);
  });

  it('repeats emissions with $each, with do or without', () => {
    const forms = [
      '$each: data.urls\n  as: url\n  do: { emit: added, data: { id: "${url | basename}" } }',
      '$each: data.urls\n  as: url\n  emit: added\n  data: { id: "${url | basename}" }',
    ];
    for (const form of forms) {
      const mapping = loadOne(shotTaken(`- emit: removed\n- ${form}`));
      const result = mapping.translate(scopeOf(SHOT));
      expect(result).toMatchObject({
        events: [{ type: 'removed' }, { data: { id: 'a.mp4' } }, { data: { id: 'b.mp4' } }],
      });
    }
  });

  it('sends nothing where it drops, and says why', () => {
    expect(loadOne(shotTaken('drop: no such thing')).translate(scopeOf(SHOT))).toEqual({
      kind: 'dropped',
      reason: { code: 'DROPPED', message: 'no such thing' },
    });
  });

  it('drops on a condition before what follows, or as what is left', () => {
    const first = loadOne(shotTaken('- drop: is live\n  when: { var: data.live }\n- emit: removed'));
    expect(first.translate(scopeOf(SHOT))).toMatchObject({
      kind: 'dropped',
      reason: { code: 'DROPPED', message: 'is live' },
    });
    expect(first.translate(scopeOf({ ...SHOT, live: false }))).toMatchObject({ kind: 'emitted' });
    const last = loadOne(shotTaken('- emit: removed\n  when: { var: data.live }\n- drop: is off'));
    expect(last.translate(scopeOf(SHOT))).toMatchObject({ kind: 'emitted' });
    expect(last.translate(scopeOf({ ...SHOT, live: false }))).toMatchObject({
      kind: 'dropped',
      reason: { message: 'is off' },
    });
  });

  it('says that no when held', () => {
    const mapping = loadOne(shotTaken('emit: removed\nwhen: { "!": { var: data.live } }'));
    expect(mapping.translate(scopeOf(SHOT))).toMatchObject({ kind: 'dropped', reason: { code: 'WHEN_FALSE' } });
  });

  it('fails for an event type that it does not have', () => {
    expect(loadOne(shotTaken('drop: x')).translate(scopeOf(SHOT, { type: 'shot.other' }))).toMatchObject({
      kind: 'failed',
      reason: { code: 'MAPPING_NO_ENTRY' },
    });
  });
});

describe('params', () => {
  const text = shotTaken(
    'emit: added\ndata:\n  id: ${params.base}/${params.path}\n  bytes: ${params.count}',
    'params:\n  base: { about: the base }\n  path: { about: the path, default: p }\n  count: { about: how many, default: 3 }\n',
  );

  it('fills defaults in, lets the configuration overrule them, and tells which are required', () => {
    const mapping = loadOne(text);
    expect([...mapping.params].map(([name, { required }]) => [name, required])).toEqual([
      ['base', true],
      ['path', false],
      ['count', false],
    ]);
    expect(mapping.translate(scopeOf(SHOT, { params: { base: 'b' } }))).toMatchObject({
      events: [{ data: { id: 'b/p', bytes: 3 } }],
    });
    expect(mapping.translate(scopeOf(SHOT, { params: { base: 'b', path: 'q' } }))).toMatchObject({
      events: [{ data: { id: 'b/q' } }],
    });
  });
});

describe('an open source format', () => {
  it('takes any path, and * for every other type', () => {
    const mapping = loadOne(
      'from: json\nto: album\ntranslate:\n  order.created: { emit: added, data: { id: "${data.deep.er | string}" } }\n  "*": { drop: another }\n',
    );
    expect(mapping.translate(scopeOf({ deep: { er: 7 } }, { type: 'order.created' }))).toMatchObject({
      events: [{ data: { id: '7' } }],
    });
    expect(mapping.translate(scopeOf({}, { type: 'other' }))).toMatchObject({
      kind: 'dropped',
      reason: { message: 'another' },
    });
    expect(mapping.translate(scopeOf({}, { type: 'order.created' }))).toMatchObject({
      kind: 'failed',
      reason: { code: 'MAPPING_MISSING_VALUE' },
    });
  });
});

describe('loading', () => {
  it('finds every mistake at once, in the order of the files', () => {
    const { problems } = load({
      'b.yaml': shotTaken('emit: aded'),
      'a.yaml': shotTaken('emit: added\ndata: { id: "${data.idd}", lenght: x }'),
    });
    expect(problems.map(({ at, code }) => `${at?.file} ${code}`)).toEqual([
      'a.yaml MAPPING_UNKNOWN_PATH',
      'b.yaml MAPPING_UNKNOWN_EMIT',
    ]);
  });

  it('keeps the good mappings beside a bad one, and passes tests over', () => {
    const { mappings } = load({
      'good.yaml': shotTaken('drop: x'),
      'bad.yaml': 'from: x',
      'good.test.yaml': '- name: x',
    });
    expect([...mappings.keys()]).toEqual(['good']);
  });

  it('refuses two mappings of one name', () => {
    const { problems } = load({ 'a/x.yaml': shotTaken('drop: x'), 'b/x.yml': shotTaken('drop: x') });
    expect(problems).toMatchObject([{ code: 'MAPPING_DUPLICATE' }]);
  });
});

describe('any event', () => {
  it('is translated or fails with a reason, whatever it holds', () => {
    const mapping = loadOne(
      shotTaken(
        'emit: added\ndata:\n  id: ${data.id}-${data.urls | map(it | basename) | join ","}\n  bytes: ${data.size | add 1}\n  length: ${data.seconds | round | string}\n  list: { $each: data.files, as: file, do: "${file.name}" }\n  kind: { $switch: ${data.mode}, cases: { fast: a }, default: b }\n  live: { $if: { ">": [ { var: data.seconds }, 60 ] }, then: true, else: false }',
      ),
    );
    const anything = fc.anything({ withBigInt: true, maxDepth: 3 });
    fc.assert(
      fc.property(
        fc.oneof(anything, fc.record({ id: anything, urls: anything, size: anything, files: anything })),
        (data) => {
          const result = mapping.translate(scopeOf(data as Json));
          if (result.kind === 'failed')
            expect(result.reason.code).toMatch(/^MAPPING_(MISSING_VALUE|BAD_VALUE|TOO_LARGE|LOGIC)$/);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

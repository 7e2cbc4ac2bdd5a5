import { describe, expect, it } from 'vitest';
import type { YamlNode } from '../../src/kit/yaml.ts';
import { compileLogic } from '../../src/route/filter.ts';
import { problemsOf, scopeWith } from './compile.ts';

const clip = scopeWith('clip.generated', {
  room_id: { type: 'string' },
  length: { type: 'number' },
  files: {
    type: 'array',
    items: { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false },
  },
});
const live = scopeWith('live.started', { title: { type: 'string' } });

describe('a filter is refused at load', () => {
  it.each([
    ['an unknown operator', '{ "=": [1, 1] }', '1:3  "=" is no operator  [LOGIC_UNKNOWN_OPERATOR]\n  Try: =='],
    [
      'a mistyped operator',
      '{ start_with: [a, b] }',
      '1:3  "start_with" is no operator  [LOGIC_UNKNOWN_OPERATOR]\n  Try: starts_with',
    ],
    [
      'a number beside a text, in a list',
      '{ in: [{ var: data.room_id }, [27183290]] }',
      '1:32  data.room_id is text, and "in" cannot compare that with 27183290  [LOGIC_VALUE]\n  Try: "27183290"',
    ],
    [
      'a number strictly beside a text, also within others',
      '{ or: [{ "===": [1, { var: data.room_id }] }, { exists: data.length }] }',
      '1:18  data.room_id is text, and "===" cannot compare that with 1  [LOGIC_VALUE]\n  Try: "1"',
    ],
    [
      'a span beside a number',
      '{ ">": [{ var: data.length }, 1m] }',
      '1:31  data.length is a number, and ">" cannot compare that with "1m"  [LOGIC_VALUE]\n  Try: a number, such as 60',
    ],
    [
      'a text strictly beside a number',
      '{ "!==": [{ var: data.length }, "60"] }',
      '1:33  data.length is a number, and "!==" cannot compare that with "60"  [LOGIC_VALUE]\n  Try: 60',
    ],
    [
      'in the wrong way round',
      '{ in: [["1", "2"], { var: data.room_id }] }',
      '1:8  "in" looks for its first value in the second, and the list stands first  [LOGIC_ARGUMENTS]\n  Try: { in: [a, list or text] }',
    ],
    ['a name of JavaScript', '{ constructor: [] }', '1:3  "constructor" is no operator  [LOGIC_UNKNOWN_OPERATOR]'],
    ['a dotted operator', '{ var.apply: [] }', '1:3  "var.apply" is no operator  [LOGIC_UNKNOWN_OPERATOR]'],
    [
      'an operator that logs',
      '{ log: x }',
      '1:3  "log" reaches outside the filter and is not allowed  [LOGIC_REFUSED_OPERATOR]',
    ],
    [
      'an operator that calls',
      '{ method: [x, y] }',
      '1:3  "method" reaches outside the filter and is not allowed  [LOGIC_REFUSED_OPERATOR]',
    ],
    [
      'two operators',
      '{ ">": [{ var: data.length }, 1], "<": [1, 2] }',
      '1:35  an object has one operator, this one has ">", "<"  [LOGIC_TWO_OPERATORS]\n  Try: join them: { and: [ { ">": … }, { "<": … } ] }',
    ],
    [
      'an empty object',
      '{ "!": {} }',
      '1:8  an empty object is no condition  [LOGIC_NO_OPERATOR]\n  Try: { "==": [ { var: data.… }, … ] }',
    ],
    [
      'too few arguments',
      '{ "==": [1] }',
      '1:3  "==" takes 2 arguments, this has 1  [LOGIC_ARGUMENTS]\n  Try: { "==": [a, b] }',
    ],
    [
      'too many arguments',
      '{ ">": [3, 2, 1] }',
      '1:3  ">" takes 2 arguments, this has 3  [LOGIC_ARGUMENTS]\n  Try: { ">": [a, b] }',
    ],
    [
      'no arguments',
      '{ and: [] }',
      '1:3  "and" takes at least 1 argument, this has 0  [LOGIC_ARGUMENTS]\n  Try: { and: [a, b, …] }',
    ],
    [
      'an integer that is not exact',
      '{ "==": [{ var: data.room_id }, 9007199254740993] }',
      '1:33  9007199254740993 is beyond 2^53, where whole numbers are no longer exact  [LOGIC_INTEGER]\n  Try: "9007199254740993" in quotes: "==" compares it exactly',
    ],
    [
      'a number that is none',
      '{ "==": [{ var: data.length }, .inf] }',
      '1:32  Infinity is no number that an event can hold  [LOGIC_INTEGER]',
    ],
    [
      'a mistyped path',
      '{ var: data.rom_id }',
      '1:8  no event that comes here has "data.rom_id"  [LOGIC_UNKNOWN_PATH]\n  Try: data.room_id',
    ],
    [
      'a path without data',
      '{ var: room_id }',
      '1:8  no event that comes here has "room_id"  [LOGIC_UNKNOWN_PATH]\n  Try: data.room_id',
    ],
    [
      'a bracketed index',
      '{ var: "data.files[0].name" }',
      '1:8  no event that comes here has "data.files[0].name"  [LOGIC_UNKNOWN_PATH]\n  Try: data.files.0.name',
    ],
    [
      'the length of a text',
      '{ var: data.room_id.length }',
      '1:8  no event that comes here has "data.room_id.length"  [LOGIC_UNKNOWN_PATH]',
    ],
    [
      'a prototype',
      '{ var: data.constructor }',
      '1:8  no event that comes here has "data.constructor"  [LOGIC_UNKNOWN_PATH]\n  Try: one of data.room_id, data.length, data.files, data.title',
    ],
    [
      'an unknown path of missing',
      '{ missing: [data.room_id, data.lenght] }',
      '1:27  no event that comes here has "data.lenght"  [LOGIC_UNKNOWN_PATH]\n  Try: data.length',
    ],
    [
      'an unknown path of missing_some',
      '{ missing_some: [1, [data.lenght]] }',
      '1:22  no event that comes here has "data.lenght"  [LOGIC_UNKNOWN_PATH]\n  Try: data.length',
    ],
    [
      'an unknown path of exists',
      '{ exists: data.lenght }',
      '1:11  no event that comes here has "data.lenght"  [LOGIC_UNKNOWN_PATH]\n  Try: data.length',
    ],
    [
      'a computed path',
      '{ var: { cat: [data., x] } }',
      '1:8  a path is plain text: it cannot be computed  [LOGIC_COMPUTED_PATH]\n  Try: compare the values at fixed paths, with "if" or "or"',
    ],
    [
      'an empty path',
      '{ var: "" }',
      '1:8  this path is empty  [LOGIC_EMPTY_PATH]\n  Try: data, event, raw, request or params, and the field: data.room_id',
    ],
    [
      'an empty path in reduce',
      '{ reduce: [{ var: data.files }, { var: "" }, 0] }',
      '1:40  this path is empty  [LOGIC_EMPTY_PATH]\n  Try: current, or accumulator',
    ],
    [
      'a path of the event within a loop',
      '{ some: [{ var: data.files }, { "==": [{ var: data.room_id }, 1] }] }',
      '1:47  no item has "data.room_id": inside "some" a path starts at the item  [LOGIC_UNKNOWN_PATH]\n  Try: one of name',
    ],
    [
      'a mistyped value of reduce',
      '{ reduce: [{ var: data.files }, { var: curent.name }, 0] }',
      '1:40  no item has "curent.name": inside "reduce" a path starts at current or accumulator  [LOGIC_UNKNOWN_PATH]\n  Try: current.name',
    ],
    [
      'a loop over no list',
      '{ all: [{ var: data.length }, true] }',
      '1:11  data.length is never a list  [LOGIC_NO_LIST]\n  Try: compare it without the loop, or name the path of a list',
    ],
    [
      'a broken pattern',
      '{ matches: [{ var: data.room_id }, "("] }',
      '1:36  this is no RE2 pattern: error parsing regexp: missing closing ): `(`  [LOGIC_PATTERN]\n  Try: a \\ before a sign that means itself: "\\(live\\)"',
    ],
    [
      'a pattern with look-ahead',
      '{ matches: [{ var: data.room_id }, "a(?=b)"] }',
      '1:36  this is no RE2 pattern: error parsing regexp: invalid or unsupported Perl syntax: `(?=`  [LOGIC_PATTERN]\n  Try: RE2 has no look-around and no back-references',
    ],
    [
      'a computed pattern',
      '{ glob: [a, { var: data.room_id }] }',
      '1:13  the pattern of "glob" is plain text: it cannot be computed  [LOGIC_PATTERN]\n  Try: { glob: [text, pattern] }',
    ],
    [
      'an unknown type',
      '{ is_type: [{ var: data.length }, strng] }',
      '1:35  the second argument of "is_type" is a type, not "strng"  [LOGIC_TYPE]\n  Try: string',
    ],
    [
      'a path without var',
      '{ ">": [data.length, 60] }',
      '1:9  "data.length" is text here, and not the field of the event  [LOGIC_TEXT]\n  Try: { var: data.length }',
    ],
    [
      'a path as mappings write it',
      '{ "==": ["${data.files[0].name}", { var: data.room_id }] }',
      '1:10  "${data.files[0].name}" is text here, and not the field of the event  [LOGIC_TEXT]\n  Try: { var: data.files.0.name }',
    ],
    [
      'a path as other languages write it',
      '{ "==": ["{{ data.room_id }}", { var: data.title }] }',
      '1:10  "{{ data.room_id }}" is text here, and not the field of the event  [LOGIC_TEXT]\n  Try: { var: data.room_id }',
    ],
    [
      'a list without var',
      '{ some: [data.files, { var: name }] }',
      '1:10  "data.files" is text here, and not the field of the event  [LOGIC_TEXT]\n  Try: { var: data.files }',
    ],
  ])('for %s', (_, written, problem) => {
    expect(problemsOf(written, [clip, live])).toEqual([`relay.yaml:${problem}`]);
  });

  it('with every problem at once', () => {
    const written = '{ and: [{ "=": [1, 1] }, { ">": [{ var: data.lenght }] }, { var: data.rom_id }] }';
    expect(problemsOf(written, [clip]).map((text) => /\[(\w+)\]/.exec(text)?.[1])).toEqual([
      'LOGIC_UNKNOWN_OPERATOR',
      'LOGIC_ARGUMENTS',
      'LOGIC_UNKNOWN_PATH',
    ]);
  });

  it('for 20,000 levels, without running out of stack', () => {
    const at = { file: 'relay.yaml', line: 3, column: 5 };
    let node: YamlNode = { kind: 'value', at, value: true, quoted: false, positionOf: () => at };
    for (let i = 0; i < 20_000; i++) node = { kind: 'map', at, entries: [{ key: '!', keyAt: at, value: node }] };
    expect(compileLogic(node, [])).toEqual({
      logic: undefined,
      problems: [{ at, code: 'LOGIC_TOO_DEEP', message: 'this filter is nested deeper than 100 levels' }],
    });
  });

  it('for more conditions than can be meant', () => {
    expect(problemsOf({ or: Array.from({ length: 10_001 }, () => ({ var: 'data.room_id' })) })).toEqual([
      'relay.yaml:1:1  this filter has more than 10000 conditions  [LOGIC_TOO_LARGE]',
    ]);
  });
});

describe('a filter is taken', () => {
  it.each([
    ['with a path that one of several event types has', '{ var: data.title }'],
    ['with a constant of the configuration', '{ "==": [{ var: params.room }, 1] }'],
    ['with a path of an item in a list', '{ var: data.files.0.name }'],
    ['with the item itself', '{ map: [{ var: data.files }, { var: "" }] }'],
    [
      'with the fields of an item',
      '{ some: [{ filter: [{ var: data.files }, { var: name }] }, { "!!": { var: name } }] }',
    ],
    [
      'with both values of reduce',
      '{ reduce: [{ var: data.files }, { cat: [{ var: accumulator }, { var: current.name }] }, ""] }',
    ],
    [
      'with 20,000 values in a list',
      `{ in: [{ var: data.room_id }, [${Array.from({ length: 20_000 }, (_, i) => `"${i}"`)}]] }`,
    ],
  ])('%s', (_, written) => {
    expect(problemsOf(written, [clip, live])).toEqual([]);
  });

  it('with any path where nothing is known of the events', () => {
    expect(problemsOf('{ var: data.anything.at.all }', [])).toEqual([]);
    expect(problemsOf('{ var: data.anything.at.all }', [{}])).toEqual([]);
  });
});

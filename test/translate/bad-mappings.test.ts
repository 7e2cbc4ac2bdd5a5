/** Mappings with one mistake each: every one gives its code, its line, and something to do about it. */
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../src/kit/problem.ts';
import { load, shotTaken } from './load-for-test.ts';

interface Bad {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  readonly line: number;
  readonly column?: number;
  /** A part of the Try: line. */
  readonly advice?: string;
  readonly tables?: Readonly<Record<string, string>>;
}

/** The line of `shot.taken`'s first line in what shotTaken makes. */
const FIRST = 6;
const data = (fields: string): string => `emit: added\ndata:\n${fields.replace(/^/gm, '  ')}`;

const YAML: readonly Bad[] = [
  { what: 'an empty file', text: '', code: 'MAPPING_SHAPE', line: 1 },
  { what: 'a list instead of a mapping', text: '- a\n- b\n', code: 'MAPPING_SHAPE', line: 1 },
  { what: 'wrong indentation', text: 'from: camera\nto: album\n   translate:\n  a: b\n', code: 'YAML_SYNTAX', line: 3 },
  {
    what: 'a tab for indentation',
    text: 'from: camera\nto: album\ntranslate:\n\tshot.taken: {}\n',
    code: 'YAML_SYNTAX',
    line: 4,
  },
  { what: 'an unclosed brace', text: shotTaken('{ emit: added, data: { id: x }'), code: 'YAML_SYNTAX', line: FIRST },
  { what: 'an unclosed quote', text: shotTaken(data('id: "x')), code: 'YAML_SYNTAX', line: 8 },
  { what: 'a key twice', text: shotTaken(data('id: x\nid: y')), code: 'YAML_DUPLICATE_KEY', line: 9, column: 7 },
  { what: 'a tag', text: shotTaken(data('id: !!binary aGk=')), code: 'YAML_TAG', line: 8 },
  { what: 'an alias without an anchor', text: shotTaken(data('id: *nowhere')), code: 'YAML_ALIAS', line: 8 },
  {
    what: '10,000-deep nesting',
    text: shotTaken(data(`id: ${'['.repeat(10_000)}${']'.repeat(10_000)}`)),
    code: 'YAML_TOO_DEEP',
    line: 1,
  },
  {
    what: '10,000-deep nesting by indentation',
    text: Array.from({ length: 10_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    code: 'YAML_TOO_DEEP',
    line: 1,
  },
  { what: 'two documents', text: `${shotTaken('{ drop: x }')}---\nfrom: camera\n`, code: 'YAML_SYNTAX', line: 7 },
];

const TOP: readonly Bad[] = [
  { what: 'no from', text: 'to: album\ntranslate: {}\n', code: 'MAPPING_MISSING_KEY', line: 1 },
  { what: 'no translate', text: 'from: camera\nto: album\n', code: 'MAPPING_MISSING_KEY', line: 1 },
  {
    what: 'a mistyped key',
    text: shotTaken('{ drop: x }', 'parms: {}\n'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 3,
    column: 1,
    advice: 'params',
  },
  {
    what: 'a mistyped params: whose params are used',
    text: shotTaken(data('id: ${params.base}'), 'parms: { base: { about: the base } }\n'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 3,
    advice: 'params',
  },
  {
    what: 'a mistyped tables: whose tables are used',
    text: shotTaken(data('id: { $table: rooms, key: "${data.id}" }'), 'table: { rooms: { a: b } }\n'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 3,
    advice: 'tables',
  },
  {
    what: 'a mistyped fragments: whose fragments are used',
    text: shotTaken(data('id: { $use: piece }'), 'fragment: { piece: x }\n'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 3,
    advice: 'fragments',
  },
  {
    what: 'a mistyped event type in the place of the one that is meant',
    text: shotTaken('{ drop: x }').replace('shot.taken', 'shot.takn'),
    code: 'MAPPING_UNKNOWN_EVENT',
    line: 5,
    advice: 'shot.taken',
  },
  {
    what: 'an unknown source format',
    text: 'from: camra\nto: album\ntranslate: {}\n',
    code: 'MAPPING_UNKNOWN_FORMAT',
    line: 1,
    column: 7,
    advice: 'camera',
  },
  {
    what: 'an unknown target format',
    text: 'from: camera\nto: alba\ntranslate: {}\n',
    code: 'MAPPING_UNKNOWN_FORMAT',
    line: 2,
    column: 5,
    advice: 'album',
  },
  {
    what: 'a translate that is a list',
    text: 'from: camera\nto: album\ntranslate: [a]\n',
    code: 'MAPPING_SHAPE',
    line: 3,
  },
  {
    what: 'an event type that neither emits nor drops',
    text: 'from: camera\nto: album\ntranslate:\n  shot.lost: { drop: x }\n',
    code: 'MAPPING_UNCOVERED_EVENT',
    line: 4,
    advice: 'shot.taken: { drop:',
  },
  {
    what: 'an event type that the source does not have',
    text: `${shotTaken('{ drop: x }')}  shot.take: { drop: x }\n`,
    code: 'MAPPING_UNKNOWN_EVENT',
    line: 7,
    column: 3,
    advice: 'shot.taken',
  },
  {
    what: 'an event type by another name, where one is left',
    text: shotTaken('{ drop: x }').replace('shot.taken', 'photo'),
    code: 'MAPPING_UNKNOWN_EVENT',
    line: 5,
    advice: 'shot.taken',
  },
  {
    what: 'an unused param',
    text: shotTaken('{ drop: x }', 'params: { base: { about: the base } }\n'),
    code: 'MAPPING_UNUSED_PARAM',
    line: 3,
    column: 11,
  },
  {
    what: 'a param without an about',
    text: shotTaken(data('id: ${params.base}'), 'params: { base: { default: x } }\n'),
    code: 'MAPPING_PARAM_ABOUT',
    line: 3,
    advice: 'about',
  },
  {
    what: 'a param that is no object',
    text: shotTaken(data('id: ${params.base}'), 'params:\n  base: x\n'),
    code: 'MAPPING_PARAM_ABOUT',
    line: 4,
  },
  {
    what: 'a param with an unknown key',
    text: shotTaken(data('id: ${params.base}'), 'params: { base: { about: x, defualt: y } }\n'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 3,
    advice: 'default',
  },
  {
    what: 'a param of an unknown type',
    text: shotTaken(data('id: ${params.base}'), 'params: { base: { about: x, type: text } }\n'),
    code: 'MAPPING_SHAPE',
    line: 3,
    advice: 'string',
  },
  {
    what: 'a param that is used and not declared',
    text: shotTaken(data('id: ${params.base}')),
    code: 'MAPPING_UNDECLARED_PARAM',
    line: 8,
    advice: 'base: { about:',
  },
  {
    what: 'an unused table',
    text: shotTaken('{ drop: x }', 'tables: { rooms: { a: b } }\n'),
    code: 'MAPPING_UNUSED_TABLE',
    line: 3,
    column: 11,
  },
  {
    what: 'an unused fragment',
    text: shotTaken('{ drop: x }', 'fragments: { piece: { a: b } }\n'),
    code: 'MAPPING_UNUSED_FRAGMENT',
    line: 3,
  },
];

const ENTRIES: readonly Bad[] = [
  { what: 'an entry that is text', text: shotTaken('added'), code: 'MAPPING_NO_EMISSION', line: FIRST },
  { what: 'an empty entry', text: shotTaken('{}'), code: 'MAPPING_NO_EMISSION', line: FIRST },
  { what: 'an empty list of emissions', text: shotTaken('[]'), code: 'MAPPING_NO_EMISSION', line: FIRST },
  { what: 'data without an emit', text: shotTaken('data: { id: x }'), code: 'MAPPING_NO_EMISSION', line: FIRST },
  { what: 'a drop without a reason', text: shotTaken('drop:'), code: 'MAPPING_DROP_REASON', line: FIRST },
  {
    what: 'an emission behind a drop',
    text: shotTaken('- drop: x\n- emit: removed'),
    code: 'MAPPING_UNREACHABLE',
    line: FIRST + 1,
  },
  { what: 'a drop with data', text: shotTaken('drop: x\ndata: {}'), code: 'MAPPING_UNKNOWN_KEY', line: FIRST + 1 },
  {
    what: 'an unknown target event',
    text: shotTaken('emit: aded\ndata: { id: x }'),
    code: 'MAPPING_UNKNOWN_EMIT',
    line: FIRST,
    column: 11,
    advice: 'added',
  },
  {
    what: 'a mistyped key of an emission',
    text: shotTaken('emit: added\ndata: { id: x }\nwenn: true'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: FIRST + 2,
    advice: 'when',
  },
  {
    what: 'a when that can never hold',
    text: shotTaken('emit: added\nwhen: { "==": [ { var: data.mode }, quick ] }\ndata: { id: x }'),
    code: 'MAPPING_WHEN_NEVER',
    line: FIRST + 1,
  },
  {
    what: 'a when that reads another event',
    text: shotTaken('emit: added\nwhen: { "==": [ { var: event.type }, shot.lost ] }\ndata: { id: x }'),
    code: 'MAPPING_WHEN_NEVER',
    line: FIRST + 1,
  },
  {
    what: 'a when that is text',
    text: shotTaken('emit: added\nwhen: data.seconds > 60\ndata: { id: x }'),
    code: 'LOGIC_NO_CONDITION',
    line: FIRST + 1,
    advice: '{ ">": [{ var: data.seconds }, 60] }',
  },
  {
    what: 'a when without var',
    text: shotTaken('emit: added\nwhen: { ">": [ data.seconds, 60 ] }\ndata: { id: x }'),
    code: 'LOGIC_TEXT',
    line: FIRST + 1,
    advice: '{ var: data.seconds }',
  },
  {
    what: 'a when that reads nothing',
    text: shotTaken('emit: added\nwhen: { "!=": [ seconds, "" ] }\ndata: { id: x }'),
    code: 'MAPPING_WHEN_ALWAYS',
    line: FIRST + 1,
    advice: '{ var: data.length }',
  },
  {
    what: 'an $if without json-logic',
    text: shotTaken(data('id: { $if: "${data.live}", then: a, else: b }')),
    code: 'LOGIC_NO_CONDITION',
    line: FIRST + 2,
    advice: '{ var: data.live }',
  },
  {
    what: 'a when with an unknown path',
    text: shotTaken('emit: added\nwhen: { ">": [ { var: data.secnds }, 1 ] }\ndata: { id: x }'),
    code: 'LOGIC_UNKNOWN_PATH',
    line: FIRST + 1,
  },
  {
    what: 'a when with two operators in one object',
    text: shotTaken('emit: added\nwhen: { "==": [1, 1], "<": [1, 2] }\ndata: { id: x }'),
    code: 'LOGIC_TWO_OPERATORS',
    line: FIRST + 1,
  },
];

const EXPRESSIONS: readonly Bad[] = [
  {
    what: 'an unclosed ${',
    text: shotTaken(data('id: "${data.id"')),
    code: 'MAPPING_UNCLOSED',
    line: 8,
    column: 12,
    advice: '}',
  },
  { what: 'nothing in ${}', text: shotTaken(data('id: ${}')), code: 'MAPPING_EXPRESSION', line: 8 },
  {
    what: 'another language\'s "or"',
    text: shotTaken(data('id: ${data.title || "none"}')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 24,
    advice: '?? for another value',
  },
  {
    what: 'an operator before its value',
    text: shotTaken(data('id: ${upper(data.id)}')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    advice: 'data.… | upper',
  },
  {
    what: 'an expression in place of a condition',
    text: shotTaken(data('id: { $if: "${data.title?}", then: a, else: b }')),
    code: 'LOGIC_NO_CONDITION',
    line: 8,
    advice: '{ var: data.title }',
  },
  {
    what: 'two operators in a row',
    text: shotTaken(data('id: ${data.id | | upper}')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 23,
  },
  { what: 'a pipe at the end', text: shotTaken(data('id: ${data.id |}')), code: 'MAPPING_EXPRESSION', line: 8 },
  {
    what: 'an operator without a pipe',
    text: shotTaken(data('id: ${data.id upper}')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 21,
    advice: '|',
  },
  {
    what: 'arithmetic',
    text: shotTaken(data('bytes: ${data.size + 1}\nid: x')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    advice: '| add',
  },
  {
    what: 'an unclosed parenthesis',
    text: shotTaken(data('id: ${data.id | default("x"}')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    advice: ')',
  },
  { what: 'an unclosed text', text: shotTaken(data("id: ${data.id | default 'x}")), code: 'MAPPING_UNCLOSED', line: 8 },
  { what: 'a path that ends in a point', text: shotTaken(data('id: ${data.}')), code: 'MAPPING_EXPRESSION', line: 8 },
  {
    what: 'a ? in the middle',
    text: shotTaken(data('id: ${data.room?.name}')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    advice: '${data.a.b?}',
  },
  {
    what: 'an expression that is too long',
    text: shotTaken(data(`id: \${data.id${' '.repeat(5000)}}`)),
    code: 'MAPPING_EXPRESSION',
    line: 8,
  },
  {
    what: 'an expression that is nested too deep',
    text: shotTaken(data(`id: \${${'('.repeat(500)}data.id${')'.repeat(500)}}`)),
    code: 'MAPPING_EXPRESSION',
    line: 8,
  },
  {
    what: 'too many operators',
    text: shotTaken(data(`id: \${data.id${' | upper'.repeat(100)}}`)),
    code: 'MAPPING_EXPRESSION',
    line: 8,
  },
  {
    what: 'an unknown path',
    text: shotTaken(data('id: ${data.idd}')),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 8,
    column: 18,
    advice: 'data.id',
  },
  {
    what: 'an unknown path inside text, at its place',
    text: shotTaken(data('id: "a ${data.id} b ${data.room.nam}"')),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 8,
    column: 39,
    advice: 'data.room.name',
  },
  {
    what: 'a longer path without its root',
    text: 'from: json\nto: json\ntranslate:\n  "*": { body: "${order.id}" }\n',
    code: 'MAPPING_UNKNOWN_PATH',
    line: 4,
    advice: 'did you mean data.order.id?',
  },
  {
    what: 'a path of another language',
    text: 'from: json\nto: json\ntranslate:\n  "*": { body: "${$.order.id}" }\n',
    code: 'MAPPING_UNKNOWN_PATH',
    line: 4,
    advice: 'one of event, data, raw',
  },
  {
    what: 'a path without its root',
    text: shotTaken(data('id: ${id}')),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 8,
    advice: 'data.id',
  },
  { what: 'a path into a text', text: shotTaken(data('id: ${data.id.x}')), code: 'MAPPING_UNKNOWN_PATH', line: 8 },
  { what: '__proto__', text: shotTaken(data('id: ${data.__proto__}')), code: 'MAPPING_UNKNOWN_PATH', line: 8 },
  { what: 'constructor', text: shotTaken(data('id: ${data.constructor}')), code: 'MAPPING_UNKNOWN_PATH', line: 8 },
  {
    what: 'an operator where a value belongs',
    text: shotTaken(data('id: ${upper}')),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 8,
    advice: '| upper',
  },
  {
    what: 'an unknown operator',
    text: shotTaken(data('id: ${data.id | uper}')),
    code: 'MAPPING_UNKNOWN_OPERATOR',
    line: 8,
    column: 23,
    advice: '| upper',
  },
  {
    what: 'an operator of JavaScript',
    text: shotTaken(data('id: ${data.id | toUpperCase}')),
    code: 'MAPPING_UNKNOWN_OPERATOR',
    line: 8,
    advice: '| upper',
  },
  {
    what: 'an operator of another language',
    text: shotTaken(data('id: ${data.id | downcase}')),
    code: 'MAPPING_UNKNOWN_OPERATOR',
    line: 8,
    advice: '| lower',
  },
  {
    what: 'an operator on the wrong type',
    text: shotTaken(data('id: ${data.seconds | upper}')),
    code: 'MAPPING_OPERATOR_INPUT',
    line: 8,
    column: 28,
    advice: '| string | upper',
  },
  {
    what: 'arithmetic on text',
    text: shotTaken(data('id: ${data.id | add 1 | string}')),
    code: 'MAPPING_OPERATOR_INPUT',
    line: 8,
    advice: '| int',
  },
  {
    what: 'a missing argument',
    text: shotTaken(data('id: ${data.id | replace "a"}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
    advice: 'replace text by',
  },
  {
    what: 'one argument too many',
    text: shotTaken(data('id: ${data.id | upper "x"}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
    column: 29,
  },
  {
    what: 'an argument of the wrong type',
    text: shotTaken(data('id: ${data.id | truncate "x"}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
    column: 32,
  },
  {
    what: 'an argument that is none of the choices',
    text: shotTaken(data('id: ${data.id | pad 5 "0" "ende"}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
    advice: 'end',
  },
  {
    what: 'a regular expression that is none',
    text: shotTaken(data('id: ${data.id | re_replace "(" ""}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
  },
  {
    what: 'a regular expression for replace',
    text: shotTaken(data('id: ${data.id | replace "^a" ""}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
  },
  {
    what: 'an unknown time zone',
    text: shotTaken(data('id: ${event.time | time "%H" "Mars/Base"}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
  },
  {
    what: 'an unknown directive of a time',
    text: shotTaken(data('id: ${event.time | time "%Q"}')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
  },
  {
    what: 'an optional field without a way out',
    text: shotTaken(data('id: ${data.title}')),
    code: 'MAPPING_OPTIONAL_VALUE',
    line: 8,
    column: 13,
    advice: 'data.title?',
  },
  {
    what: 'an optional field through operators',
    text: shotTaken(data('id: ${data.room.cover | upper}')),
    code: 'MAPPING_OPTIONAL_VALUE',
    line: 8,
    advice: '| default',
  },
  {
    what: 'alternatives that may all be missing',
    text: shotTaken(data('id: ${data.title ?? data.room.cover}')),
    code: 'MAPPING_OPTIONAL_VALUE',
    line: 8,
  },
  {
    what: 'an operator that may give nothing',
    text: shotTaken(data('id: ${data.urls | first}')),
    code: 'MAPPING_OPTIONAL_VALUE',
    line: 8,
  },
  {
    what: 'an item that may lack a field',
    text: shotTaken(data('list: ${data.files | map it.note}\nid: x')),
    code: 'MAPPING_OPTIONAL_VALUE',
    line: 8,
    advice: 'it.note?',
  },
  {
    what: 'an expression for items that is mistyped',
    text: shotTaken(data('list: ${data.files | map it.nmae}\nid: x')),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 8,
    advice: 'it.name',
  },
  {
    what: 'a path without ${}',
    text: shotTaken(data('id: data.id')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 11,
    advice: '${data.id}',
  },
  {
    what: 'a path in the brackets of another language',
    text: shotTaken(data('id: "${data.mode} {{ data.seconds }}"')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 25,
    advice: '${data.seconds}',
  },
  {
    what: 'a path in the braces of another language, without quotes',
    text: shotTaken('{ emit: added, data: { id: {{data.id | upper}}, title: x } }'),
    code: 'MAPPING_EXPRESSION',
    line: FIRST,
    column: 32,
    advice: '${data.id | upper}',
  },
  {
    what: 'a misspelt path in the braces of another language',
    text: shotTaken(data('id: x/{{ data.idd }}/y')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 13,
    advice: '${data.idd}',
  },
  {
    what: 'a path in the braces of another language as a name',
    text: shotTaken(data('id: x\n{{data.id}}: y')),
    code: 'MAPPING_KEY',
    line: 9,
    column: 7,
  },
  {
    what: 'a path as GitHub Actions has it',
    text: shotTaken('{ emit: added, data: { id: ${{ data.id }} } }'),
    code: 'MAPPING_EXPRESSION',
    line: FIRST,
    advice: '${data.id}',
  },
  {
    what: 'braces of another language around something else',
    text: shotTaken(data('id: {{id}}')),
    code: 'YAML_KEY',
    line: 8,
    advice: '${…} for a value',
  },
  {
    what: 'a path behind a $ alone',
    text: shotTaken(data('id: shot $data.room.name')),
    code: 'MAPPING_EXPRESSION',
    line: 8,
    column: 16,
    advice: '${data.room.name}',
  },
  { what: 'it outside of an item', text: shotTaken(data('id: ${it}')), code: 'MAPPING_UNKNOWN_PATH', line: 8 },
  {
    what: 'a condition for items that is none',
    text: shotTaken(data('list: ${data.urls | filter(it | upper)}\nid: x')),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    line: 8,
  },
  {
    what: 'a list inside a text',
    text: shotTaken(data('id: "a ${data.urls}"')),
    code: 'MAPPING_FIELD_TYPE',
    line: 8,
    advice: '| join',
  },
];

const FIELDS: readonly Bad[] = [
  {
    what: 'an unknown target field',
    text: shotTaken(data('id: x\nlenght: "1"')),
    code: 'MAPPING_UNKNOWN_FIELD',
    line: 9,
    column: 7,
    advice: 'length',
  },
  {
    what: 'a missing target field',
    text: shotTaken(data('length: "1"')),
    code: 'MAPPING_MISSING_FIELD',
    line: 8,
    advice: 'the id of the shot',
  },
  { what: 'no data at all', text: shotTaken('emit: added'), code: 'MAPPING_MISSING_FIELD', line: FIRST },
  {
    what: 'a required field that may be left out',
    text: shotTaken(data('id: ${data.title?}')),
    code: 'MAPPING_MISSING_FIELD',
    line: 8,
  },
  {
    what: 'a number where text belongs',
    text: shotTaken(data('id: x\nlength: ${data.seconds}')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    column: 17,
    advice: '| string',
  },
  {
    what: 'a written number where text belongs',
    text: shotTaken(data('id: 5')),
    code: 'MAPPING_FIELD_TYPE',
    line: 8,
    advice: '"5"',
  },
  {
    what: 'a written text where true or false belongs',
    text: shotTaken(data('id: x\nlive: "no"')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    advice: 'false',
  },
  {
    what: 'a number of a table where text belongs',
    text: shotTaken(
      data('id: { $table: ids, key: "${data.mode}" }\nlength: { $table: ids, key: "${data.mode}" }'),
      'tables: { ids: { fast: one, slow: 2 } }\n',
    ),
    code: 'MAPPING_FIELD_TYPE',
    line: 3,
    column: 35,
    advice: '"2"',
  },
  {
    what: 'a number of a table in a file where text belongs',
    text: shotTaken(
      data('id: { $table: ids, key: "${data.mode}", column: name }'),
      'tables: { ids: { file: ids.yaml } }\n',
    ),
    tables: { 'ids.yaml': 'fast: { name: a, n: 1 }\nslow:\n  name: 5\n  n: 2\n' },
    code: 'MAPPING_FIELD_TYPE',
    line: 3,
    column: 9,
    advice: '"5"',
  },
  {
    what: 'a row of a table where text belongs',
    text: shotTaken(
      data('id: { $table: ids, key: "${data.mode}" }'),
      'tables: { ids: { fast: { n: 1, m: x }, slow: { n: 2 } } }\n',
    ),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    advice: 'column: n, or column: m',
  },
  {
    what: 'a text of a CSV table where a number belongs',
    text: shotTaken(
      data('id: x\nbytes: { $table: sizes, key: "${data.mode}" }'),
      'tables: { sizes: { file: sizes.csv } }\n',
    ),
    tables: { 'sizes.csv': 'mode,size\nfast,1\n' },
    code: 'MAPPING_FIELD_TYPE',
    line: 10,
    advice: 'a YAML file for the table',
  },
  {
    what: 'text where a number belongs',
    text: shotTaken(data('id: x\nbytes: ${data.id}')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    advice: '| int',
  },
  {
    what: 'a fraction where a whole number belongs',
    text: shotTaken(data('id: x\nbytes: ${data.seconds}')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    advice: '| round',
  },
  { what: 'null where text belongs', text: shotTaken(data('id: null')), code: 'MAPPING_FIELD_TYPE', line: 8 },
  {
    what: 'text where a list belongs',
    text: shotTaken(data('id: x\nlist: ${data.id}')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    advice: '| list',
  },
  { what: 'an object where text belongs', text: shotTaken(data('id: { a: b }')), code: 'MAPPING_FIELD_TYPE', line: 8 },
  {
    what: 'numbers in a list of texts',
    text: shotTaken(data('id: x\nlist: [ a, 5 ]')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
    column: 18,
  },
  {
    what: 'a wrong enum value',
    text: shotTaken(data('id: x\nkind: neither')),
    code: 'MAPPING_FIELD_VALUE',
    line: 9,
    advice: 'one of a, b',
  },
  {
    what: 'a source enum that the target does not take',
    text: shotTaken(data('id: x\nkind: ${data.mode}')),
    code: 'MAPPING_FIELD_VALUE',
    line: 9,
  },
  {
    what: 'a text that does not match',
    text: shotTaken(data('id: x\ncode: abc')),
    code: 'MAPPING_FIELD_VALUE',
    line: 9,
  },
  {
    what: 'a text that is too long',
    text: shotTaken(data('id: x\ncode: ABCDE')),
    code: 'MAPPING_FIELD_VALUE',
    line: 9,
  },
  {
    what: 'a field of an object within',
    text: shotTaken(data('id: x\nplace: { nam: y }')),
    code: 'MAPPING_UNKNOWN_FIELD',
    line: 9,
  },
  {
    what: 'a whole object with a field too many',
    text: shotTaken(data('id: x\nplace: ${data.room}')),
    code: 'MAPPING_UNKNOWN_FIELD',
    line: 9,
    advice: 'without "cover"',
  },
  {
    what: 'text for a field of two types',
    text: shotTaken(data('id: x\nat: soon')),
    code: 'MAPPING_FIELD_TYPE',
    line: 9,
  },
  { what: '__proto__ as a field', text: shotTaken(data('id: x\n__proto__: y')), code: 'YAML_KEY', line: 9 },
  {
    what: 'an expression as a field’s name',
    text: shotTaken(data('id: x\n"${data.id}": y')),
    code: 'MAPPING_KEY',
    line: 9,
  },
];

const STRUCTURES: readonly Bad[] = [
  {
    what: 'an unknown structure',
    text: shotTaken(data('id: { $fi: true, then: x }')),
    code: 'MAPPING_UNKNOWN_STRUCTURE',
    line: 8,
    advice: '$if',
  },
  {
    what: 'an $if without then',
    text: shotTaken(data('id: { $if: { var: data.live } }')),
    code: 'MAPPING_MISSING_KEY',
    line: 8,
    advice: 'then',
  },
  {
    what: 'an $if that may leave a required field out',
    text: shotTaken(data('id: { $if: { var: data.live }, then: x }')),
    code: 'MAPPING_MISSING_FIELD',
    line: 8,
  },
  {
    what: 'an $if that is always true',
    text: shotTaken(data('id: { $if: { "==": [1, 1] }, then: x, else: y }')),
    code: 'MAPPING_CONDITION',
    line: 8,
  },
  {
    what: 'a branch of the wrong type',
    text: shotTaken(data('id: { $if: { var: data.live }, then: x, else: 5 }')),
    code: 'MAPPING_FIELD_TYPE',
    line: 8,
    column: 53,
  },
  {
    what: 'an $each with a misspelt do',
    text: shotTaken(data('id: x\nlist: { $each: data.urls, as: url, doo: y }')),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 9,
    advice: 'do',
  },
  {
    what: 'a misspelt emit',
    text: shotTaken('emt: added\ndata: { id: x }'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 6,
    advice: 'emit',
  },
  {
    what: 'a misspelt data',
    text: shotTaken('emit: added\ndat: { id: x }'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 7,
    advice: 'data',
  },
  {
    what: 'a $switch around emissions',
    text: shotTaken('$switch: ${data.mode}\ncases: { fast: { emit: added, data: { id: x } } }'),
    code: 'MAPPING_SHAPE',
    line: 6,
    column: 5,
    advice: 'a list of emissions',
  },
  {
    what: 'a $use instead of a request',
    text: 'from: json\nto: json\nfragments: { a: { path: /x } }\ntranslate:\n  "*": { $use: a }\n',
    code: 'MAPPING_SHAPE',
    line: 5,
    advice: 'a list of emissions',
  },
  {
    what: 'an $each without as',
    text: shotTaken(data('id: x\nlist: { $each: data.urls, do: y }')),
    code: 'MAPPING_MISSING_KEY',
    line: 9,
  },
  {
    what: 'an $each over text',
    text: shotTaken(data('id: x\nlist: { $each: data.id, as: one, do: y }')),
    code: 'MAPPING_SUBJECT',
    line: 9,
  },
  {
    what: 'an $each that hides data',
    text: shotTaken(data('id: x\nlist: { $each: data.urls, as: data, do: y }')),
    code: 'MAPPING_NAME',
    line: 9,
  },
  {
    what: 'a wrong path inside of $each',
    text: shotTaken(data('id: x\nlist: { $each: data.files, as: one, do: "${one.nam}" }')),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 9,
    advice: 'one.name',
  },
  {
    what: 'a condition on a wrong path inside of $each',
    text: shotTaken(data('id: x\nlist: { $each: data.files, as: one, do: { $if: { var: one.nam }, then: y } }')),
    code: 'LOGIC_UNKNOWN_PATH',
    line: 9,
  },
  {
    what: 'a $switch on a constant',
    text: shotTaken(data('id: { $switch: data.mode, cases: { fast: a } , default: b }')),
    code: 'MAPPING_SUBJECT',
    line: 8,
    advice: '${data.mode}',
  },
  {
    what: 'a $switch on a list',
    text: shotTaken(data('id: { $switch: "${data.urls}", cases: { fast: a } , default: b }')),
    code: 'MAPPING_SUBJECT',
    line: 8,
    advice: '| first',
  },
  {
    what: 'a $table whose key is an object',
    text: shotTaken(data('id: { $table: rooms, key: "${data.room}", default: b }'), 'tables: { rooms: { a: b } }\n'),
    code: 'MAPPING_SUBJECT',
    line: 9,
    advice: 'one of its fields',
  },
  {
    what: 'a case that never comes',
    text: shotTaken(data('id: { $switch: ${data.mode}, cases: { fest: a }, default: b }')),
    code: 'MAPPING_CASE',
    line: 8,
    advice: 'fast',
  },
  {
    what: 'an unknown table',
    text: shotTaken(data('id: { $table: romes, key: ${data.id}, default: x }'), 'tables: { rooms: { a: b } }\n'),
    code: 'MAPPING_UNKNOWN_TABLE',
    line: 9,
    advice: 'rooms',
  },
  {
    what: 'a CSV table that is missing',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    code: 'MAPPING_TABLE_FILE',
    line: 3,
    column: 26,
  },
  {
    what: 'a column of a table that is missing',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, column: name, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    code: 'MAPPING_TABLE_FILE',
    line: 3,
  },
  {
    what: 'a quote in a CSV table that is never closed',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': 'id,name\n1,a\n2,"b\n3,c\n' },
    code: 'MAPPING_TABLE_ROW',
    line: 3,
    advice: 'a " at its end',
  },
  {
    what: 'a column that is there twice',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, column: city, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': 'id,name,city,name\n1,a,b,c\n' },
    code: 'MAPPING_TABLE_FILE',
    line: 1,
    advice: 'a name of its own',
  },
  {
    what: 'a table of another kind of file',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.xlsx } }\n',
    ),
    code: 'MAPPING_TABLE_FILE',
    line: 3,
  },
  {
    what: 'columns that stand apart by semicolons',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    advice: 'commas in every line: room,name',
    tables: { 'rooms.csv': 'room;name\n1;a\n' },
    code: 'MAPPING_TABLE_FILE',
    line: 1,
  },
  {
    what: 'a space behind a comma of the header',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    advice: 'room,name as its first line',
    tables: { 'rooms.csv': 'room, name\n1, a\n' },
    code: 'MAPPING_TABLE_FILE',
    line: 1,
  },
  {
    what: 'a CSV table without a header',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': '26966466,lobby\n27183290,stage\n' },
    code: 'MAPPING_TABLE_FILE',
    line: 1,
    advice: 'room,name as its first line',
  },
  {
    what: 'a CSV row that is too short',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': 'id,name\n1,a\n2\n' },
    code: 'MAPPING_TABLE_ROW',
    line: 3,
  },
  {
    what: 'a CSV key that comes twice',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': 'id,name\n1,a\n1,b\n' },
    code: 'MAPPING_TABLE_ROW',
    line: 3,
  },
  {
    what: 'a column of a table with one value a row',
    text: shotTaken(
      data('id: { $table: rooms, key: "${data.id}", column: name, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': 'id,name\n1,a\n' },
    code: 'MAPPING_UNKNOWN_TABLE',
    line: 9,
    advice: 'leave column: out',
  },
  {
    what: 'an unknown column',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, column: nam, default: x }'),
      'tables: { rooms: { file: rooms.csv } }\n',
    ),
    tables: { 'rooms.csv': 'id,name,city\n1,a,b\n' },
    code: 'MAPPING_UNKNOWN_TABLE',
    line: 9,
    advice: 'name',
  },
  {
    what: 'a YAML table that is a list',
    text: shotTaken(
      data('id: { $table: rooms, key: ${data.id}, default: x }'),
      'tables: { rooms: { file: rooms.yaml } }\n',
    ),
    tables: { 'rooms.yaml': '- a\n' },
    code: 'MAPPING_TABLE_FILE',
    line: 3,
  },
  {
    what: 'a table of values of the wrong type',
    text: shotTaken(data('id: { $table: rooms, key: ${data.id}, default: x }'), 'tables: { rooms: { a: 5 } }\n'),
    code: 'MAPPING_FIELD_TYPE',
    line: 3,
  },
  {
    what: 'an unknown fragment',
    text: shotTaken(data('id: { $use: pice }'), 'fragments: { piece: x }\n'),
    code: 'MAPPING_UNKNOWN_FRAGMENT',
    line: 9,
    advice: 'piece',
  },
  {
    what: 'a fragment that uses itself',
    text: shotTaken(data('id: { $use: piece }'), 'fragments:\n  piece: { $use: piece }\n'),
    code: 'MAPPING_FRAGMENT_CYCLE',
    line: 4,
  },
  {
    what: 'fragments in a circle',
    text: shotTaken(data('id: { $use: a }'), 'fragments:\n  a: { $use: b }\n  b: { $use: a }\n'),
    code: 'MAPPING_FRAGMENT_CYCLE',
    line: 5,
  },
  {
    what: 'a fragment that lacks its argument',
    text: shotTaken(data('id: { $use: piece }'), 'fragments:\n  piece: ${with.id}\n'),
    code: 'MAPPING_NOT_GIVEN',
    line: 10,
    column: 19,
    advice: 'with: { id: … }',
  },
  {
    what: 'a fragment that is given its argument under another name',
    text: shotTaken(data('id: { $use: piece, with: { idd: "${data.id}" } }'), 'fragments:\n  piece: ${with.id}\n'),
    code: 'MAPPING_NOT_GIVEN',
    line: 10,
    column: 34,
    advice: 'with: { id: … }',
  },
  {
    what: 'a fragment that is given what it does not read',
    text: shotTaken(data('id: { $use: piece, with: { id: a, more: b } }'), 'fragments:\n  piece: ${with.id}\n'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 10,
    column: 41,
    advice: 'taking more away',
  },
  {
    what: 'a misspelt do',
    text: shotTaken('$each: data.urls\nas: url\ndoo: { emit: added, data: { id: "${url}" } }'),
    code: 'MAPPING_UNKNOWN_KEY',
    line: 8,
    advice: 'do',
  },
  {
    what: 'a fragment with a mistake',
    text: shotTaken(data('id: { $use: piece }'), 'fragments:\n  piece: ${data.idd}\n'),
    code: 'MAPPING_UNKNOWN_PATH',
    line: 4,
    advice: 'data.id',
  },
  {
    what: 'a $merge that is no list',
    text: shotTaken(data('id: x\nplace: { $merge: { name: y } }')),
    code: 'MAPPING_SHAPE',
    line: 9,
  },
  {
    what: 'a $merge of text',
    text: shotTaken(data('id: x\nplace: { $merge: [ ${data.id} ] }')),
    code: 'MAPPING_SHAPE',
    line: 9,
  },
  {
    what: 'a $logic with an unknown operator',
    text: shotTaken(data('id: { $logic: { plus: [1, 2] } }')),
    code: 'LOGIC_UNKNOWN_OPERATOR',
    line: 8,
  },
];

const toJson = (entry: string): string => shotTaken(entry).replace('to: album', 'to: json');
const TO_JSON: readonly Bad[] = [
  {
    what: 'an empty entry for a free target',
    text: toJson('{}'),
    code: 'MAPPING_NO_EMISSION',
    line: FIRST,
    advice: 'body: { … }, with method: and path: where they matter, or drop: why nothing is sent',
  },
  {
    what: 'an operator written with a colon',
    text: toJson('body: { a: "${data.title | default: none}" }'),
    code: 'MAPPING_EXPRESSION',
    line: FIRST,
    advice: '| default "none"',
  },
  {
    what: 'an operator written with a colon and a number',
    text: toJson('body: { a: "${data.seconds | round: 2 | string}" }'),
    code: 'MAPPING_EXPRESSION',
    line: FIRST,
    advice: '| round 2',
  },
  {
    what: 'a variable of the environment',
    text: toJson('headers: { x-key: "${env:KEY}" }'),
    code: 'MAPPING_EXPRESSION',
    line: FIRST,
    advice: 'a param: ${params.name} here, which the configuration fills under params:',
  },
  {
    what: 'a path in braces without a $',
    text: toJson('body: { a: {data.id} }'),
    code: 'MAPPING_EXPRESSION',
    line: FIRST,
    advice: '${data.id}',
  },
  {
    what: 'a step below a text',
    text: toJson('body: { a: "${data.id.name}" }'),
    code: 'MAPPING_UNKNOWN_PATH',
    line: FIRST,
    advice: 'data.id, which has no fields',
  },
  {
    what: 'a step below a list',
    text: toJson('body: { a: "${data.files.path}" }'),
    code: 'MAPPING_UNKNOWN_PATH',
    line: FIRST,
    advice: 'data.files[0], or data.files | map(it.…)',
  },
  {
    what: 'a step that nothing is near',
    text: toJson('body: { a: "${data.room.elsewhere}" }'),
    code: 'MAPPING_UNKNOWN_PATH',
    line: FIRST,
    advice: 'one of data.room.name, data.room.cover',
  },
];

describe('a mapping with one mistake', () => {
  it.each([...YAML, ...TOP, ...ENTRIES, ...EXPRESSIONS, ...FIELDS, ...STRUCTURES, ...TO_JSON])(
    'is told of $what',
    ({ text, code, line, column, advice, tables }) => {
      const { mappings, problems } = load({ 'bad.yaml': text }, tables);
      const [problem] = problems;
      expect(mappings.size).toBe(0);
      expect({ problems: problems.map(formatProblem), code: problem?.code, line: problem?.at?.line }).toEqual({
        problems: [expect.stringMatching(/^\S+:\d+:\d+ {2}.+ {2}\[[A-Z_]+\]/)],
        code,
        line,
      });
      if (column !== undefined) expect(problem?.at?.column).toBe(column);
      if (advice !== undefined) expect(problem?.try).toContain(advice);
    },
  );

  it.each([...YAML, ...TOP, ...ENTRIES, ...EXPRESSIONS, ...FIELDS, ...STRUCTURES, ...TO_JSON])(
    'says what to do about $what',
    ({ text, tables }) => {
      const { problems } = load({ 'bad.yaml': text }, tables);
      expect(
        problems.filter(({ try: advice, code }) => !advice && code !== 'LOGIC_UNKNOWN_OPERATOR').map(formatProblem),
      ).toEqual([]);
    },
  );

  it('is told of what stands under a mistyped event type, too', () => {
    const text = shotTaken(data('id: ${data.idd}')).replace('shot.taken', 'shot.takn');
    const { problems } = load({ 'bad.yaml': text });
    expect(problems.map(({ code, try: advice }) => [code, advice])).toEqual([
      ['MAPPING_UNKNOWN_EVENT', 'shot.taken'],
      ['MAPPING_UNKNOWN_PATH', 'did you mean data.id?'],
    ]);
  });

  it('has no stack trace, no line break but before the Try, and no word of JavaScript in any message', () => {
    for (const { text, tables } of [...YAML, ...TOP, ...ENTRIES, ...EXPRESSIONS, ...FIELDS, ...STRUCTURES]) {
      for (const problem of load({ 'bad.yaml': text }, tables).problems) {
        expect(`${problem.message} ${problem.try ?? ''}`).not.toMatch(/\n| at .*\.ts|undefined|\[object|NaN|TypeError/);
      }
    }
  });
});

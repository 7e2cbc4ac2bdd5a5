/** What a mapping writes out and its target can never write is told at load, with a way out; what an event may make good is not. */
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import { compileLogic } from '../../src/route/filter.ts';
import { loadMappings } from '../../src/translate/load.ts';

/** Each problem of a mapping from bsr whose live.started is the given YAML, without its file. */
function problemsOf(to: string, entry: string): string[] {
  const others = Object.keys(formats.get('bsr')?.events ?? {}).filter((type) => type !== 'live.started');
  const drops = others.map((type) => `  ${type}: { drop: nothing }\n`).join('');
  const text = `from: bsr\nto: ${to}\ntranslate:\n${drops}  live.started: ${entry}\n`;
  const { problems } = loadMappings({
    ...{ files: [{ path: 'one.yaml', text }], readTable: () => undefined },
    ...{ formats, scopeSchema, compileLogic },
  });
  return problems.map(({ code, message, try: advice }) => `${code} ${message} Try: ${advice}`);
}

describe('a request that is written freely', () => {
  const refused: readonly [entry: string, problem: string][] = [
    ['{ path: /a/../b }', 'path must not hold a . or .. segment Try: /b'],
    ['{ path: "https://evil/x" }', "path goes behind the target's URL and has no host of its own Try: /x"],
    ['{ path: "https://evil" }', "path goes behind the target's URL and has no host of its own Try: /"],
    [
      '{ path: "/a?x=1" }',
      'path must not hold ? or #: use query, or urlencode the value Try: /a, with query: { … } beside it',
    ],
    ['{ path: /100% }', 'path must be percent-encoded, once, where it holds a % Try: /100%25'],
    ['{ path: /a//b }', 'path must not hold an empty segment: a value in it is empty Try: /a/b'],
    ['{ path: "/a%2fb" }', 'path must not hold a backslash or an encoded slash Try: /rooms/26966466'],
    [
      '{ path: "/a/${data.room_id}?x=1" }',
      'path must not hold ? or #: use query, or urlencode the value Try: a path such as /rooms/${data.id | urlencode}',
    ],
    [
      '{ path: "/../${data.room_id}" }',
      'path must not hold a . or .. segment Try: a path such as /rooms/${data.id | urlencode}',
    ],
    [
      '{ path: { $if: { "==": [{ var: data.room_id }, "1"] }, then: /a/../b, else: /c } }',
      'path must not hold a . or .. segment Try: /b',
    ],
    [
      '{ headers: { host: x } }',
      'headers.host is set by the relay and cannot be changed Try: another name, such as x-host, or leave it out',
    ],
    [
      '{ headers: { Host: "${data.room_id}" } }',
      'headers.Host is set by the relay and cannot be changed Try: another name, such as x-host, or leave it out',
    ],
    [
      '{ headers: { webhook-id: c } }',
      'headers.webhook-id is set by the relay and cannot be changed Try: another name, such as x-webhook-id, or leave it out',
    ],
    ['{ headers: { x b: c } }', 'headers.x b is no name of a header Try: another name, such as x-b, or leave it out'],
    [
      '{ headers: { x-b: 登 } }',
      'headers.x-b must hold Latin-1 characters only: urlencode or base64 the value Try: | urlencode, or other characters',
    ],
    [
      '{ headers: { $merge: [{ x-b: c }, { host: d }] } }',
      'headers.host is set by the relay and cannot be changed Try: another name, such as x-host, or leave it out',
    ],
    [
      '{ headers: { x-b: c, X-B: d } }',
      'headers has X-B twice: names of headers differ in more than their capitals Try: one of the two',
    ],
    ['{ method: GET, body: a }', 'is a GET, which has no body Try: method: POST, or query: instead of body:'],
  ];
  it.each(refused)('is refused: %s', (entry, problem) => {
    const [only, ...more] = problemsOf('json', entry);
    expect(more).toEqual([]);
    expect(only).toMatch(/^MAPPING_FIELD_VALUE request[ .]/);
    expect(only?.replace(/^MAPPING_FIELD_VALUE request[ .]/, '')).toBe(problem);
  });

  it.each([
    '{ path: "/a%20b/c.d/..e" }',
    '{ path: "rooms/1" }',
    '{ path: "${data.room_id}" }',
    '{ path: "/a/100%${data.room_id}" }',
    '{ path: "/a/.${data.room_id}/${data.room_id}" }',
    '{ path: /, headers: { x-b: "${data.room_title}", x-c: 5, x-d: é } }',
    '{ method: GET, query: { a: 1 } }',
    '{ method: GET, body: { $if: { "==": [{ var: data.room_id }, "1"] }, then: a } }',
  ])('is let through: %s', (entry) => {
    expect(problemsOf('json', entry)).toEqual([]);
  });
});

describe('an id of a channel', () => {
  const create = (id: string): string => `{ emit: channel.create, data: { chid: ${id} } }`;
  it.each([
    ['"a:bcde"', 'must not hold ":" to be a RemoteMonster channel id: join its parts with _'],
    ['"abc"', 'must have 4 to 1024 characters to be a RemoteMonster channel id, not 3'],
    ['"${data.platform}:${data.room_id}"', 'must not hold ":" to be a RemoteMonster channel id: join its parts with _'],
  ])('is refused: %s', (id, message) => {
    expect(problemsOf('remotemonster', create(id))).toEqual([
      `MAPPING_FIELD_VALUE data.chid ${message} Try: an id such as \${data.platform}_\${data.room_id}`,
    ]);
  });

  it.each(['"a-bcde"', '"a${data.room_id}"', '"${data.room_id}"'])('is let through: %s', (id) => {
    expect(problemsOf('remotemonster', create(id))).toEqual([]);
  });
});

it('refuses a time that is none', () => {
  const entry = (time: string): string => `{ emit: session_finished, data: { client_id: c, stopped_at: ${time} } }`;
  expect(problemsOf('streamrec', entry('yesterday'))).toEqual([
    'MAPPING_FIELD_VALUE data.stopped_at must be an ISO 8601 time with Z or an offset: 2025-03-19T11:41:21.499Z Try: ${event.time}',
  ]);
  expect(problemsOf('streamrec', entry('"2025-03-19T${data.room_id}:00Z"'))).toEqual([]);
});

describe('an argument of an operator that no input makes good', () => {
  const refused: readonly [expression: string, message: string, advice: string][] = [
    ['data.total_length | div 0', '| div: nothing can be divided by 0', '| div 1000'],
    ['data.total_length | mod 0.0', '| mod: nothing can be divided by 0', '| mod 60'],
    ['data.total_length | round 99', '| round: digits has to be a whole number from 0 to 15', '| round 2'],
    ['data.total_length | fixed 21', '| fixed: digits has to be a whole number from 0 to 20', '| fixed 2'],
    ['data.room_id | pad -1', '| pad: width has to be a whole number from 0 to 1048576', '| pad 3 "0"'],
    ['data.room_id | pad 5 ""', '| pad: there is nothing to fill up with', '| pad 3 "0"'],
    ['data.room_id | truncate -1', '| truncate: characters has to be a whole number from 0 to 1048576', '| truncate 7'],
    ['data.room_id | repeat 9e6', '| repeat: times has to be a whole number from 0 to 1048576', '| repeat 3'],
    [
      'data.room_id | uuid5 "nonsense"',
      '| uuid5: the namespace has to be dns, url, oid, x500 or a UUID',
      '| uuid5 dns',
    ],
    ['[1] | chunk 0 | json', '| chunk: size has to be 1 or more', '| chunk 2'],
    ['[1] | flatten 65 | json', '| flatten: levels has to be a whole number from 0 to 64', '| flatten 5'],
    [
      'event.time | time_since "yesterday"',
      '| time_since: a text of 9 characters is no time: epoch seconds or milliseconds, or ISO 8601',
      '| time_since "2025-03-19T11:40:25.499Z"',
    ],
    [
      'event.time | time "%Y" "Mars"',
      '| time: there is no such time zone: write UTC, +08:00 or Asia/Shanghai',
      '| time iso',
    ],
    ['data.room_id | match "("', '| match: this is no regular expression of RE2: ', '| match "[0-9]+"'],
    ['data.total_length | add "5"', '| add takes a number as number, and this is text', '| add 2'],
    [
      'data.total_length | add data.room_id',
      '| add takes a number as number, and this is text',
      '(data.room_id | float)',
    ],
    ['data.total_length | fixed data.total_length', '', '(data.total_length | int)'],
  ];
  it.each(refused)('is told at load: %s', (expression, message, advice) => {
    const [only, ...more] = problemsOf('json', `{ body: { a: '\${${expression}}' } }`);
    expect(more).toEqual([]);
    expect(only).toContain(`MAPPING_OPERATOR_ARGUMENT ${message}`);
    expect(only?.split(' Try: ')[1]).toBe(advice);
  });

  it.each([
    'event.received_at | time s | div 0.5',
    'data.room_id | pad 0',
    'data.room_id | uuid5 dns',
    '5 | div params.x',
  ])('is let through: %s', (expression) => {
    const found = problemsOf('json', `{ body: { a: '\${${expression}}' } }`);
    expect(found.filter((problem) => !problem.includes('PARAM'))).toEqual([]);
  });
});

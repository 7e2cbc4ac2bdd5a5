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

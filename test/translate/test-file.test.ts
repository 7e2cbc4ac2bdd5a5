/** The tests beside a mapping: what they may hold, what passes, and how a difference is shown. */
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { buildScope } from '../../src/receive/scope.ts';
import { compileLogic } from '../../src/route/filter.ts';
import { loadMappings } from '../../src/translate/load.ts';
import type { Mapping } from '../../src/translate/mapping.ts';
import { type MappingTestResults, runMappingTests } from '../../src/translate/test-file.ts';

const MAPPING = `
from: remotemonster
to: json
params: { base: { about: where to } }
translate:
  channel.create: { method: PUT, path: "/rooms/\${data.chid | urlencode}", headers: { X-Base: "\${params.base}" } }
  channel.close: { drop: nothing to close }
  record.done: { query: { id: "\${data.id}" }, body: { url: "\${data.url}", seconds: "\${data.duration | default 0 | int}" } }
`;

function mappingOf(text: string): Mapping {
  const files = [{ path: 'm.yaml', text }];
  const { mappings, problems } = loadMappings({
    files,
    formats,
    scopeSchema,
    compileLogic,
    readTable: () => undefined,
  });
  const mapping = mappings.get('m');
  if (!mapping) throw new Error(JSON.stringify(problems));
  return mapping;
}

const mapping = mappingOf(MAPPING);

function run(text: string, params: JsonObject = { base: 'b' }): MappingTestResults {
  return runMappingTests({
    file: 'm.test.yaml',
    text,
    mapping,
    formats,
    params,
    buildScope: ({ format, event, request, params: given }) =>
      buildScope({
        envelope: { ...event, id: 'evt_1', source: format, format, receivedAt: request.receivedAt },
        request,
        recognised: event,
        params: given,
      }),
  });
}

describe('a test', () => {
  const passing: readonly [what: string, yaml: string][] = [
    [
      'a payload',
      '- { name: x, event: { id: a1b2, url: "https://x/a.mp4", duration: 5 }, expect: [ { body: { url: "https://x/a.mp4", seconds: 5 } } ] }',
    ],
    ['a sample', '- { name: x, event: { sample: record.done }, expect: [ { method: POST } ] }'],
    [
      'a sample by name',
      '- { name: x, event: { sample: record.done/documented }, expect: [ { event: request, url_suffix: "" } ] }',
    ],
    [
      'a GET with a query',
      '- { name: x, event: { method: GET, query: { action: create, chid: a1 b } }, expect: [ { method: PUT, url_suffix: /rooms/a1%20b, body: null } ] }',
    ],
    [
      'one request without a list',
      '- { name: x, event: { sample: record.done }, expect: { query: { id: 1581324488053_Dc5aQ } } }',
    ],
    [
      'a header in any case, others left alone',
      '- { name: x, event: { sample: channel.create }, expect: [ { headers: { X-BASE: b } } ] }',
    ],
    [
      'params of its own',
      '- { name: x, event: { sample: channel.create }, params: { base: "7" }, expect: [ { headers: { x-base: 7 } } ] }',
    ],
    ['a drop', '- { name: x, event: { sample: channel.close }, expect_drop: true }'],
    ['a drop with a part of its reason', '- { name: x, event: { sample: channel.close }, expect_drop: to close }'],
    [
      'an error by its code',
      '- { name: x, event: { method: GET, query: { action: create, chid: a1/b } }, expect_error: MAPPING_UNWRITABLE }',
    ],
    [
      'an error by a part of its message',
      '- { name: x, event: { method: GET, query: { action: create, chid: a1/b } }, expect_error: encoded slash }',
    ],
    ['an event that the format refuses', '- { name: x, event: { id: a1b2 }, expect_error: url }'],
  ];
  it.each(passing)('passes with %s', (_, yaml) => {
    expect(run(yaml)).toEqual({ results: [{ name: 'x', passed: true, differences: [] }], problems: [] });
  });

  const failing: readonly [what: string, yaml: string, path: string][] = [
    [
      'a field of the body',
      'event: { sample: record.done }, expect: [ { body: { url: other, seconds: 62 } } ]',
      '[0].body.url',
    ],
    [
      'a field too many',
      'event: { sample: record.done }, expect: [ { body: { url: "https://s3.amazonaws.com/my-service-id/RAND/1581324488053_Dc5aQ.mp4" } } ]',
      '[0].body.seconds',
    ],
    ['a query', 'event: { sample: record.done }, expect: [ { query: {} } ]', '[0].query.id'],
    ['a header', 'event: { sample: channel.create }, expect: [ { headers: { x-base: c } } ]', '[0].headers.x-base'],
    ['how many requests', 'event: { sample: record.done }, expect: [ {}, {} ]', 'requests'],
    ['a drop instead of a request', 'event: { sample: channel.close }, expect: [ {} ]', ''],
    ['a request instead of a drop', 'event: { sample: record.done }, expect_drop: true', ''],
    ['another reason', 'event: { sample: channel.close }, expect_drop: other', ''],
    ['a request instead of an error', 'event: { sample: record.done }, expect_error: MAPPING_BAD_VALUE', ''],
    ['an event that is none', 'event: { nothing: here }, expect: [ {} ]', 'event'],
  ];
  it.each(failing)('shows %s', (_, yaml, path) => {
    const { results, problems } = run(`- { name: x, ${yaml} }`);
    expect(problems).toEqual([]);
    expect(results).toMatchObject([{ passed: false }]);
    expect(results[0]?.differences[0]?.path).toBe(path);
  });

  it('compares what is named also where there are more requests, or fewer', () => {
    const differencesOf = (expect: string) =>
      run(`- { name: x, event: { sample: record.done }, expect: ${expect} }`).results[0]?.differences;
    expect(differencesOf('[ { method: PUT }, { method: GET } ]')).toEqual([
      { path: 'requests', expected: 2, actual: 1 },
      { path: '[0].method', expected: 'PUT', actual: 'POST' },
      { path: '[1]', expected: { method: 'GET' }, actual: undefined },
    ]);
    expect(differencesOf('[ { method: POST }, {} ]')?.map(({ path }) => path)).toEqual(['requests', '[1]']);
  });

  it('asks for params that the mapping requires', () => {
    const { results } = run('- { name: x, event: { sample: channel.create }, expect: [ {} ] }', {});
    expect(results[0]?.differences).toEqual([{ path: 'params.base', expected: 'where to', actual: undefined }]);
  });
});

describe('a test file with a mistake', () => {
  const bad: readonly [what: string, yaml: string, code: string, line: number][] = [
    ['no list', 'name: x', 'TEST_SHAPE', 1],
    ['an empty file', '', 'TEST_SHAPE', 1],
    ['a test that is text', '- x', 'TEST_SHAPE', 1],
    ['a mistyped key', '- { name: x, event: { sample: record.done }, expekt: [] }', 'MAPPING_UNKNOWN_KEY', 1],
    ['no event', '- { name: x, expect: [ {} ] }', 'MAPPING_MISSING_KEY', 1],
    ['no name', '- { name: "", event: {}, expect: [ {} ] }', 'TEST_NAME', 1],
    [
      'a name twice',
      '- { name: x, event: { sample: record.done }, expect: [ {} ] }\n- { name: x, event: { sample: record.done }, expect: [ {} ] }',
      'TEST_NAME',
      2,
    ],
    ['nothing expected', '- { name: x, event: { sample: record.done } }', 'TEST_SHAPE', 1],
    [
      'two things expected',
      '- { name: x, event: { sample: record.done }, expect: [ {} ], expect_drop: true }',
      'TEST_SHAPE',
      1,
    ],
    ['an empty list of requests', '- { name: x, event: { sample: record.done }, expect: [] }', 'TEST_SHAPE', 1],
    ['a request that is text', '- { name: x, event: { sample: record.done }, expect: [ POST ] }', 'TEST_SHAPE', 1],
    [
      'a request with a mistyped key',
      '- { name: x, event: { sample: record.done }, expect: [ { bdy: {} } ] }',
      'MAPPING_UNKNOWN_KEY',
      1,
    ],
    ['an unknown sample', '- { name: x, event: { sample: record.don }, expect: [ {} ] }', 'TEST_SAMPLE', 1],
    [
      'a param that the mapping does not have',
      '- { name: x, event: { sample: record.done }, params: { bas: y }, expect: [ {} ] }',
      'TEST_PARAM',
      1,
    ],
    [
      'a param of another type',
      '- { name: x, event: { sample: record.done }, params: { base: 5 }, expect: [ {} ] }',
      'TEST_PARAM',
      1,
    ],
    [
      'an option that the target does not have',
      '- { name: x, event: { sample: record.done }, target: { versoin: documented }, expect: [ {} ] }',
      'TEST_OPTION',
      1,
    ],
    [
      'an option that the source does not have',
      '- { name: x, event: { sample: record.done }, source: { id: order.id }, expect: [ {} ] }',
      'TEST_OPTION',
      1,
    ],
    ['a drop that is a number', '- { name: x, event: { sample: record.done }, expect_drop: 5 }', 'TEST_SHAPE', 1],
    ['an error that is empty', '- { name: x, event: { sample: record.done }, expect_error: "" }', 'TEST_SHAPE', 1],
    [
      'a time that is none',
      '- { name: x, received_at: soon, event: { sample: record.done }, expect: [ {} ] }',
      'TEST_SHAPE',
      1,
    ],
  ];
  it.each(bad)('is told of %s', (_, yaml, code, line) => {
    const { problems } = run(yaml);
    expect(problems.map((problem) => [problem.code, problem.at?.file, problem.at?.line])).toEqual([
      [code, 'm.test.yaml', line],
    ]);
    expect(problems.filter((problem) => !problem.try)).toEqual([]);
  });

  it.each(['params: { base: 5 }', 'target: { version: documented }', 'params: 5'])(
    'does not run one with %s',
    (wrong) => {
      expect(run(`- { name: x, event: { sample: record.done }, ${wrong}, expect: [ {} ] }`).results).toEqual([]);
    },
  );

  it('still runs the tests that are right', () => {
    const { results } = run('- { name: x, event: { sample: record.done }, expect: [ {} ] }\n- y');
    expect(results).toMatchObject([{ name: 'x', passed: true }]);
  });
});

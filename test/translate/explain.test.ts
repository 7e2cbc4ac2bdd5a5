/** What a mapping says of its own run: the same run, with every value's way. */
import { describe, expect, it } from 'vitest';
import { explainLines } from '../../src/translate/explain.ts';
import { loadOne, SHOT, scopeOf, shotTaken } from './load-for-test.ts';

const mapping = loadOne(
  shotTaken(
    '- emit: removed\n  when: { "==": [ { var: data.mode }, slow ] }\n- emit: added\n  when: { ">": [ { var: data.seconds }, 60 ] }\n  data:\n    id: ${data.title ?? data.id | upper}\n    length: ${data.seconds | round | string}\n    code: ${data.title? | upper}\n    list: [ "${data.urls[0] | default "none"}", x ]\n    place: { name: ${data.title | default "nowhere"} }',
  ),
);

describe('explaining', () => {
  const trace = mapping.explain(scopeOf(SHOT));

  it('gives the result that translating gives', () => {
    expect(trace.result).toEqual(mapping.translate(scopeOf(SHOT)));
  });

  it('tells each emission with its condition and the values that decided', () => {
    expect(trace.emissions.map(({ emit, when }) => [emit, when?.held])).toEqual([
      ['removed', false],
      ['added', true],
    ]);
    expect(trace.emissions[0]?.when?.steps[0]?.operands[0]).toMatchObject({ path: 'data.mode', value: '"fast"' });
  });

  it('leads each field back to its paths and operators', () => {
    expect(trace.emissions[1]?.fields).toEqual([
      {
        field: 'id',
        at: { file: 'one.yaml', line: 11, column: 15 },
        value: 'S1',
        inputs: [
          { path: 'data.title', value: undefined },
          { path: 'data.id', value: 's1' },
        ],
        operators: [{ name: 'upper', input: 's1', args: [], output: 'S1' }],
        tables: [],
        defaulted: true,
      },
      {
        field: 'length',
        at: { file: 'one.yaml', line: 12, column: 19 },
        value: '62',
        inputs: [{ path: 'data.seconds', value: 61.6 }],
        operators: [
          { name: 'round', input: 61.6, args: [], output: 62 },
          { name: 'string', input: 62, args: [], output: '62' },
        ],
        tables: [],
        defaulted: false,
      },
      expect.objectContaining({ field: 'code', value: undefined }),
      expect.objectContaining({ field: 'list[0]', value: 'https://x/a.mp4', defaulted: false }),
      expect.objectContaining({ field: 'list[1]', value: 'x', inputs: [] }),
      expect.objectContaining({ field: 'place.name', value: 'nowhere', defaulted: true }),
    ]);
  });

  it('is a page for people', () => {
    expect(explainLines(trace)).toEqual([
      'removed is left out: its when does not hold  (one.yaml:6)',
      '  == (data.mode = "fast", "slow") is false',
      'added, because its when holds  (one.yaml:8)',
      '  > (data.seconds = 61.6, 60) is true',
      '  id = "S1"  from data.title = (missing), data.id = "s1" | upper → "S1"  (a default)',
      '  length = "62"  from data.seconds = 61.6 | round → 62 | string → "62"',
      '  code = (left out)  from data.title = (missing)',
      '  list[0] = "https://x/a.mp4"  from data.urls[0] = "https://x/a.mp4" | default → "https://x/a.mp4"',
      '  list[1] = "x"',
      '  place.name = "nowhere"  from data.title = (missing) | default → "nowhere"  (a default)',
    ]);
  });

  it('names the tables that were looked into, also where they had nothing', () => {
    const looking = loadOne(
      shotTaken(
        'emit: added\ndata:\n  id: { $table: names, key: "${data.mode | upper}" }\n  length: { $table: names, key: "${data.id}", default: none }\n  code:\n    $table: cities\n    key: ${data.id}\n    column: code\n    default: { $table: cities, key: "${data.mode}", column: code }',
        'tables:\n  names: { FAST: f }\n  cities: { fast: { code: "X" } }\n',
      ),
    );
    expect(explainLines(looking.explain(scopeOf(SHOT))).slice(1)).toEqual([
      '  id = "f"  from data.mode = "fast" | upper → "FAST" in the table names',
      '  length = "none"  from data.id = "s1" not in the table names  (a default)',
      '  code = "X"  from data.id = "s1", data.mode = "fast" not in the table cities, column code, then in the table cities, column code  (a default)',
    ]);
  });

  it('ends where a run failed, with the reason', () => {
    const failed = mapping.explain(scopeOf({ ...SHOT, urls: null, seconds: 70, id: null }));
    expect(failed.emissions.at(-1)?.fields).toEqual([]);
    expect(explainLines(failed).at(-1)).toMatch(
      /^failed: mapping one, one.yaml:11:15: data.title and data.id are missing/,
    );
  });

  it('tells a drop with its condition', () => {
    const dropping = loadOne(shotTaken('- drop: is live\n  when: { var: data.live }\n- emit: removed'));
    expect(explainLines(dropping.explain(scopeOf(SHOT)))).toEqual([
      'drop, because its when holds  (one.yaml:6)',
      '  var (data.live = true) is true',
      'dropped: is live  [DROPPED]',
    ]);
  });
});

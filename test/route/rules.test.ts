import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseKey } from '../../src/route/equality-index.ts';
import { createRouter, type RuleShape } from '../../src/route/rules.ts';
import { eventWith, filterOf } from './compile.ts';

interface TestRule extends RuleShape {
  readonly to: string;
}

function rule(name: string, given: Partial<Omit<TestRule, 'filter'>> & { readonly when?: unknown } = {}): TestRule {
  const { when, ...rest } = given;
  return {
    name,
    sources: null,
    types: null,
    to: 'target',
    ...rest,
    filter: when === undefined ? null : filterOf(when),
  };
}

const isRoom = (room: unknown) => ({ '==': [{ var: 'data.room_id' }, room] });

describe('a router', () => {
  it('gives the rules that an event matches in their order, wherever they are found', () => {
    const router = createRouter([
      rule('by type', { types: ['clip.generated'] }),
      rule('all'),
      rule('other source', { sources: ['sigma'] }),
      rule('by both', { sources: ['sigma', 'bsr'], types: ['live.started', 'clip.generated'] }),
      rule('other type', { types: ['live.started'] }),
      rule('by source', { sources: ['bsr'] }),
      rule('disabled', { enabled: false }),
      rule('by value', { when: isRoom('1') }),
      rule('other value', { when: isRoom('2') }),
      rule('by name twice', { sources: ['bsr', 'bsr'] }),
    ]);
    const matches = router.route(eventWith({ room_id: '1' }));
    expect(matches.map((match) => match.rule.name)).toEqual([
      'by type',
      'all',
      'by both',
      'by source',
      'by value',
      'by name twice',
    ]);
    expect(matches.every((match) => match.failed === null)).toBe(true);
    expect(matches[0]?.rule.to).toBe('target');
  });

  it('matches nothing where there is no rule', () => {
    expect(createRouter([]).route(eventWith({}))).toEqual([]);
    expect(createRouter([rule('nobody', { sources: [] })]).route(eventWith({}))).toEqual([]);
  });

  it('says why a filter could not be evaluated, and goes on with the other rules', () => {
    const router = createRouter([
      rule('first', { when: { some: [{ var: 'data.list' }, { '<': [{ var: '' }, 0] }] } }),
      rule('second', { when: { '==': [{ var: 'data.sly' }, 'x'] } }),
      rule('third'),
    ]);
    const list = Array.from({ length: 100_000 }, (_, i) => i);
    expect(router.route(eventWith({ list, sly: { toString: 1, valueOf: 1 } })).map(({ failed }) => failed)).toEqual([
      { code: 'LOGIC_BUDGET', message: 'rule "first": the filter takes more than 100,000 steps for this event' },
      {
        code: 'LOGIC_FAILED',
        message: 'rule "second": the filter cannot work with these values: Cannot convert object to primitive value',
      },
      null,
    ]);
  });

  it("tries only the rules for the event's value among 10,000", () => {
    let evaluated = 0;
    const rules = Array.from({ length: 10_000 }, (_, i) => {
      const { filter, ...rest } = rule(`room ${i}`, { when: isRoom(String(i)) });
      if (!filter) throw new Error('no filter');
      return {
        ...rest,
        filter: {
          ...filter,
          truthy: (scope: unknown) => {
            evaluated++;
            return filter.truthy(scope);
          },
        },
      };
    });
    const router = createRouter(rules);
    expect(router.route(eventWith({ room_id: '777' })).map((match) => match.rule.name)).toEqual(['room 777']);
    expect(evaluated).toBe(1);
    expect(router.route(eventWith({ room_id: 'none' }))).toEqual([]);
    expect(router.route(eventWith({}))).toEqual([]);
    expect(evaluated).toBe(1);
  });

  const literal = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '0',
      '1',
      '01',
      '1.0',
      '0x1',
      '1e0',
      ' 1 ',
      'a',
      'true',
      'null',
      'NaN',
      'Infinity',
      '[object Object]',
      '1,2',
    ),
    fc.constantFrom(0, 1, -1, 1.5, true, false, '9007199254740993', '9007199254740992'),
  );
  const value = fc.oneof(
    literal,
    fc.constantFrom(
      null,
      9007199254740993n,
      9007199254740995n,
      9007199254740992,
      -0,
      [],
      ['a'],
      [1],
      [1, 2],
      {},
      { a: 1 },
    ),
  );
  const when = fc.oneof(
    literal.map((one) => isRoom(one)),
    literal.map((one) => ({ '===': [one, { var: 'data.room_id' }] })),
    fc.array(literal, { maxLength: 3 }).map((list) => ({ in: [{ var: 'data.room_id' }, list] })),
    literal.map((one) => ({ '==': [{ var: 'data.other' }, one] })),
    fc.tuple(literal, literal).map(([one, other]) => ({ or: [isRoom(one), isRoom(other)] })),
    fc
      .tuple(literal, literal)
      .map(([one, other]) => ({ and: [isRoom(one), { '==': [{ var: 'data.other' }, other] }] })),
    literal.map((one) => ({ '!=': [{ var: 'data.room_id' }, one] })),
  );
  const some = (names: readonly string[]) => fc.oneof(fc.constant(null), fc.subarray([...names]));

  it('finds exactly the rules that trying each of them would find', () => {
    const rules = fc.array(fc.tuple(when, some(['bsr', 'sigma']), some(['clip.generated', 'live.started'])), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        rules,
        fc.record({ room_id: value, other: value }, { requiredKeys: [], noNullPrototype: true }),
        (written, data) => {
          const all = written.map(([condition, sources, types], i) =>
            rule(String(i), { when: condition, sources, types }),
          );
          const scope = eventWith(data);
          const expected = all.filter(
            ({ sources, types, filter }) =>
              (sources?.includes('bsr') ?? true) &&
              (types?.includes('clip.generated') ?? true) &&
              filter?.truthy(scope),
          );
          const router = createRouter(all);
          expect(router.route(scope).map((match) => match.rule)).toEqual(expected);
          expect(
            router
              .trace(scope)
              .filter(({ matched }) => matched)
              .map((trace) => trace.rule),
          ).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps values that are loosely equal under one key', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [keyA, keyB] = [looseKey(a), looseKey(b)];
        // biome-ignore lint/suspicious/noDoubleEquals: loosely is what is meant
        if (a == b && keyA !== undefined && keyB !== undefined)
          expect(Object.is(keyA, keyB) || keyA === keyB).toBe(true);
      }),
    );
  });
});

describe('a trace of the rules', () => {
  const trace = (given: Parameters<typeof rule>[1], data: Parameters<typeof eventWith>[0] = {}) => {
    const [only] = createRouter([rule('only', given)]).trace(eventWith(data));
    if (!only) throw new Error('no trace');
    return only;
  };

  it.each([
    ['disabled', { enabled: false }, 'it is switched off: it has "enabled: false" in the configuration'],
    ['other_source', { sources: ['sigma', 'json'] }, 'it takes events from sigma, json, not from bsr'],
    ['other_type', { types: ['live.started'] }, 'it takes live.started, not clip.generated'],
    ['matched', {}, 'it takes every such event'],
    ['matched', { when: { '>': [{ var: 'data.length' }, 60] } }, 'its filter holds'],
  ])('says %s', (why, given, message) => {
    expect(trace(given, { length: 61 })).toMatchObject({ why, message, matched: why === 'matched', at: null });
  });

  it.each([
    ['{ ">": [{ var: data.length }, 60] }', '">" at relay.yaml:1:3 gives false for data.length = 42, 60'],
    [
      '{ and: [{ exists: data.title }, { ">": [{ var: data.length }, 60] }, false] }',
      '">" at relay.yaml:1:35 gives false for data.length = 42, 60',
    ],
    [
      '{ and: [true, { and: [{ "==": [{ var: data.title }, "a"] }, { in: [b, { var: data.title }] }] }] }',
      '"in" at relay.yaml:1:63 gives false for "b", data.title = "a"',
    ],
    [
      '{ or: [{ "==": [{ var: data.title }, b] }, { var: data.none }] }',
      '"or" at relay.yaml:1:3 gives null for false, data.none = null',
    ],
    ['{ exists: data.none }', '"exists" at relay.yaml:1:3 gives false for data.none'],
    ['{ "!": [{ missing: [data.none] }] }', '"!" at relay.yaml:1:3 gives false for ["data.none"]'],
    ['{ ">": [{ "+": [{ var: data.length }, 1] }, 60] }', '">" at relay.yaml:1:3 gives false for 43, 60'],
    ['{ matches: [{ var: data.title }, "^b"] }', '"matches" at relay.yaml:1:3 gives false for data.title = "a", "^b"'],
    ['{ and: [true, { var: data.none }] }', 'data.none = null at relay.yaml:1:17'],
    ['{ var: data.none }', 'data.none = null at relay.yaml:1:3'],
    ['false', 'its filter is never true'],
  ])('names the condition of %s that decided', (when, message) => {
    expect(trace({ when }, { length: 42, title: 'a' })).toMatchObject({ why: 'condition', message });
  });

  it('gives each condition with its operands, the outer before its parts, and leaves out what was not evaluated', () => {
    const when = '{ and: [{ ">": [{ var: data.length }, 60] }, { exists: data.title }] }';
    const at = (column: number) => ({ file: 'relay.yaml', line: 1, column });
    const length = { path: 'data.length', value: '42' };
    expect(trace({ when }, { length: 42 }).conditions).toEqual([
      {
        operator: 'and',
        at: at(3),
        depth: 0,
        operands: [
          { path: null, value: 'false' },
          { path: null, value: null },
        ],
        result: 'false',
        truthy: false,
        error: null,
      },
      {
        operator: '>',
        at: at(11),
        depth: 1,
        operands: [length, { path: null, value: '60' }],
        result: 'false',
        truthy: false,
        error: null,
      },
    ]);
  });

  it('says at which condition a filter failed, and why', () => {
    const when = '{ and: [true, { "==": [{ var: data.sly }, x] }] }';
    const failed = trace({ when }, { sly: { toString: 1, valueOf: 1 } });
    expect(failed).toMatchObject({ why: 'failed', matched: false });
    expect(failed.at).toMatchObject({
      operator: '==',
      result: null,
      error: 'Cannot convert object to primitive value',
    });
  });

  it('shortens values and loops', () => {
    const list = Array.from({ length: 5_000 }, () => 'x'.repeat(500));
    const { conditions } = trace({ when: '{ all: [{ var: data.list }, { "==": [{ var: "" }, y] }] }' }, { list });
    for (const { operands } of conditions)
      for (const { value } of operands) expect(value?.length ?? 0).toBeLessThanOrEqual(81);
    const many = trace({ when: '{ none: [{ var: data.list }, { "==": [{ var: "" }, y] }] }' }, { list });
    expect(many.conditions).toHaveLength(200);
  });
});

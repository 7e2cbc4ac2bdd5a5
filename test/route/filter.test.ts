import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LogicError } from '../../src/route/filter.ts';
import { filterOf, scopeWith } from './compile.ts';

const BIG = 9007199254740993n;

const data = {
  text: 'clip-1.mp4',
  number: 42,
  zero: 0,
  empty: '',
  nothing: null,
  big: BIG,
  list: ['a', 'b'],
  none: [],
  nested: { constructor_: 1, list: [{ n: 1 }, { n: 2 }] },
};

describe('a filter', () => {
  const cases: readonly (readonly [unknown, unknown])[] = [
    // Ordering with what is not there
    [{ '<': [{ var: 'data.missing' }, 1] }, false],
    [{ '<': [{ var: 'data.nothing' }, 1] }, false],
    [{ '<=': [{ var: 'data.nothing' }, 0] }, false],
    [{ '>': [1, { var: 'data.missing' }] }, false],
    [{ '>=': [0, { var: 'data.nothing' }] }, false],
    [{ '<': [-1, { var: 'data.nothing' }, 1] }, false],
    [{ '<=': [-1, 0, { var: 'data.nothing' }] }, false],
    [{ '<=': [{ var: 'data.nothing' }, 0, 1] }, false],
    [{ '<': [1, 2, 3] }, true],
    [{ '<=': [1, 1, 1] }, true],
    [{ '<': [1, 3, 2] }, false],
    // Whole numbers beyond 2^53
    [{ '==': [{ var: 'data.big' }, '9007199254740993'] }, true],
    [{ '==': [{ var: 'data.big' }, '9007199254740992'] }, false],
    [{ '==': [{ var: 'data.big' }, { '+': [{ var: 'data.big' }, 0] }] }, true],
    [{ '>': [{ var: 'data.big' }, 9007199254740991] }, true],
    [{ '<': [{ var: 'data.big' }, { '+': [{ var: 'data.big' }, 1] }] }, true],
    [{ '-': [{ var: 'data.big' }, 2] }, 9007199254740991],
    [{ '*': [{ var: 'data.big' }, 2] }, 18014398509481986n],
    [{ '%': [{ var: 'data.big' }, 10] }, 3],
    [{ '%': [{ var: 'data.big' }, 0] }, Number.NaN],
    [{ '-': { var: 'data.big' } }, -BIG],
    [{ max: [{ var: 'data.big' }, 1, 9007199254740991] }, BIG],
    [{ min: [{ var: 'data.big' }, 1] }, 1],
    [{ '/': [{ var: 'data.big' }, 1] }, 9007199254740992],
    [{ cat: [{ var: 'data.big' }] }, '9007199254740993'],
    [{ in: [{ var: 'data.big' }, { merge: [{ var: 'data.big' }] }] }, true],
    [{ '!!': { var: 'data.big' } }, true],
    // Own properties only
    [{ var: 'data.constructor' }, null],
    [{ var: 'data.__proto__' }, null],
    [{ var: 'data.text.length' }, null],
    [{ var: 'data.text.0' }, null],
    [{ var: 'data.list.length' }, null],
    [{ var: 'data.list.map' }, null],
    [{ var: 'data.list.1' }, 'b'],
    [{ var: 'data.list.01' }, null],
    [{ var: 'data.nested.list.1.n' }, 2],
    [{ var: ['data.toString', 'none'] }, 'none'],
    [{ var: ['data.nothing', 'none'] }, null],
    [{ missing: ['data.constructor', 'data.text', 'data.empty', 'data.zero'] }, ['data.constructor', 'data.empty']],
    [{ missing: [['data.nothing']] }, ['data.nothing']],
    [{ missing: 'data.number' }, []],
    [{ missing_some: [2, ['data.text', 'data.hasOwnProperty']] }, ['data.hasOwnProperty']],
    // What is added to json-logic
    [{ exists: 'data.zero' }, true],
    [{ exists: 'data.nothing' }, false],
    [{ exists: 'data.valueOf' }, false],
    [{ exists: { var: 'data.empty' } }, true],
    [{ is_type: [{ var: 'data.missing' }, 'null'] }, true],
    [{ is_type: [{ var: 'data.list' }, 'array'] }, true],
    [{ is_type: [{ var: 'data.list' }, 'object'] }, false],
    [{ is_type: [{ var: 'data.nested' }, 'object'] }, true],
    [{ is_type: [{ var: 'data.big' }, 'integer'] }, true],
    [{ is_type: [{ var: 'data.number' }, 'number'] }, true],
    [{ is_type: [{ var: 'data.text' }, 'string'] }, true],
    [{ is_type: [true, 'boolean'] }, true],
    [{ matches: [{ var: 'data.text' }, 'P[-]\\d'] }, false],
    [{ matches: [{ var: 'data.text' }, '(?i)P[-]\\d'] }, true],
    [{ matches: [{ var: 'data.number' }, '^42$'] }, true],
    [{ matches: [{ var: 'data.missing' }, 'null'] }, false],
    [{ matches: [{ var: 'data.list' }, 'a'] }, false],
    [{ glob: [{ var: 'data.text' }, 'clip-?.*'] }, true],
    [{ glob: [{ var: 'data.text' }, 'clip'] }, false],
    [{ glob: ['a*b', 'a\\*b'] }, true],
    [{ glob: ['axb', 'a\\*b'] }, false],
    [{ glob: ['a\nb', 'a*'] }, true],
    [{ glob: ['(x)', '(?)'] }, true],
    [{ glob: ['😀', '?'] }, true],
    [{ starts_with: [{ var: 'data.missing' }, ''] }, false],
    [{ starts_with: [{ var: 'data.text' }, { var: 'data.missing' }] }, false],
    [{ starts_with: [{ var: 'data.number' }, '4'] }, true],
    [{ ends_with: [{ var: 'data.text' }, '.mp4'] }, true],
    [{ ends_with: [{ var: 'data.text' }, '.MP4'] }, false],
    [{ lower: { var: 'data.nothing' } }, null],
    [{ upper: 'straße' }, 'STRASSE'],
    // What json-logic leaves to chance
    [{ in: [{ var: 'data.missing' }, 'a null b'] }, false],
    [{ in: ['x', { var: 'data.nested' }] }, false],
    [{ in: ['a', { var: 'data.missing' }] }, false],
    [{ in: ['', ''] }, false],
    [{ in: [1, ['1']] }, false],
    [{ and: [{ var: 'data.none' }, true] }, []],
    [
      [{ var: 'data.number' }, 1],
      [42, 1],
    ],
  ];
  it.each(cases.map(([when, value]) => [JSON.stringify(when), inspect(value), when, value]))(
    '%s gives %s',
    (_, __, when, value) => {
      expect(filterOf(when).evaluate({ data })).toEqual(value);
    },
  );

  it.each([
    ['[]', '{ var: data.none }', false],
    ['an empty text', '{ var: data.empty }', false],
    ['zero', '{ var: data.zero }', false],
    ['a missing value', '{ var: data.missing }', false],
    ['"0"', '{ cat: [0] }', true],
    ['an empty object', '{ var: params }', true],
  ])('takes %s as json-logic does', (_, when, truthy) => {
    expect(filterOf(when).truthy({ data, params: {} })).toBe(truthy);
  });

  it('reads what an event really has under the name of a prototype property', () => {
    const scope = JSON.parse('{"data":{"constructor":1,"hasOwnProperty":2}}');
    expect(filterOf('{ var: data.constructor }').evaluate(scope)).toBe(1);
    expect(filterOf('{ var: data.hasOwnProperty }').evaluate(scope)).toBe(2);
  });

  it('never takes a value of the event for logic', () => {
    const scope = { data: { list: [{ var: 'data.secret' }], secret: 's' } };
    expect(filterOf('{ map: [{ var: data.list }, { var: "" }] }').evaluate(scope)).toEqual([{ var: 'data.secret' }]);
    expect(filterOf('{ var: data.list.0 }').evaluate(scope)).toEqual({ var: 'data.secret' });
  });

  it('fails with a sentence where an object pretends to be text', () => {
    const scope = { data: { sly: { toString: 1, valueOf: 2 } } };
    expect(() => filterOf('{ "==": [{ var: data.sly }, x] }').truthy(scope)).toThrow(LogicError);
    expect(() => filterOf('{ "==": [{ var: data.sly }, x] }').truthy(scope)).toThrow(
      'the filter cannot work with these values',
    );
  });

  it('names every path of the event that it reads', () => {
    const when =
      '{ and: [{ var: data.a }, { missing: [data.b] }, { some: [{ var: data.c }, { var: d }] }, { exists: data.a }] }';
    expect(filterOf(when).paths).toEqual(['data.a', 'data.b', 'data.c']);
  });

  it.each([
    ['{ "==": [{ var: data.a }, 1] }', [{ path: 'data.a', values: [1] }]],
    ['{ "===": ["x", { var: data.a }] }', [{ path: 'data.a', values: ['x'] }]],
    ['{ in: [{ var: data.a }, [1, "x"]] }', [{ path: 'data.a', values: [1, 'x'] }]],
    ['{ and: [{ "==": [{ var: data.a }, 1] }, { ">": [{ var: data.b }, 1] }] }', [{ path: 'data.a', values: [1] }]],
    ['{ or: [{ "==": [{ var: data.a }, 1] }, { in: [{ var: data.a }, [2]] }] }', [{ path: 'data.a', values: [1, 2] }]],
    ['{ or: [{ "==": [{ var: data.a }, 1] }, { "==": [{ var: data.b }, 1] }] }', []],
    ['{ "==": [{ var: data.a }, null] }', []],
    ['{ "==": [{ var: [data.a, 1] }, 1] }', []],
    ['{ in: [{ var: data.a }, [1, null]] }', []],
    ['{ "!": { "==": [{ var: data.a }, 1] } }', []],
  ])('%s depends on these equalities', (when, equalities) => {
    expect(filterOf(when).equalities).toEqual(equalities);
  });
});

describe('what is known of a filter before any event', () => {
  const record = scopeWith(
    'record.ended',
    { mode: { enum: ['a', 'b'] }, room: { type: 'string' }, size: { type: 'integer' }, on: { type: 'boolean' } },
    ['mode'],
  );
  const live = scopeWith('live.started', { mode: { enum: ['a', 'c'] } }, ['mode']);

  it.each([
    ['true', true],
    ['false', false],
    ['{ "==": [1, 1] }', true],
    ['{ ">": [{ "+": [1, 1] }, 3] }', false],
    ['{ "==": [{ var: event.type }, record.ended] }', undefined],
    ['{ "==": [{ var: event.type }, clip.generated] }', false],
    ['{ in: [{ var: event.type }, [record.ended, live.started]] }', true],
    ['{ "==": [{ var: data.mode }, a] }', undefined],
    ['{ "==": [{ var: data.mode }, x] }', false],
    ['{ "!=": [{ var: data.mode }, x] }', true],
    ['{ starts_with: [{ var: data.mode }, x] }', false],
    ['{ exists: data.mode }', true],
    ['{ exists: data.room }', undefined],
    ['{ and: [{ "==": [{ var: event.type }, live.started] }, { "==": [{ var: data.mode }, b] }] }', false],
    ['{ and: [{ "==": [{ var: data.room }, x] }, { "==": [{ var: data.room }, y] }] }', false],
    ['{ and: [{ "==": [{ var: data.room }, x] }, { and: [{ "!=": [{ var: data.room }, x] }] }] }', false],
    ['{ and: [{ "==": [{ var: data.room }, x] }, { starts_with: [{ var: data.room }, x] }] }', undefined],
    ['{ "==": [{ var: data.size }, "5"] }', undefined],
    ['{ "==": [{ var: data.size }, null] }', undefined],
    ['{ or: [{ "==": [{ var: data.mode }, x] }, { ">": [{ var: data.size }, 1] }] }', undefined],
    ['{ or: [true, { var: data.size }] }', true],
    ['{ "!": { "==": [{ var: data.mode }, x] } }', true],
    ['{ some: [{ merge: [1] }, { "==": [{ var: "" }, 1] }] }', undefined],
  ])('%s is constantly %s', (when, constant) => {
    expect(filterOf(when, [record, live]).constant).toBe(constant);
  });

  it('is no contradiction where a list may be loosely equal to a text', () => {
    const open = { type: 'object', properties: { data: {} } } as const;
    const when = '{ and: [{ "==": [{ var: data.x }, a] }, { "!==": [{ var: data.x }, a] }] }';
    expect(filterOf(when, [open]).constant).toBeUndefined();
    expect(filterOf(when, [open]).truthy({ data: { x: ['a'] } })).toBe(true);
    expect(filterOf('{ and: [{ "==": [{ var: data.x }, a] }, { "==": [{ var: data.x }, b] }] }', [open]).constant).toBe(
      false,
    );
  });
});

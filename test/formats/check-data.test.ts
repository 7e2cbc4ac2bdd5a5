import { describe, expect, it } from 'vitest';
import { checkData, joinPath } from '../../src/formats/check-data.ts';
import type { Schema } from '../../src/model/schema.ts';

const schema: Schema = {
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 1 },
    size: { type: 'integer', minimum: 0 },
    length: { type: ['number', 'null'] },
    mode: { type: 'string', enum: ['a', 'b'] },
    at: { type: 'string', format: 'date-time' },
    list: { type: 'array', items: { type: 'object', properties: { c: { type: 'string' } }, required: ['c'] } },
    either: {
      anyOf: [{ type: 'string' }, { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }],
    },
  },
  required: ['id', 'size'],
  additionalProperties: false,
};

describe('checking data', () => {
  it('finds nothing where all is well', () => {
    expect(checkData(schema, { id: 'x', size: 1, length: 1.5, mode: 'a', list: [{ c: '' }], either: 'x' })).toEqual([]);
    expect(checkData({}, undefined)).toEqual([]);
  });

  it('takes a bigint for a whole number and for a number', () => {
    expect(checkData(schema, { id: 'x', size: 2n ** 70n, length: 2n ** 70n })).toEqual([]);
    expect(checkData(schema, { id: 2n ** 70n, size: -(2n ** 70n) })).toEqual([
      { path: 'id', message: 'must be a string, not a number' },
      { path: 'size', message: 'must be >= 0' },
    ]);
  });

  it('does not refuse by format', () => {
    expect(checkData(schema, { id: 'x', size: 1, at: 'soon' })).toEqual([]);
  });

  it('names every wrong field by the path that a user would write', () => {
    const data = {
      id: '',
      size: 1.5,
      length: 'x',
      mode: 'c',
      list: [{ c: 'x' }, {}, { c: 5 }],
      either: 5,
      'odd name': 1,
      other: 1,
    };
    expect(checkData(schema, data)).toEqual(
      expect.arrayContaining([
        { path: 'id', message: 'must not be empty' },
        { path: 'size', message: 'must be a whole number, not a fraction' },
        { path: 'length', message: 'must be a number or null, not a string' },
        { path: 'mode', message: 'must be one of a, b' },
        { path: 'list[1].c', message: 'is missing' },
        { path: 'list[2].c', message: 'must be a string, not a number' },
        { path: '["odd name"]', message: 'is no known field' },
        { path: 'other', message: 'is no known field' },
      ]),
    );
    expect(checkData(schema, data)).toHaveLength(9);
    expect(checkData(schema, data).map(({ path }) => path)).toContain('either');
  });

  it('calls the whole value body', () => {
    expect(checkData(schema, [])).toEqual([{ path: 'body', message: 'must be an object, not a list' }]);
    expect(checkData(schema, null)).toEqual([{ path: 'body', message: 'must be an object, not null' }]);
    expect(checkData(schema, {})).toEqual([
      { path: 'id', message: 'is missing' },
      { path: 'size', message: 'is missing' },
    ]);
  });

  it('finds more than eight wrong fields, and lists no more than two hundred', () => {
    const list = Array.from({ length: 1000 }, () => ({}));
    expect(checkData(schema, { id: 'x', size: 1, list: list.slice(0, 30) })).toHaveLength(30);
    expect(checkData(schema, { id: 'x', size: 1, list })).toHaveLength(200);
  });

  it('does not repeat the value that it found', () => {
    const problems = checkData(schema, {
      id: 5,
      size: 'hunter2',
      mode: 'hunter2',
      list: 'hunter2',
      either: ['hunter2'],
    });
    expect(problems).toHaveLength(5);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('a path', () => {
  it.each([
    ['', 'a', 'a'],
    ['a', 'b', 'a.b'],
    ['a', '2', 'a[2]'],
    ['a', 'x-y', 'a.x-y'],
    ['a', 'b c', 'a["b c"]'],
    ['a', '标题', 'a.标题'],
  ])('%j and %j make %j', (parent, name, path) => expect(joinPath(parent, name)).toBe(path));
});

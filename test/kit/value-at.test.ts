import { expect, it } from 'vitest';
import { valueAt } from '../../src/kit/value-at.ts';

it.each([
  [['a', 'b'], 1],
  [['list', '1', 'c'], 2],
  [['list', 1, 'c'], 2],
  [[], { a: { b: 1 }, list: [0, { c: 2 }], text: 'x', nothing: null }],
  [['list', 'length'], undefined],
  [['list', '01'], undefined],
  [['text', 'length'], undefined],
  [['nothing', 'a'], undefined],
  [['a', 'toString'], undefined],
  [['a', 'b', 'c'], undefined],
])('reads %j among own properties and list items', (steps, value) => {
  expect(valueAt({ a: { b: 1 }, list: [0, { c: 2 }], text: 'x', nothing: null }, steps)).toEqual(value);
});

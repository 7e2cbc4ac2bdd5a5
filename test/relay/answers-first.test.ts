import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { answersFirst } from '../../src/relay/answers-first.ts';

it('puts off the first calls until what is under way has ended, and keeps their order', async () => {
  const calls: number[] = [];
  const dispatch = answersFirst((n: number) => void calls.push(n));
  dispatch(1);
  await Promise.resolve();
  dispatch(2);
  expect(calls).toEqual([]);
  await setImmediate();
  expect(calls).toEqual([1, 2]);
  dispatch(3);
  expect(calls).toEqual([1, 2, 3]);
});

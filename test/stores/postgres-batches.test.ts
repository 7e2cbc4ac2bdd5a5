/** What shares a commit, and what waits for more. */
import { describe, expect, it } from 'vitest';
import { createBatches } from '../../src/stores/postgres/batches.ts';
import { StoreUnavailable } from '../../src/stores/store.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const turn = () => new Promise((done) => setImmediate(done));

/** Batches of numbers, each answered with its double once it is let go; odd ones may wait. */
function setUp(most = 4) {
  const clock = new ManualClock();
  const begun: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batches = createBatches<number, number>({
    most,
    run: (items) => {
      begun.push(items);
      return new Promise((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve(items.map((item) => item * 2))));
      });
    },
    gather: { ms: 10, clock, mayWait: (items) => items.every((item) => item % 2 === 1) },
  });
  /** Ends the batch that is under way. */
  const end = async (error?: Error) => {
    ends.shift()?.(error);
    await turn();
  };
  return { batches, begun, clock, end };
}

describe('batches', () => {
  it('gather what comes while one is under way, and give each caller its own answers', async () => {
    const { batches, begun, end } = setUp();
    const answers = [batches.add([2]), batches.add([4, 6])];
    await turn();
    answers.push(batches.add([8]), batches.add([10]));
    await end();
    await end();
    expect(begun).toEqual([
      [2, 4, 6],
      [8, 10],
    ]);
    expect(await Promise.all(answers)).toEqual([[4], [8, 12], [16], [20]]);
    expect(batches.isBusy()).toBe(false);
  });

  it('wait with what may wait until its time is over, it is asked for, or something comes that may not', async () => {
    const { batches, begun, clock, end } = setUp();
    const first = batches.add([1, 3]);
    await clock.advance(9);
    expect(batches.isBusy()).toBe(false);
    await clock.advance(1);
    await end();
    batches.add([5]);
    batches.go();
    await turn();
    await end();
    const last = [batches.add([7]), batches.add([8])];
    await turn();
    await end();
    expect(begun).toEqual([[1, 3], [5], [7, 8]]);
    expect(await first).toEqual([2, 6]);
    expect(await Promise.all(last)).toEqual([[14], [16]]);
  });

  it('take no more than fits, but never part of what was added together', async () => {
    const { batches, begun, end } = setUp(3);
    for (const items of [[2, 4], [6, 8], [10]]) void batches.add(items);
    await turn();
    await end();
    await end();
    expect(begun).toEqual([[2, 4, 6, 8], [10]]);
  });

  it('refuse what waits behind one that the store was away for', async () => {
    const { batches, end } = setUp();
    const first = batches.add([2]);
    await turn();
    const behind = batches.add([3]);
    void end(new StoreUnavailable('away'));
    await expect(first).rejects.toThrow('away');
    await expect(behind).rejects.toThrow('away');
  });

  it('write what waits when they are closed, and refuse the rest', async () => {
    const { batches, begun, end } = setUp();
    const last = batches.add([1]);
    const closed = batches.close();
    await turn();
    await end();
    await closed;
    expect(begun).toEqual([[1]]);
    expect(await last).toEqual([2]);
    await expect(batches.add([2])).rejects.toThrow('closed');
  });
});

import { describe, expect, it } from 'vitest';
import { createSettler } from '../../src/deliver/settler.ts';
import type { LeasedDelivery, Settlement } from '../../src/model/delivery.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const settlement = (id: number): Settlement => ({
  deliveryId: `dlv_${id}`,
  lease: { token: id, until: 0 },
  result: { kind: 'delivered' },
  attempts: [],
  progress: 1,
  round: 0,
  requests: null,
});

const leased = (id: string, token: number) => ({ delivery: { id }, lease: { token, until: 0 } }) as LeasedDelivery;

function setUp() {
  const clock = new ManualClock();
  const calls: (readonly Settlement[])[] = [];
  const done: string[] = [];
  let answer: (batch: readonly Settlement[]) => Promise<readonly ('settled' | 'lost')[]> = async (batch) =>
    batch.map(() => 'settled');
  let failures = 0;
  const settler = createSettler({
    clock,
    settle: (batch) => {
      calls.push(batch);
      return answer(batch);
    },
    onFailure: () => failures++,
  });
  return {
    clock,
    calls,
    done,
    settler,
    failures: () => failures,
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    add: (...ids: number[]) => {
      for (const id of ids) settler.settle(settlement(id), 'now', (result) => done.push(`${id} ${result}`));
    },
    addSoon: (...ids: number[]) => {
      for (const id of ids) settler.settle(settlement(id), 'soon', (result) => done.push(`${id} ${result}`));
    },
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('the settler', () => {
  it('writes all of one turn together, in batches of at most 500', async () => {
    const { settler, add, calls, clock } = setUp();
    add(...range(1200));
    await clock.advance(0);
    expect(calls.map((batch) => batch.length)).toEqual([500, 500, 200]);
    expect(settler.isFull()).toBe(false);
  });

  it('lets gather what nothing waits for, and writes it with what something does', async () => {
    const { add, addSoon, calls, clock } = setUp();
    addSoon(1, 2);
    await clock.advance(0);
    expect(calls).toEqual([]);
    add(3);
    await clock.advance(0);
    expect(calls).toEqual([[settlement(1), settlement(2), settlement(3)]]);
  });

  it('writes what has gathered within milliseconds, at once where it fills a batch or the relay stops', async () => {
    const { settler, addSoon, calls, clock } = setUp();
    addSoon(1);
    await clock.advance(4);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls.map((batch) => batch.length)).toEqual([1]);
    addSoon(...range(500));
    await clock.advance(0);
    expect(calls.map((batch) => batch.length)).toEqual([1, 500]);
    addSoon(1);
    await settler.drain(1000);
    expect(calls.map((batch) => batch.length)).toEqual([1, 500, 1]);
  });

  it('says of each whether its lease was lost', async () => {
    const { add, done, clock, answerWith } = setUp();
    answerWith(async (batch) => batch.map(({ deliveryId }) => (deliveryId === 'dlv_2' ? 'lost' : 'settled')));
    add(1, 2, 3);
    await clock.advance(0);
    expect(done).toEqual(['1 settled', '2 lost', '3 settled']);
  });

  it('writes the same again while the store is away, ever more rarely', async () => {
    const { add, done, clock, answerWith, calls, failures } = setUp();
    answerWith(() => Promise.reject(new Error('away')));
    add(1, 2);
    await clock.advance(30_000);
    expect(failures()).toBeGreaterThan(5);
    expect(failures()).toBeLessThan(20);
    answerWith(async (batch) => batch.map(() => 'settled'));
    await clock.advance(5000);
    expect(done).toEqual(['1 settled', '2 settled']);
    expect(calls.at(-1)).toEqual(calls[0]);
  });

  it('is full where too much waits to be written', async () => {
    const { settler, add, clock, answerWith } = setUp();
    answerWith(() => Promise.reject(new Error('away')));
    add(...range(5001));
    expect(settler.isFull()).toBe(true);
    answerWith(async (batch) => batch.map(() => 'settled'));
    await clock.advance(10_000);
    expect(settler.isFull()).toBe(false);
  });

  it('writes under the newer lease where a delivery was leased anew while it waits', async () => {
    const { settler, add, clock, calls } = setUp();
    add(1);
    expect(settler.adopt([leased('dlv_1', 7), leased('dlv_2', 8)])).toEqual([leased('dlv_2', 8)]);
    await clock.advance(0);
    expect(calls[0]?.[0]?.lease.token).toBe(7);
  });

  it('writes again under a newer lease that came while it was being written and lost', async () => {
    const { settler, add, clock, calls, done, answerWith } = setUp();
    answerWith(async (batch) => {
      if (calls.length === 1) settler.adopt([leased('dlv_1', 7)]);
      return batch.map(({ lease }) => (lease.token === 7 ? 'settled' : 'lost'));
    });
    add(1);
    await clock.advance(0);
    expect(calls.map(([first]) => first?.lease.token)).toEqual([1, 7]);
    expect(done).toEqual(['1 settled']);
  });

  it('hands back a newer lease on what was written all the same', async () => {
    const { settler, add, clock, calls, done, answerWith } = setUp();
    answerWith(async (batch) => {
      if (calls.length === 1) settler.adopt([leased('dlv_1', 7)]);
      return batch.map(() => 'settled');
    });
    add(1);
    await clock.advance(0);
    expect(calls[1]?.[0]).toMatchObject({ lease: { token: 7 }, result: { kind: 'released' }, attempts: [] });
    expect(done).toEqual(['1 settled']);
  });

  it('drains: waits for what is being written, but not past its deadline', async () => {
    const { settler, add, clock, answerWith } = setUp();
    answerWith(() => new Promise(() => undefined));
    add(1);
    await clock.advance(0);
    let isOver = false;
    void settler.drain(3000).then(() => {
      isOver = true;
    });
    await clock.advance(2900);
    expect(isOver).toBe(false);
    await clock.advance(200);
    expect(isOver).toBe(true);
  });

  it('drains at once what waited for a store that was away', async () => {
    const { settler, add, clock, done, answerWith } = setUp();
    answerWith(() => Promise.reject(new Error('away')));
    add(1);
    await clock.advance(20_000);
    answerWith(async (batch) => batch.map(() => 'settled'));
    void settler.drain(1000);
    await clock.advance(0);
    expect(done).toEqual(['1 settled']);
  });

  it('writes nothing any more once its deadline is over: the store closes then', async () => {
    const { settler, add, clock, calls, answerWith } = setUp();
    answerWith(() => Promise.reject(new Error('away')));
    add(1);
    await clock.advance(300);
    void settler.drain(1000);
    await clock.advance(1000);
    const written = calls.length;
    await clock.advance(60_000);
    expect(calls.length).toBe(written);
    expect(clock.pending).toBe(0);
  });
});

/** What was tried is written before it is tried again under the same lease, so that no two tries ever have one number. */
import { describe, expect, it } from 'vitest';
import type { DispatcherPorts, Prepared } from '../../src/deliver/ports.ts';
import type { WrittenRequest } from '../../src/model/event.ts';
import { createRig, startConsumer, target, until, written } from './rig.ts';

const one: WrittenRequest = { event: 'hello', method: 'POST', headers: {}, body: Buffer.from('{}') };
const three: Prepared = { kind: 'requests', requests: [one, one, one] };

describe('a delivery that takes several tries under one lease', () => {
  it('has each of them in the store before the next one is made', async () => {
    const seen: number[] = [];
    const consumer = await startConsumer((response) => {
      seen.push(rig.queue.row('dlv_1').delivery.attempts);
      response.writeHead(503).end();
    });
    const rig = createRig({
      prepare: () => ({ kind: 'requests', requests: [one] }),
      targets: [target({ url: consumer.url, retry: { quick: 3, schedule: [5000], retryOn: [], deadOn: [] } })],
    });
    rig.queue.add(1);
    rig.dispatcher.start();
    for (let tries = 1; tries <= 3; tries++) {
      while (rig.count('deliveryAttempted') < tries) await rig.clock.advance(tries === 1 ? 0 : 100);
    }
    expect(seen).toEqual([0, 1, 2]);
    expect(consumer.received.map(({ headers }) => headers['dragoman-attempt'])).toEqual(['1', '2', '3']);
    await rig.clock.advance(5);
    expect(rig.queue.leased()).toEqual([]);
    expect(rig.queue.row('dlv_1').attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(rig.queue.row('dlv_1').delivery).toMatchObject({ attempts: 3, round: 1, requests: [one] });
  });

  it('has each request that went out in the store before the next one goes', async () => {
    const seen: number[] = [];
    const consumer = await startConsumer((response) => {
      seen.push(rig.queue.row('dlv_1').delivery.progress);
      response.end();
    });
    const rig = createRig({ targets: [target({ url: consumer.url })], prepare: () => three });
    rig.queue.add(1);
    rig.dispatcher.start();
    await written(rig, 3);
    expect(rig.queue.inState('delivered')).toHaveLength(1);
    expect(seen).toEqual([0, 1, 2]);
    expect(rig.queue.row('dlv_1').attempts.map(({ number, request }) => [number, request])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  it('is not tried again by a worker whose lease is gone', async () => {
    const consumer = await startConsumer((response) => {
      const row = rig.queue.row('dlv_1');
      row.lease = { token: 99, until: rig.clock.now() + 60_000 };
      response.end();
    });
    const rig = createRig({ targets: [target({ url: consumer.url })], prepare: () => three });
    rig.queue.add(1);
    rig.dispatcher.start();
    await until(() => rig.count('leaseLost') === 1);
    expect(consumer.received).toHaveLength(1);
    expect(rig.queue.row('dlv_1').delivery).toMatchObject({ state: 'waiting', attempts: 0, progress: 0 });
  });

  it('is sent by one relay only where its next request has to wait for the rate until its lease has ended', async () => {
    const consumer = await startConsumer();
    const rig = createRig({
      targets: [target({ url: consumer.url, rate: { count: 1, perMs: 60_000 } })],
      prepare: () => three,
    });
    // the first relay does not see by itself that its lease has ended
    const queue: DispatcherPorts['queue'] = {
      claim: (wanted) => rig.queue.claim(wanted),
      settle: (settlements) => rig.queue.settle(settlements),
      hasten: (request) => rig.queue.hasten(request),
      onHint: () => () => undefined,
      due: async () => new Map(),
    };
    const first = rig.another({ queue });
    first.start();
    await rig.clock.advance(0);
    first.dispatch(rig.queue.addHeld(1), {} as never);
    await written(rig, 1);
    rig.dispatcher.start();
    for (let seconds = 0; seconds < 300; seconds++) await rig.clock.advance(1000);
    expect(consumer.received.map(({ headers }) => headers['webhook-id'])).toEqual(['dlv_1', 'dlv_1.2', 'dlv_1.3']);
    expect(rig.count('leaseLost')).toBe(0);
    expect(rig.queue.inState('delivered')).toHaveLength(1);
  });
});

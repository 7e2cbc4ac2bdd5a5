import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { pauseBeside, resumeBeside } from '../../src/deliver/pause-beside.ts';
import type { WrittenRequest } from '../../src/model/event.ts';
import type { Target } from '../../src/model/target.ts';
import { type Consumer, createRig, hello, type Rig, startConsumer, target, until, written } from './rig.ts';

const DAY = 86_400_000;
const HOUR = DAY / 24;

const statusOf = (status: number, headers = {}): Consumer['answer'] => {
  return (response) => response.writeHead(status, headers).end();
};

/** Moves the clock in steps, and lets the network do its part after each, until something holds. */
async function eventually(rig: Rig, condition: () => boolean, stepMs = 500): Promise<void> {
  for (let step = 0; step < 400 && !condition(); step++) {
    await rig.clock.advance(stepMs);
    await quiet();
  }
  expect(condition(), condition.toString()).toBe(true);
}

/** The network has had its say: what a local server answers at once has arrived. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

async function started(options: Parameters<typeof createRig>[0]): Promise<Rig> {
  const rig = createRig(options);
  rig.dispatcher.start();
  await quiet();
  return rig;
}

async function oneTarget(answer: Consumer['answer'] | undefined, changes: Partial<Target> = {}) {
  const consumer = await startConsumer(answer);
  const rig = await started({ targets: [target({ url: consumer.url, ...changes })] });
  return { consumer, rig };
}

describe('what is due', () => {
  it('is claimed, sent and settled with what was sent and what came back', async () => {
    const { rig, consumer } = await oneTarget((response) => response.writeHead(201).end('thanks'));
    rig.queue.add(3);
    await eventually(rig, () => rig.queue.inState('delivered').length === 3);
    expect(consumer.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(['dlv_1', 'dlv_2', 'dlv_3']);
    const [attempt] = rig.queue.row('dlv_1').attempts;
    expect(attempt).toMatchObject({ number: 1, request: 0, method: 'POST', url: consumer.url, error: null });
    expect(attempt?.response).toMatchObject({ status: 201, truncated: false });
    expect(rig.queue.row('dlv_1').delivery.requests).toEqual(hello.kind === 'requests' ? hello.requests : []);
    expect(rig.count('deliverySettled')).toBe(3);
  });

  it('is sent at once when a hint comes', async () => {
    const { rig } = await oneTarget(undefined);
    rig.queue.add(1);
    rig.queue.hint('t');
    await written(rig, 1);
    expect(rig.queue.inState('delivered')).toHaveLength(1);
  });

  it('is sent from memory where the door holds it, without a claim', async () => {
    const { rig } = await oneTarget(undefined);
    expect(rig.dispatcher.hasRoom('t')).toBe(true);
    rig.dispatcher.dispatch(rig.queue.addHeld(2), {} as never);
    await written(rig, 2);
    expect(rig.queue.inState('delivered')).toHaveLength(2);
    expect(rig.queue.claims).toEqual([]);
  });

  it('is fetched in pages, so that a long backlog is not read into memory', async () => {
    const { rig } = await oneTarget(undefined);
    rig.queue.add(3000);
    let most = 0;
    await eventually(rig, () => {
      most = Math.max(most, rig.queue.leased().length);
      return rig.queue.inState('delivered').length === 3000;
    });
    expect(Math.max(...rig.queue.claims.map(({ limit }) => limit))).toBeLessThanOrEqual(500);
    expect(most).toBeLessThanOrEqual(1000);
  });

  it('is sent with the stored bytes where it was translated before', async () => {
    const { rig, consumer } = await oneTarget(undefined);
    const kept: WrittenRequest = { event: 'x', method: 'PUT', headers: {}, body: Buffer.from('kept') };
    rig.queue.add(1, { requests: [kept], attempts: 4, replays: 1 });
    await eventually(rig, () => consumer.received.length === 1);
    expect(consumer.received[0]).toMatchObject({ method: 'PUT', body: Buffer.from('kept') });
    expect(consumer.received[0]?.headers).toMatchObject({ 'dragoman-attempt': '5', 'dragoman-replay': '1' });
  });

  it.each([
    ['dropped', { kind: 'dropped', reason: { code: 'DROPPED', message: 'no such event there' } }],
    ['dead', { kind: 'dead', reason: { code: 'MAPPING_MISSING_VALUE', message: 'x.yaml:3:4' } }],
    ['dropped', { kind: 'requests', requests: [] }],
  ] as const)('becomes %s without a request where translation says so', async (state, prepared) => {
    const consumer = await startConsumer();
    const rig = await started({ targets: [target({ url: consumer.url })], prepare: () => prepared });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.inState(state).length === 1);
    expect(consumer.received).toEqual([]);
    expect(rig.queue.row('dlv_1').attempts).toEqual([]);
  });

  it('is tried again later where translation fails by a fault of ours', async () => {
    const consumer = await startConsumer();
    let calls = 0;
    const prepare = () => {
      if (++calls === 1) throw new Error('a bug');
      return hello;
    };
    const rig = await started({ targets: [target({ url: consumer.url })], prepare });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.inState('delivered').length === 1);
    expect(rig.count('defect')).toBe(1);
  });

  it('is a dead letter where the event has gone in a circle', async () => {
    const { rig, consumer } = await oneTarget(undefined);
    rig.queue.add(1, {}, { 'dragoman-hops': '3' });
    await eventually(rig, () => rig.queue.inState('dead').length === 1);
    expect(rig.queue.row('dlv_1').delivery.reason?.code).toBe('LOOP');
    expect(consumer.received).toEqual([]);
  });
});

describe('several requests of one delivery', () => {
  const three = ['a', 'b', 'c'].map((body) => ({ event: 'x', method: 'POST', headers: {}, body: Buffer.from(body) }));

  it('go out in order, and a retry goes on where the last one stopped', async () => {
    let failures = 2;
    const consumer = await startConsumer((response, { body }) => {
      response.writeHead(body.toString() === 'b' && failures-- > 0 ? 500 : 200).end();
    });
    const rig = await started({
      targets: [target({ url: consumer.url })],
      prepare: () => ({ kind: 'requests', requests: three }),
    });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.inState('delivered').length === 1);
    expect(consumer.received.map(({ body }) => body.toString()).join('')).toBe('abbbc');
    const ids = consumer.received.map(({ headers }) => [headers['webhook-id'], headers['dragoman-attempt']]);
    expect(ids).toEqual([
      ['dlv_1', '1'],
      ['dlv_1.2', '2'],
      ['dlv_1.2', '3'],
      ['dlv_1.2', '4'],
      ['dlv_1.3', '5'],
    ]);
    expect(rig.queue.row('dlv_1').delivery).toMatchObject({ attempts: 5, progress: 3, round: 0 });
  });
});

describe('retries', () => {
  it('follow the schedule, each with the same id and a higher attempt, until a dead letter', async () => {
    const { rig, consumer } = await oneTarget(statusOf(500), { breaker: { failures: 100, pauseMs: 1, longestMs: 1 } });
    rig.queue.add(1);
    const begun = rig.clock.now();
    const at: number[] = [];
    await eventually(rig, () => {
      if (consumer.received.length > at.length) at.push(rig.clock.now() - begun);
      return rig.queue.inState('dead').length === 1;
    });
    const headers = consumer.received.map((one) => [one.headers['webhook-id'], one.headers['dragoman-attempt']]);
    expect(headers).toEqual([1, 2, 3, 4].map((number) => ['dlv_1', String(number)]));
    const waits = at.slice(1).map((time, index) => Math.round((time - (at[index] ?? 0)) / 1000));
    expect(waits.map((wait, index) => Math.abs(wait - ([5, 30, 120][index] ?? 0)) <= 2)).toEqual([true, true, true]);
    expect(rig.queue.row('dlv_1').delivery.reason?.code).toBe('RETRIES_EXHAUSTED');
  });

  it('are quick at first, under one lease', async () => {
    let failures = 2;
    const { rig, consumer } = await oneTarget((response) => response.writeHead(failures-- > 0 ? 503 : 200).end(), {
      retry: { quick: 3, schedule: [DAY], retryOn: [], deadOn: [] },
    });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.inState('delivered').length === 1, 250);
    expect(consumer.received.map(({ headers }) => headers['dragoman-attempt'])).toEqual(['1', '2', '3']);
    expect(rig.queue.claims.filter(({ limit }) => limit > 0).length).toBeLessThanOrEqual(2);
    expect(
      rig.queue
        .row('dlv_1')
        .attempts.map(({ startedAt }, index, all) => startedAt - (all[index - 1]?.startedAt ?? startedAt)),
    ).toEqual([0, 1000, 2000]);
  });

  it('end with the quick ones where there are no more of them, and wait for the schedule', async () => {
    const { rig, consumer } = await oneTarget(statusOf(503), {
      retry: { quick: 3, schedule: [DAY], retryOn: [], deadOn: [] },
    });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.row('dlv_1').delivery.round === 1);
    expect(consumer.received.length).toBe(3);
    expect(rig.queue.row('dlv_1').delivery).toMatchObject({ state: 'waiting', attempts: 3 });
  });

  it('are not quick after an answer that will not change in seconds', async () => {
    const { rig, consumer } = await oneTarget(statusOf(404), {
      retry: { quick: 3, schedule: [DAY], retryOn: [], deadOn: [] },
    });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.row('dlv_1').delivery.round === 1);
    expect(consumer.received.length).toBe(1);
  });

  it.each([400, 422, 413])('are not made after %i', async (status) => {
    const { rig, consumer } = await oneTarget(statusOf(status));
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.inState('dead').length === 1);
    expect(consumer.received.length).toBe(1);
  });
});

describe('a target that asks for a pause', () => {
  it('is left alone for as long as it says, by everything that waits for it', async () => {
    let busy = true;
    const { rig, consumer } = await oneTarget(
      (response) => (busy ? response.writeHead(429, { 'retry-after': '60' }).end() : response.end()),
      { concurrency: 1 },
    );
    rig.queue.add(5);
    await eventually(rig, () => rig.dispatcher.status()[0]?.state === 'paused');
    const asked = rig.clock.now();
    expect(rig.dispatcher.hasRoom('t')).toBe(false);
    busy = false;
    const before = consumer.received.length;
    await rig.clock.advance(58_000);
    await quiet();
    expect(consumer.received.length).toBe(before);
    await eventually(rig, () => rig.queue.inState('delivered').length === 5);
    expect(rig.clock.now() - asked).toBeGreaterThanOrEqual(59_000);
    const attempts = rig.queue.inState('delivered').map((id) => rig.queue.row(id).delivery.attempts);
    expect(attempts.filter((count) => count > 1).length).toBe(before);
    expect([rig.count('targetPaused'), rig.count('targetResumed')]).toEqual([1, 1]);
  });

  it('is left alone by a relay that starts meanwhile', async () => {
    const { rig, consumer } = await oneTarget(statusOf(503, { 'retry-after': '600' }));
    rig.queue.add(1);
    await eventually(rig, () => rig.dispatcher.status()[0]?.state === 'paused');
    await rig.dispatcher.stop(1000);
    rig.queue.add(1);
    const restarted = rig.another();
    restarted.start();
    await rig.clock.advance(60_000);
    await quiet();
    expect(consumer.received.length).toBe(1);
    expect(restarted.status()[0]).toMatchObject({ state: 'paused', pausedUntil: expect.any(Number) });
  });
});

describe('a target that asks two relays for a pause', () => {
  it.each([
    ['first', '600', '5'],
    ['last', '5', '600'],
  ])('is left alone for the longer one, said %s', async (_, first, second) => {
    const pauses = [first, second];
    const { rig, consumer } = await oneTarget((response) => {
      response.writeHead(429, { 'retry-after': pauses.shift() }).end();
    });
    const other = rig.another();
    other.start();
    await quiet();
    for (const [index, one] of [rig.dispatcher, other].entries()) {
      one.dispatch(rig.queue.addHeld(1), {} as never);
      await until(() => rig.count('deliveryAttempted') === index + 1);
    }
    consumer.answer = (response) => response.end();
    await rig.clock.advance(590_000);
    await quiet();
    expect(consumer.received.length).toBe(2);
    await eventually(rig, () => rig.queue.inState('delivered').length === 2);
  });
});

describe('a target that is gone (410)', () => {
  it('is stopped, across restarts, until an operator resumes it', async () => {
    const { rig, consumer } = await oneTarget(statusOf(410), { concurrency: 1 });
    rig.queue.add(3);
    await eventually(rig, () => rig.dispatcher.status()[0]?.state === 'stopped');
    await rig.clock.advance(DAY);
    expect(consumer.received.length).toBe(1);
    expect(rig.queue.inState('dead').length).toBe(1);
    const restarted = rig.another();
    restarted.start();
    await rig.clock.advance(10_000);
    expect(restarted.status()[0]?.state).toBe('stopped');
    consumer.answer = (response) => response.end();
    await restarted.resume('t');
    await eventually(rig, () => rig.queue.inState('delivered').length === 2);
  });

  it('goes on where it is configured with another URL', async () => {
    const { rig } = await oneTarget(statusOf(410));
    rig.queue.add(1);
    await eventually(rig, () => rig.dispatcher.status()[0]?.state === 'stopped');
    const moved = await startConsumer();
    rig.targets.set('t', target({ url: moved.url }));
    rig.dispatcher.targetsChanged();
    rig.queue.add(1);
    await eventually(rig, () => moved.received.length === 1);
  });
});

describe('the breaker', () => {
  const quickly = { breaker: { failures: 5, pauseMs: 10_000, longestMs: 40_000 }, concurrency: 1 };
  const patient = { quick: 1, schedule: Array<number>(50).fill(1000), retryOn: [], deadOn: [] };

  it('opens after five failures in a row, and what waits then burns no attempts', async () => {
    const { rig, consumer } = await oneTarget(statusOf(500), quickly);
    rig.queue.add(100);
    await eventually(rig, () => rig.dispatcher.status()[0]?.breaker === 'open');
    expect(consumer.received.length).toBe(5);
    await rig.clock.advance(9000);
    await quiet();
    expect(consumer.received.length).toBe(5);
    expect(rig.dispatcher.hasRoom('t')).toBe(false);
    expect(rig.queue.leased()).toEqual([]);
    const attempts = [...rig.queue.rows.values()].reduce((sum, { delivery }) => sum + delivery.attempts, 0);
    expect(attempts).toBe(5);
  });

  it('lets single probes through, with growing pauses, and closes after a success', async () => {
    const { rig, consumer } = await oneTarget(statusOf(500), { ...quickly, retry: patient });
    rig.queue.add(100);
    await eventually(rig, () => consumer.received.length === 5);
    const times: number[] = [rig.clock.now()];
    await eventually(rig, () => {
      if (consumer.received.length > 4 + times.length) times.push(rig.clock.now());
      return times.length === 5;
    });
    const gaps = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 10_000));
    expect(gaps).toEqual([1, 2, 4, 4]);
    expect(consumer.received.length).toBe(9);
    consumer.answer = (response) => response.end();
    await eventually(rig, () => rig.queue.inState('delivered').length === 100);
    expect([rig.count('breakerOpened'), rig.count('breakerClosed')]).toEqual([1, 1]);
  });

  it('stays closed while one in five succeeds', async () => {
    let count = 0;
    const { rig } = await oneTarget((response) => response.writeHead(++count % 5 === 0 ? 200 : 500).end(), {
      ...quickly,
      retry: patient,
    });
    rig.queue.add(40);
    await eventually(rig, () => rig.queue.inState('delivered').length === 40);
    expect(rig.count('breakerOpened')).toBe(0);
  });

  it('is not moved by answers that tell of the delivery, not of the target', async () => {
    const { rig } = await oneTarget(statusOf(422), quickly);
    rig.queue.add(20);
    await eventually(rig, () => rig.queue.inState('dead').length === 20);
    expect(rig.count('breakerOpened')).toBe(0);
  });

  it('is open for every relay on the store, and after a restart', async () => {
    const { rig, consumer } = await oneTarget(statusOf(500), quickly);
    const other = rig.another();
    other.start();
    rig.queue.add(30);
    await eventually(rig, () => rig.dispatcher.status()[0]?.breaker === 'open');
    const restarted = rig.another();
    restarted.start();
    await rig.clock.advance(1500);
    await quiet();
    const received = consumer.received.length;
    expect(other.status()[0]?.breaker).toBe('open');
    expect(restarted.status()[0]?.breaker).toBe('open');
    await rig.clock.advance(5000);
    expect(consumer.received.length).toBe(received);
  });
});

describe('a target that gets another URL', () => {
  const failing = { breaker: { failures: 1, pauseMs: DAY, longestMs: DAY }, concurrency: 1 };

  function move(rig: Rig, { url }: Consumer): void {
    rig.targets.set('t', target({ url, ...failing }));
    rig.dispatcher.targetsChanged();
  }

  it.each([
    ['an open breaker', statusOf(500), () => ({ breaker: 'open' })],
    ['a pause that was asked for', statusOf(503, { 'retry-after': '3600' }), () => ({ state: 'paused' })],
  ] as const)('leaves %s behind, which holds again under the old one', async (_, answer, held) => {
    const { rig, consumer } = await oneTarget(answer, failing);
    rig.queue.add(1);
    await eventually(rig, () => rig.dispatcher.status()[0]?.lastError !== null);
    expect(rig.dispatcher.status()[0]).toMatchObject(held());
    const moved = await startConsumer();
    move(rig, moved);
    rig.queue.add(2);
    await eventually(rig, () => moved.received.length >= 2);
    expect(rig.dispatcher.status()[0]).toMatchObject({ state: 'running', breaker: 'closed' });
    expect(rig.clock.now() - rig.queue.row('dlv_2').delivery.createdAt).toBeLessThan(DAY / 24);
    const restarted = rig.another();
    restarted.start();
    await rig.clock.advance(1500);
    expect(restarted.status()[0]).toMatchObject({ state: 'running', breaker: 'closed' });
    move(rig, consumer);
    expect(rig.dispatcher.status()[0]).toMatchObject(held());
  });

  it('is not blamed for what the old one answers late', async () => {
    const late: ServerResponse[] = [];
    const { rig } = await oneTarget((response) => void late.push(response), failing);
    rig.queue.add(1);
    await eventually(rig, () => late.length === 1);
    const moved = await startConsumer();
    move(rig, moved);
    late[0]?.writeHead(410).end();
    await written(rig, 1);
    expect(rig.dispatcher.status()[0]).toMatchObject({ state: 'running', breaker: 'closed' });
    rig.queue.add(1);
    await eventually(rig, () => moved.received.length === 1);
  });

  it('starts to count its failures anew', async () => {
    const retry = { quick: 1, schedule: [DAY], retryOn: [], deadOn: [] };
    const twice = { breaker: { failures: 2, pauseMs: DAY, longestMs: DAY }, concurrency: 1, retry };
    const { rig } = await oneTarget(statusOf(500), twice);
    rig.queue.add(1);
    await eventually(rig, () => rig.count('deliveryAttempted') === 1);
    const moved = await startConsumer(statusOf(500));
    rig.targets.set('t', target({ url: moved.url, ...twice }));
    rig.dispatcher.targetsChanged();
    rig.queue.add(1);
    await eventually(rig, () => rig.count('deliveryAttempted') === 2);
    expect(rig.dispatcher.status()[0]?.breaker).toBe('closed');
    rig.queue.add(1);
    await eventually(rig, () => rig.count('deliveryAttempted') === 3);
    expect(rig.dispatcher.status()[0]?.breaker).toBe('open');
  });
});

describe('an operator', () => {
  it('pauses a target and resumes it, for all relays and across restarts', async () => {
    const { rig, consumer } = await oneTarget(undefined);
    await rig.dispatcher.pause('t');
    rig.queue.add(3);
    const other = rig.another();
    other.start();
    await rig.clock.advance(DAY);
    expect(consumer.received).toEqual([]);
    expect(other.status()[0]).toMatchObject({ state: 'paused', pausedUntil: null });
    await other.resume('t');
    await eventually(rig, () => rig.queue.inState('delivered').length === 3);
    await rig.clock.advance(2000);
    expect(rig.dispatcher.status()[0]?.state).toBe('running');
  });

  it('resumes a target, and what waited for a later try is sent at once', async () => {
    const retry = { quick: 1, schedule: [DAY, DAY], retryOn: [], deadOn: [] };
    const { rig, consumer } = await oneTarget(statusOf(500), { retry });
    rig.queue.add(3);
    rig.queue.add(1, { target: 'another', dueAt: rig.clock.now() + DAY });
    await eventually(rig, () =>
      rig.queue.inState('waiting', 't').every((id) => rig.queue.row(id).delivery.round === 1),
    );
    await rig.dispatcher.pause('t');
    consumer.answer = (response) => response.end();
    const before = rig.clock.now();
    await rig.dispatcher.resume('t');
    await eventually(rig, () => rig.queue.inState('delivered').length === 3);
    expect(rig.clock.now() - before).toBeLessThan(DAY / 2);
    expect(rig.queue.row('dlv_4').delivery.dueAt).toBeGreaterThan(rig.clock.now());
  });

  it('pauses and resumes beside the relays, with the same effect as soon as they look', async () => {
    const retry = { quick: 1, schedule: [DAY, DAY], retryOn: [], deadOn: [] };
    const { rig, consumer } = await oneTarget(statusOf(500), { retry });
    rig.queue.add(3);
    await eventually(rig, () => rig.queue.inState('waiting').every((id) => rig.queue.row(id).delivery.round === 1));
    expect(await pauseBeside(rig, 't')).toBe(true);
    expect(await pauseBeside(rig, 't')).toBe(false);
    await rig.clock.advance(2000);
    expect(rig.dispatcher.status()[0]).toMatchObject({ state: 'paused', pausedUntil: null });
    consumer.answer = (response) => response.end();
    const now = rig.clock.now();
    expect(await resumeBeside(rig, { target: 't', now })).toEqual({ hastened: 3 });
    expect(await resumeBeside(rig, { target: 't', now })).toEqual({ hastened: null });
    await eventually(rig, () => rig.queue.inState('delivered').length === 3);
    expect(rig.clock.now() - now).toBeLessThan(DAY / 2);
    expect(rig.dispatcher.status()[0]?.state).toBe('running');
  });

  it('resumes a target that nothing holds, and what waits for a later try goes on waiting', async () => {
    const retry = { quick: 1, schedule: [DAY, DAY], retryOn: [], deadOn: [] };
    const { rig, consumer } = await oneTarget(statusOf(500), { retry });
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.row('dlv_1').delivery.round === 1);
    await rig.dispatcher.resume('t');
    await rig.clock.advance(10_000);
    expect(consumer.received.length).toBe(1);
  });

  it('resumes a target while the store cannot be reached', async () => {
    const { rig } = await oneTarget(undefined);
    await rig.dispatcher.pause('t');
    rig.queue.isAway = true;
    await rig.dispatcher.resume('t');
    rig.queue.isAway = false;
    rig.queue.add(1);
    await eventually(rig, () => rig.queue.inState('delivered').length === 1);
  });

  it.each([
    ['a 429', statusOf(429, { 'retry-after': '2' })],
    ['an opening of its breaker', statusOf(500)],
    ['a 410', statusOf(410)],
  ])('pauses a target though another relay, which has not heard of it yet, writes %s', async (_, answer) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { rig, consumer } = await oneTarget((...args) => void promise.then(() => answer(...args)), {
      breaker: { failures: 1, pauseMs: 1000, longestMs: 1000 },
    });
    const other = rig.another();
    other.start();
    await quiet();
    rig.dispatcher.dispatch(rig.queue.addHeld(1), {} as never);
    await until(() => consumer.received.length === 1);
    await other.pause('t');
    resolve();
    await until(() => rig.count('deliveryAttempted') === 1);
    rig.queue.add(3);
    consumer.answer = (response) => response.end();
    await rig.clock.advance(3000);
    const states = [rig.dispatcher, other].flatMap((one) => one.status().map(({ state }) => state));
    expect(new Set(states).size).toBe(1);
    expect(['paused', 'stopped']).toContain(states[0]);
    await rig.clock.advance(HOUR);
    await quiet();
    expect(consumer.received.length).toBe(1);
    expect(JSON.parse(rig.shared.rows.get('target/t')?.value ?? '')).toMatchObject({ paused: true });
  });

  it('switches a target off in the configuration: what waits goes on waiting', async () => {
    const { rig, consumer } = await oneTarget(undefined, { enabled: false });
    rig.queue.add(3);
    await rig.clock.advance(60_000);
    expect([consumer.received.length, rig.dispatcher.hasRoom('t'), rig.dispatcher.status()[0]?.state]).toEqual([
      0,
      false,
      'disabled',
    ]);
    rig.targets.set('t', { ...(rig.targets.get('t') as Target), enabled: true });
    rig.dispatcher.targetsChanged();
    await eventually(rig, () => rig.queue.inState('delivered').length === 3);
  });
});

describe('a line of its own', () => {
  it('has no more under way than its concurrency', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const { rig } = await oneTarget((response) => {
      most = Math.max(most, ++open);
      waiting.push(() => {
        open--;
        response.end();
      });
    });
    rig.queue.add(20);
    await eventually(rig, () => {
      if (open === 4 || rig.queue.inState('delivered').length > 15) for (const answer of waiting.splice(0)) answer();
      return rig.queue.inState('delivered').length === 20;
    });
    expect(most).toBe(4);
  });

  it('lets the others go on where a target never answers', async () => {
    const healthy = await startConsumer();
    const hung = await startConsumer(() => undefined);
    const names = Array.from({ length: 20 }, (_, index) => `hung${index}`);
    const rig = await started({
      targets: [target({ url: healthy.url }), ...names.map((name) => target({ name, url: hung.url }))],
    });
    for (const name of names) rig.queue.add(20, { target: name });
    rig.queue.add(100);
    await eventually(rig, () => rig.queue.inState('delivered').length === 100);
    expect(rig.queue.inState('waiting', 't')).toEqual([]);
    expect(hung.received.length).toBeLessThanOrEqual(20 * 4);
    await rig.clock.advance(120_000);
    expect(rig.queue.inState('waiting').length).toBe(400);
  });

  it('always has a place for a target, however much others hold in memory', async () => {
    const healthy = await startConsumer();
    const hung = await startConsumer(() => undefined);
    const rig = await started({ targets: [target({ url: healthy.url }), target({ name: 'hung', url: hung.url })] });
    const large = Buffer.alloc(2 ** 20);
    for (const leased of rig.queue.addHeld(40, 120_000, { target: 'hung' })) {
      const request = { ...leased.event.request, body: large };
      rig.dispatcher.dispatch([{ ...leased, event: { ...leased.event, request } }], {} as never);
    }
    expect([rig.dispatcher.hasRoom('hung'), rig.dispatcher.hasRoom('t')]).toEqual([false, true]);
  });

  it('holds the less in memory the longer its target is silent', async () => {
    const { rig } = await oneTarget(() => undefined, { timeoutMs: 60_000 });
    rig.dispatcher.dispatch(rig.queue.addHeld(54), {} as never);
    expect(rig.dispatcher.hasRoom('t')).toBe(true);
    await rig.clock.advance(20_000);
    expect(rig.dispatcher.hasRoom('t')).toBe(false);
  });

  it('sends no faster than its rate, in any second', async () => {
    const at: number[] = [];
    const { rig } = await oneTarget(
      (response) => {
        at.push(rig.clock.monotonic());
        response.end();
      },
      { rate: { count: 10, perMs: 1000 }, concurrency: 50 },
    );
    rig.queue.add(60);
    await eventually(rig, () => at.length === 60, 50);
    for (const [index, time] of at.entries()) {
      const later = at[index + 10];
      // What is seen here is when a request arrived, at the grain of the steps.
      if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(950);
    }
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeLessThan(8000);
  });

  it('grants nothing anew where its configuration is loaded again', async () => {
    const { consumer, rig } = await oneTarget(undefined, { rate: { count: 3, perMs: 60_000 } });
    const reload = async (changes: Partial<Target>): Promise<void> => {
      rig.targets.set('t', target({ url: consumer.url, ...changes }));
      rig.dispatcher.targetsChanged();
      await rig.clock.advance(1000);
      await quiet();
    };
    rig.queue.add(20);
    await eventually(rig, () => consumer.received.length === 3);
    await reload({ rate: { count: 3, perMs: 60_000 } });
    expect(consumer.received).toHaveLength(3);
    await reload({ rate: { count: 5, perMs: 60_000 } });
    await until(() => consumer.received.length === 5);
    await reload({ rate: { count: 2, perMs: 60_000 } });
    expect(consumer.received).toHaveLength(5);
    await reload({ rate: null });
    await eventually(rig, () => consumer.received.length === 20);
  });

  it('shares rate and concurrency with the other relays', async () => {
    let most = 0;
    let open = 0;
    const consumer = await startConsumer(() => {
      most = Math.max(most, ++open);
    });
    const rig = await started({ targets: [target({ url: consumer.url })], ports: { fleetSize: () => 2 } });
    rig.queue.add(20);
    await rig.clock.advance(3000);
    await quiet();
    expect(most).toBe(2);
  });

  it('keeps the order of each key without one key waiting for another', async () => {
    let isStuck = true;
    const bodies: string[] = [];
    const consumer = await startConsumer((response, { body }) => {
      const text = body.toString();
      if (text.startsWith('a') && isStuck) response.writeHead(500).end();
      else {
        bodies.push(text);
        response.end();
      }
    });
    const rig = await started({
      targets: [
        target({ url: consumer.url, orderBy: ['data', 'room'], breaker: { failures: 99, pauseMs: 1, longestMs: 1 } }),
      ],
      prepare: ({ delivery }) => ({
        kind: 'requests',
        requests: [
          { event: 'x', method: 'POST', headers: {}, body: Buffer.from(`${delivery.orderKey}:${delivery.id}`) },
        ],
      }),
    });
    expect(rig.dispatcher.hasRoom('t')).toBe(false);
    for (let i = 0; i < 10; i++) {
      rig.queue.add(1, { orderKey: 'a' });
      rig.queue.add(1, { orderKey: 'b' });
    }
    await eventually(rig, () => bodies.length === 10);
    expect(bodies.every((text) => text.startsWith('b'))).toBe(true);
    isStuck = false;
    await eventually(rig, () => bodies.length === 20);
    for (const key of ['a', 'b']) {
      const numbers = bodies.filter((text) => text.startsWith(key)).map((text) => Number(text.split('_')[1]));
      expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
    }
  });

  it('gives back what it holds when its target is taken out of the configuration', async () => {
    const { rig } = await oneTarget(() => undefined, { concurrency: 1 });
    rig.dispatcher.dispatch(rig.queue.addHeld(5), {} as never);
    await quiet();
    rig.targets.delete('t');
    rig.dispatcher.targetsChanged();
    await quiet();
    expect(rig.queue.leased()).toEqual(['dlv_1']);
    expect(rig.dispatcher.hasRoom('t')).toBe(false);
  });
});

describe('trouble', () => {
  it('with the store loses nothing: outcomes are written once it is back', async () => {
    const { rig, consumer } = await oneTarget((response) => {
      rig.queue.isAway = true;
      response.end();
    });
    rig.queue.add(3);
    await eventually(rig, () => consumer.received.length === 3);
    await rig.clock.advance(20_000);
    expect(rig.queue.inState('delivered')).toEqual([]);
    expect(rig.count('queueFailed')).toBe(1);
    rig.queue.isAway = false;
    await eventually(rig, () => rig.queue.inState('delivered').length === 3);
    expect(consumer.received.length).toBe(3);
  });

  it('with the shared state does not lose a pause', async () => {
    const { rig } = await oneTarget(undefined);
    rig.shared.isAway = true;
    await rig.dispatcher.pause('t');
    expect(rig.dispatcher.hasRoom('t')).toBe(false);
    rig.shared.isAway = false;
    await rig.clock.advance(3000);
    expect(rig.shared.rows.get('target/t')?.value).toContain('"paused":true');
  });

  it('with a lease that was lost is reported, and nothing is written', async () => {
    const { rig, consumer } = await oneTarget(() => undefined);
    rig.dispatcher.dispatch(rig.queue.addHeld(1), {} as never);
    await until(() => consumer.received.length === 1);
    rig.queue.row('dlv_1').lease = { token: 99, until: rig.clock.now() + DAY };
    await eventually(rig, () => rig.count('leaseLost') === 1);
    expect(rig.queue.row('dlv_1').delivery.state).toBe('waiting');
  });

  it('with a lease that is too short for a try is avoided: the delivery is handed back', async () => {
    const { rig, consumer } = await oneTarget(undefined);
    rig.dispatcher.dispatch(rig.queue.addHeld(1, 1000), {} as never);
    await quiet();
    expect(consumer.received).toEqual([]);
    await eventually(rig, () => rig.queue.inState('delivered').length === 1);
    expect(consumer.received.length).toBe(1);
  });
});

describe('a wall clock that jumps', () => {
  it.each([
    ['ahead', DAY],
    ['back', -DAY],
  ])('a day %s doubles nothing that is under way, and blocks nothing new', async (_, jump) => {
    const answers: (() => void)[] = [];
    const { rig, consumer } = await oneTarget((response) => void answers.push(() => response.end()), {
      timeoutMs: 60_000,
    });
    rig.queue.add(10);
    await eventually(rig, () => answers.length === 4);
    rig.clock.jump(jump);
    await rig.clock.advance(5000);
    await quiet();
    expect(consumer.received.length).toBe(4);
    rig.queue.add(2, { dueAt: rig.clock.now() });
    await eventually(rig, () => {
      for (const answer of answers.splice(0)) answer();
      return rig.queue.inState('delivered').length === 12;
    });
    expect(consumer.received.length).toBe(12);
    expect(rig.count('leaseLost')).toBe(0);
  });

  it.each([
    ['ahead', DAY],
    ['back', -DAY],
  ])('a day %s neither cuts a pause short nor makes it longer', async (_, jump) => {
    let busy = true;
    const { rig } = await oneTarget((response) =>
      busy ? response.writeHead(429, { 'retry-after': '60' }).end() : response.end(),
    );
    rig.queue.add(1);
    await eventually(rig, () => rig.dispatcher.status()[0]?.state === 'paused');
    busy = false;
    rig.clock.jump(jump);
    await rig.clock.advance(50_000);
    expect(rig.dispatcher.status()[0]?.state).toBe('paused');
    await rig.clock.advance(15_000);
    expect(rig.dispatcher.status()[0]?.state).toBe('running');
  });
});

describe('stopping', () => {
  it('finishes what is under way, hands back the rest, and claims nothing more', async () => {
    const answers: (() => void)[] = [];
    const { rig, consumer } = await oneTarget((response) => void answers.push(() => response.end()), {
      concurrency: 2,
    });
    rig.queue.add(10);
    await eventually(rig, () => answers.length === 2);
    const stopped = rig.dispatcher.stop(10_000);
    await quiet();
    expect(rig.queue.leased().length).toBe(2);
    for (const answer of answers) answer();
    await stopped;
    expect(rig.queue.inState('delivered').length).toBe(2);
    expect(rig.queue.leased()).toEqual([]);
    await rig.clock.advance(60_000);
    expect(consumer.received.length).toBe(2);
  });

  it('cuts what does not end in time, and hands it back with the attempt that was made', async () => {
    const { rig, consumer } = await oneTarget(() => undefined, { timeoutMs: 60_000 });
    rig.queue.add(1);
    await eventually(rig, () => consumer.received.length === 1);
    let isOver = false;
    const stopped = rig.dispatcher.stop(10_000).then(() => {
      isOver = true;
    });
    await rig.clock.advance(10_000);
    await quiet();
    expect(isOver).toBe(true);
    await stopped;
    expect(rig.queue.row('dlv_1')).toMatchObject({
      lease: null,
      delivery: { state: 'waiting', attempts: 1, round: 0 },
      attempts: [{ number: 1, error: { code: 'STOPPED' } }],
    });
  });

  it('does not wait for a store that is away', async () => {
    const { rig, consumer } = await oneTarget((response) => {
      rig.queue.isAway = true;
      response.end();
    });
    rig.queue.add(1);
    await eventually(rig, () => consumer.received.length === 1);
    let isOver = false;
    void rig.dispatcher.stop(5000).then(() => {
      isOver = true;
    });
    await rig.clock.advance(5000);
    await quiet();
    expect(isOver).toBe(true);
  });

  it('sends nothing past the rate: what waits for it is handed back', async () => {
    const consumer = await startConsumer();
    const requests = [1, 2].map(() => ({ event: 'x', method: 'POST', headers: {}, body: Buffer.from('{}') }) as const);
    const rig = await started({
      targets: [target({ url: consumer.url, rate: { count: 1, perMs: 20_000 } })],
      prepare: () => ({ kind: 'requests', requests }),
    });
    rig.queue.add(1);
    await eventually(rig, () => consumer.received.length === 1);
    await rig.clock.advance(5000);
    await quiet();
    const stopped = rig.dispatcher.stop(1000);
    await rig.clock.advance(2000);
    await stopped;
    expect(consumer.received).toHaveLength(1);
    expect(rig.queue.row('dlv_1').delivery).toMatchObject({ state: 'waiting', progress: 1 });
    expect(rig.queue.leased()).toEqual([]);
  });

  it('cuts the wait for a quick try short', async () => {
    const { rig, consumer } = await oneTarget(statusOf(503), {
      retry: { quick: 3, schedule: [60_000], retryOn: [], deadOn: [] },
    });
    rig.queue.add(1);
    await eventually(rig, () => consumer.received.length === 1, 100);
    await rig.dispatcher.stop(5000);
    expect(rig.queue.row('dlv_1').delivery).toMatchObject({ state: 'waiting', attempts: 1, round: 1 });
  });
});

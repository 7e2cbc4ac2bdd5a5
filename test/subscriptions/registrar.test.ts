import { describe, expect, it, onTestFinished } from 'vitest';
import { createRegistrar, type Registration, type RegistrationFacts } from '../../src/subscriptions/registrar.ts';
import { createRelayLock } from '../../src/subscriptions/relay-lock.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { EVENT_TYPES } from './rig.ts';

const URI = 'https://relay.example.com/in/sigma';

function registration(api: string, changes: Partial<Registration> = {}): Registration {
  return { source: 'sigma', api, tokenId: 'an-id', tokenSecret: 'a-secret', uri: URI, events: 'all', ...changes };
}

interface Relay {
  readonly wanted: { now: readonly Registration[] };
  readonly reports: (RegistrationFacts & { readonly failed: boolean })[];
  readonly registrar: ReturnType<typeof createRegistrar>;
}

function createRelay(first: Registration, { clock = new ManualClock(), shared = new MemoryShared() } = {}): Relay {
  const wanted = { now: [first] as readonly Registration[] };
  const reports: Relay['reports'] = [];
  const registrar = createRegistrar({
    registrations: () => wanted.now,
    eventTypes: EVENT_TYPES,
    lock: createRelayLock({ shared, clock }),
    clock,
    report: (facts, failed) => reports.push({ ...facts, failed }),
    firstPauseMs: 0,
  });
  onTestFinished(() => registrar.stop());
  return { wanted, reports, registrar };
}

const eventsAt = ({ webhooks }: ApiServer) => webhooks.map(({ event }) => event);

describe('the registrar', () => {
  it('registers at start and says so', async () => {
    const server = await startApiServer();
    const { registrar, reports } = createRelay(registration(server.url));
    registrar.configure();
    await expect.poll(() => reports).toHaveLength(1);
    expect(reports).toMatchObject([{ source: 'sigma', api: server.url, result: 'created', failed: false }]);
    expect(JSON.stringify(reports)).not.toContain('a-secret');
  });

  it('goes on with growing pauses until the API server works', async () => {
    const server = await startApiServer();
    const clock = new ManualClock();
    const { registrar, reports } = createRelay(registration(server.url), { clock });
    for (let i = 0; i < 3; i++) server.failures.push({ call: /^GET/, failure: { status: 403 } });
    registrar.configure();
    for (const [index, pauseMs] of [5000, 10_000, 20_000].entries()) {
      await expect.poll(() => reports).toHaveLength(index + 1);
      expect(reports.at(-1)).toMatchObject({ failed: true, result: 'failed', code: 'HTTP_403', retryInMs: pauseMs });
      await clock.advance(pauseMs - 1);
      expect(server.calls).toHaveLength(index + 1);
      await clock.advance(1);
    }
    await expect.poll(() => reports.at(-1)).toMatchObject({ failed: false, result: 'created' });
  });

  it('never waits longer than ten minutes', async () => {
    const clock = new ManualClock();
    const { registrar, reports } = createRelay(registration('http://127.0.0.1:9'), { clock });
    registrar.configure();
    for (let failures = 1; failures <= 10; failures++) {
      await expect.poll(() => reports).toHaveLength(failures);
      await clock.advance(reports.at(-1)?.retryInMs ?? 0);
    }
    expect(reports.at(-1)).toMatchObject({ code: 'ECONNREFUSED', retryInMs: 600_000 });
  });

  it('looks again every ten minutes, makes what has gone, and says nothing while all is well', async () => {
    const server = await startApiServer();
    const clock = new ManualClock();
    const { registrar, reports } = createRelay(registration(server.url), { clock });
    const lookAgain = async (): Promise<void> => {
      const calls = server.calls.length;
      await expect.poll(() => clock.pending).toBe(1);
      await clock.advance(600_000);
      await expect.poll(() => server.calls.length).toBeGreaterThan(calls);
      await expect.poll(() => clock.pending).toBe(1);
    };
    registrar.configure();
    await expect.poll(() => reports).toHaveLength(1);
    await lookAgain();
    expect(reports).toHaveLength(1);
    server.webhooks.length = 0;
    await lookAgain();
    expect(reports).toMatchObject([{ result: 'created' }, { result: 'created', failed: false }]);
    expect(eventsAt(server)).toEqual(['all']);
  });

  it('says that the API server fails later, and that it has come back', async () => {
    const server = await startApiServer();
    const clock = new ManualClock();
    const { registrar, reports } = createRelay(registration(server.url), { clock });
    registrar.configure();
    await expect.poll(() => clock.pending).toBe(1);
    server.failures.push({ call: /^GET/, failure: { status: 403 } });
    await clock.advance(600_000);
    await expect.poll(() => reports.at(-1)).toMatchObject({ failed: true, code: 'HTTP_403', retryInMs: 5000 });
    await clock.advance(5000);
    await expect.poll(() => reports.at(-1)).toMatchObject({ failed: false, result: 'unchanged' });
  });

  it('registers once for several relays that start at the same moment', async () => {
    const server = await startApiServer();
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const relays = [1, 2, 3].map(() => createRelay(registration(server.url), { clock, shared }));
    for (const { registrar } of relays) registrar.configure();
    const results = () => relays.flatMap(({ reports }) => reports.map(({ result }) => result)).toSorted();
    await expect
      .poll(async () => {
        await clock.advance(5000);
        return results();
      })
      .toEqual(['created', 'unchanged', 'unchanged']);
    expect(eventsAt(server)).toEqual(['all']);
    expect(shared.rows.size).toBe(0);
  });

  it('takes over from a relay that died while it registered', async () => {
    const server = await startApiServer();
    const clock = new ManualClock();
    const shared = new MemoryShared();
    await createRelayLock({ shared, clock }).take('registration/sigma', 60_000);
    const { registrar, reports } = createRelay(registration(server.url), { clock, shared });
    registrar.configure();
    await clock.advance(55_000);
    expect(server.calls).toEqual([]);
    await clock.advance(5000);
    await expect.poll(() => reports).toMatchObject([{ result: 'created' }]);
  });

  it('follows the configuration, and leaves alone what is as it was', async () => {
    const server = await startApiServer();
    const { registrar, reports, wanted } = createRelay(registration(server.url));
    registrar.configure();
    await expect.poll(() => reports).toHaveLength(1);
    wanted.now = [registration(server.url)];
    registrar.configure();
    wanted.now = [registration(server.url, { events: ['channel_live'] })];
    registrar.configure();
    await expect.poll(() => reports).toHaveLength(2);
    expect(reports[1]).toMatchObject({ result: 'updated' });
    expect(eventsAt(server)).toEqual(['channel_live']);
    wanted.now = [];
    registrar.configure();
    expect(eventsAt(server)).toEqual(['channel_live']);
  });

  it('tries no more once it is stopped', async () => {
    const clock = new ManualClock();
    const { registrar, reports } = createRelay(registration('http://127.0.0.1:9'), { clock });
    registrar.configure();
    await expect.poll(() => reports).toHaveLength(1);
    registrar.stop();
    expect(clock.pending).toBe(0);
  });

  it('says that the store is away, and goes on when it is back', async () => {
    const server = await startApiServer();
    const clock = new ManualClock();
    const shared = new MemoryShared();
    shared.isAway = true;
    const { registrar, reports } = createRelay(registration(server.url), { clock, shared });
    registrar.configure();
    await expect.poll(() => reports).toMatchObject([{ failed: true, code: 'STORE_UNAVAILABLE' }]);
    shared.isAway = false;
    await clock.advance(5000);
    await expect.poll(() => reports.at(-1)).toMatchObject({ result: 'created' });
  });
});

/** Fleets of relays on one PostgreSQL, at length: many events, relays that die and freeze, a database that comes and goes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { sendClips } from '../flow/sender.ts';
import { type FleetRun, oneToEach, startFleet, timesDelivered } from '../stores/start-fleet.ts';
import { type Server, startPostgres } from '../stores/start-postgres.ts';

let server: Server;

beforeAll(async () => {
  server = await startPostgres({ own: true });
});
afterAll(() => server.stop());

const inOrder = (times: ReadonlyMap<number, number>) => new Map([...times].sort(([a], [b]) => a - b));

/** Posts clips 1 to `count`, spread over the relays; what one refuses or drops is posted again, to the next. */
async function sendToAll(fleet: FleetRun, count: number, alive = fleet.relays.map((_, index) => index)): Promise<void> {
  const part = Math.ceil(count / alive.length);
  const sendings = alive.map((relay, index) => {
    const from = 1 + index * part;
    return sendClips({ url: fleet.door(relay), from, count: Math.min(part, count - from + 1), callers: 16 });
  });
  await Promise.all(sendings.map(({ done }) => done));
  let missing = sendings.flatMap(({ refused }) => [...refused.keys()]);
  const last = fleet.door(alive.at(-1) ?? 0);
  while (missing.length > 0) {
    const again = missing.map((n) => sendClips({ url: last, from: n, count: 1, callers: 1 }));
    await Promise.all(again.map(({ done }) => done));
    missing = again.flatMap(({ refused }) => [...refused.keys()]);
  }
}

describe('a fleet', () => {
  it.each([2, 4])('of %i relays delivers each of 50,000 events once', { timeout: 600_000 }, async (relays) => {
    await using consumer = await startConsumer();
    await using fleet = await startFleet(await server.createDatabase(), relays, { target: consumer.url });
    await sendToAll(fleet, 50_000);
    expect(await fleet.settled()).toMatchObject({ accepted: 50_000, events: { delivered: 50_000 } });
    expect(inOrder(timesDelivered(consumer.received))).toEqual(oneToEach(50_000));
  });

  it('delivers what a killed relay had accepted', { timeout: 120_000 }, async () => {
    await using consumer = await startConsumer();
    await using fleet = await startFleet(await server.createDatabase(), 2, { target: consumer.url });
    const sending = sendClips({ url: fleet.door(0), count: 2000, callers: 32 });
    await sending.acceptedAtLeast(1000);
    fleet.relays[0]?.kill('SIGKILL');
    await sending.done;
    expect(sending.refused.size).toBeGreaterThan(0);
    expect((await fleet.settled()).accepted).toBeGreaterThanOrEqual(sending.accepted.size);
    const times = timesDelivered(consumer.received);
    expect([...sending.accepted].filter((n) => !times.has(n))).toEqual([]);
  });

  it('delivers at most the in-flight set of a frozen relay twice', { timeout: 120_000 }, async () => {
    const inFlight: (() => void)[] = [];
    let isHolding = true;
    await using consumer = await startConsumer({
      hold: (answer) => (isHolding ? inFlight.push(answer) : answer()),
    });
    const options = ', concurrency: 8, timeout: 60s';
    await using fleet = await startFleet(await server.createDatabase(), 2, { target: consumer.url, options });
    await sendClips({ url: fleet.door(0), count: 200 }).done;
    await consumer.count(4);
    const frozen = inFlight.length;
    const { pid } = fleet.relays[0] as (typeof fleet.relays)[0];
    process.kill(pid, 'SIGSTOP');
    try {
      isHolding = false;
      // what it had leased comes from the other relay once that has noticed
      await consumer.count(frozen + 200);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    for (const answer of inFlight) answer();
    expect(await fleet.settled()).toMatchObject({ accepted: 200, events: { delivered: 200 } });
    const twice = [...timesDelivered(consumer.received).values()].filter((times) => times > 1);
    expect(twice.length).toBeLessThanOrEqual(frozen);
  });

  it('loses nothing while PostgreSQL is stopped and started under load', { timeout: 240_000 }, async () => {
    await using consumer = await startConsumer();
    await using fleet = await startFleet(await server.createDatabase(), 2, { target: consumer.url });
    const sending = sendToAll(fleet, 10_000);
    for (let round = 0; round < 3; round++) {
      await consumer.count(consumer.received.length + 500);
      await server.halt();
      await server.start();
    }
    await sending;
    expect(await fleet.settled()).toMatchObject({ accepted: 10_000, events: { delivered: 10_000 } });
    expect(timesDelivered(consumer.received).size).toBe(10_000);
  });
});

/** Two relays on one database, as users run them: what one has accepted, the fleet delivers once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { clip, post, sendClips } from '../flow/sender.ts';
import { startFleet, timesDelivered } from './start-fleet.ts';
import { type Server, startPostgres } from './start-postgres.ts';

let server: Server;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const sorted = (times: ReadonlyMap<number, number>) => [...times].sort(([a], [b]) => a - b);

describe('two relays on one database', () => {
  it('deliver each of 1,000 events once, whichever of them it was sent to, and again to neither', async () => {
    await using consumer = await startConsumer();
    await using fleet = await startFleet(await server.createDatabase(), 2, { target: consumer.url });
    const sendings = [0, 1].map((index) => sendClips({ url: fleet.door(index), from: 1 + index * 500, count: 500 }));
    await Promise.all(sendings.map(({ done }) => done));
    const balance = await fleet.settled();
    expect(balance).toMatchObject({ accepted: 1000, events: { delivered: 1000, waiting: 0 } });
    expect((await post(fleet.door(0), clip(1000))).status).toBe(202);
    expect((await post(fleet.door(1), clip(1))).status).toBe(202);
    expect(await fleet.settled()).toEqual(balance);
    expect(sorted(timesDelivered(consumer.received))).toEqual(
      Array.from({ length: 1000 }, (_, index) => [index + 1, 1]),
    );
  });

  it('keep the order of each key, whichever of them accepts and sends', async () => {
    await using consumer = await startConsumer();
    const options = ', order_by: data.room_id, concurrency: 8';
    await using fleet = await startFleet(await server.createDatabase(), 2, { target: consumer.url, options });
    for (let n = 1; n <= 40; n++) {
      const sent = [1, 2, 3].map((room) => post(fleet.door((n + room) % 2), clip(room * 1000 + n, String(room))));
      expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([202, 202, 202]);
    }
    expect((await fleet.settled()).events).toMatchObject({ delivered: 120, waiting: 0 });
    const numbers = [...timesDelivered(consumer.received).keys()];
    for (const room of [1, 2, 3]) {
      const ofRoom = numbers.filter((n) => Math.floor(n / 1000) === room);
      expect(ofRoom).toEqual(Array.from({ length: 40 }, (_, index) => room * 1000 + index + 1));
    }
  });

  it('hand over what one of them holds when it is stopped', async () => {
    await using consumer = await startConsumer();
    await using fleet = await startFleet(await server.createDatabase(), 2, { target: consumer.url });
    const sending = sendClips({ url: fleet.door(0), count: 300, callers: 8 });
    await sending.acceptedAtLeast(100);
    fleet.relays[0]?.kill('SIGTERM');
    expect(await fleet.relays[0]?.exited).toBe(0);
    await sending.done;
    for (const n of sending.refused.keys()) expect((await post(fleet.door(1), clip(n))).status).toBe(202);
    expect(await fleet.settled()).toMatchObject({ accepted: 300, events: { delivered: 300 } });
    expect(timesDelivered(consumer.received).size).toBe(300);
  });
});

/** What happens to saves and leases when PostgreSQL, or a relay, goes away. */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import { type Store, StoreUnavailable } from '../../src/stores/store.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { arrival, claimOf, DELIVERED, settlement } from './arrivals.ts';
import { expectAgreement } from './ledger-model.ts';
import { type Server, startPostgres } from './start-postgres.ts';

let server: Server;
const stores: Store[] = [];

beforeAll(async () => {
  server = await startPostgres({ own: true, settings: ['max_connections=25'] });
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]();
});
afterAll(() => server.stop());

async function open(url: string, clock = systemClock): Promise<Store> {
  const store = await openPostgresStore({ url, pool: 5, clock });
  stores.push(store);
  return store;
}

/** Saves from many senders until told to stop, each trying again where the store was away; tells what was acknowledged. */
function sendTo(store: Store) {
  const acknowledged = new Set<string>();
  let refusals = 0;
  let isDone = false;
  const sender = async (): Promise<void> => {
    while (!isDone) {
      const one = arrival();
      for (let isSaved = false; !isSaved && !isDone; ) {
        try {
          const saved = await store.inbox.save(one);
          acknowledged.add(saved.kind === 'duplicate' ? saved.id : one.event.id);
          isSaved = true;
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
          refusals += 1;
          await new Promise(setImmediate);
        }
      }
    }
  };
  const senders = Promise.all(Array.from({ length: 16 }, sender));
  return {
    acknowledged,
    refusals: () => refusals,
    more: async (count: number) => {
      const enough = acknowledged.size + count;
      await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(enough), { timeout: 15_000, interval: 20 });
    },
    refusal: async () => {
      const before = refusals;
      await vi.waitFor(() => expect(refusals).toBeGreaterThan(before), { timeout: 15_000, interval: 20 });
    },
    async stop() {
      isDone = true;
      await senders;
    },
  };
}

async function expectAllThere(url: string, store: Store, acknowledged: ReadonlySet<string>): Promise<void> {
  const rows = await server.query('SELECT id FROM dragoman.events', url);
  const stored = new Set(rows.map(({ id }) => id as string));
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  await expectAgreement(store);
}

const killAll = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dragoman'`;

describe('PostgreSQL goes away', () => {
  it('loses nothing that was acknowledged when every connection is ended, again and again', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    const load = sendTo(store);
    for (let round = 0; round < 10; round++) {
      await load.more(50);
      await server.query(killAll);
    }
    await load.more(50);
    await load.stop();
    await expectAllThere(url, store, load.acknowledged);
  });

  it('refuses while the server is stopped and goes on by itself when it is back', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    const load = sendTo(store);
    await load.more(100);
    await server.halt();
    await load.refusal();
    await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.queue.claim(claimOf('shop', systemClock.now()))).rejects.toBeInstanceOf(StoreUnavailable);
    await server.start();
    await load.more(100);
    await load.stop();
    await store.check();
    await expectAllThere(url, store, load.acknowledged);
  });

  it('gives up on a frozen server in time to say so, and finds what was written after all to be a repeat', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    const load = sendTo(store);
    await load.more(100);
    const pid = await server.pid();
    const backends = await server.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'dragoman'`);
    const frozen = [pid, ...backends.map((row) => Number(row.pid))];
    for (const one of frozen) process.kill(one, 'SIGSTOP');
    try {
      await load.refusal();
    } finally {
      for (const one of frozen) process.kill(one, 'SIGCONT');
    }
    await load.more(100);
    await load.stop();
    await expectAllThere(url, store, load.acknowledged);
  });

  it('refuses while the database is read-only, and while no connection is to be had', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    const name = new URL(url).pathname.slice(1);
    await store.inbox.save(arrival());
    await server.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on; ${killAll}`);
    await vi.waitFor(() => expect(store.inbox.save(arrival())).rejects.toThrow(/read-only/));
    await server.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    const others: Client[] = [];
    try {
      // the store may be quicker to take back what has been taken from it: then once more
      await vi.waitFor(
        async () => {
          await others[0]?.query(killAll);
          others.push(...(await takeAllConnections(url)));
          await expect(store.inbox.save(arrival())).rejects.toBeInstanceOf(StoreUnavailable);
        },
        { timeout: 20_000 },
      );
    } finally {
      await Promise.all(others.map((client) => client.end()));
    }
    await vi.waitFor(async () => expect((await store.inbox.save(arrival())).kind).toBe('saved'), { timeout: 5000 });
    await expectAgreement(store);
  });
});

describe('tables that go away', () => {
  it('are told with what to do, and used again once they are back', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    await store.inbox.save(arrival());
    await server.query('ALTER SCHEMA dragoman RENAME TO aside', url);
    for (const ask of [() => store.inbox.save(arrival()), store.check, store.ledger.balance]) {
      const asked = ask();
      await expect(asked).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(asked).rejects.toThrow(/its tables are gone .*restore a backup .*or start a relay anew/);
    }
    expect(await server.query("SELECT FROM pg_namespace WHERE nspname = 'dragoman'", url)).toEqual([]);
    await server.query('ALTER SCHEMA aside RENAME TO dragoman', url);
    await store.check();
    await store.inbox.save(arrival());
    expect((await expectAgreement(store)).accepted).toBe(2);
  });

  it('are made anew and empty by a relay that is started, which the others use, too', async () => {
    const url = await server.createDatabase();
    const store = await open(url);
    await store.inbox.save(arrival());
    await server.query('DROP SCHEMA dragoman CASCADE', url);
    await expect(store.inbox.save(arrival())).rejects.toBeInstanceOf(StoreUnavailable);
    const started = await open(url);
    await store.inbox.save(arrival());
    expect((await expectAgreement(started)).accepted).toBe(1);
  });

  it.each([
    ['of events', 'ALTER TABLE dragoman.events RENAME TO aside'],
    ['of deliveries', 'ALTER TABLE dragoman.deliveries RENAME TO aside'],
    ['that lost a column', 'ALTER TABLE dragoman.events DROP COLUMN path'],
  ])('are missed by a look into the store, one %s, too', async (_, sql) => {
    const url = await server.createDatabase();
    const store = await open(url);
    await store.check();
    await server.query(sql, url);
    await expect(store.inbox.save(arrival())).rejects.toThrow(/does not exist|more expressions/);
    await expect(store.check()).rejects.toThrow(/does not exist|more expressions/);
  });
});

/** Connects until the server takes no more. */
async function takeAllConnections(url: string): Promise<Client[]> {
  const clients: Client[] = [];
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch {
      return clients;
    }
    clients.push(client);
  }
}

describe('PostgreSQL whose settings change', () => {
  it('goes on waiting for the disk with each save, on connections old and new', async () => {
    const url = await server.createDatabase();
    const name = new URL(url).pathname.slice(1);
    const store = await open(url);
    await server.query(
      `CREATE TABLE saved_with (setting text);
       CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO saved_with VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
       CREATE TRIGGER note AFTER INSERT ON dragoman.events EXECUTE FUNCTION note()`,
      url,
    );
    const settings = async () =>
      (await server.query('SELECT setting FROM saved_with', url)).map(({ setting }) => setting);
    await store.inbox.save(arrival());
    await server.query('ALTER SYSTEM SET synchronous_commit = off');
    try {
      await server.query('SELECT pg_reload_conf()');
      await vi.waitFor(async () =>
        expect(await server.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]),
      );
      await store.inbox.save(arrival());
      await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await vi.waitFor(() => store.inbox.save(arrival()), { timeout: 15_000, interval: 20 });
      const all = await settings();
      expect([all.length >= 3, [...new Set(all)]]).toEqual([true, ['on']]);
    } finally {
      await server.query('ALTER SYSTEM RESET synchronous_commit');
      await server.query('SELECT pg_reload_conf()');
    }
  });
});

describe('a relay goes away', () => {
  /** Lets a relay's heart beat until the condition holds. */
  const beatUntil = async (clock: ManualClock, condition: () => Promise<void> | void): Promise<void> => {
    await vi.waitFor(
      async () => {
        await clock.advance(1000);
        await condition();
      },
      { timeout: 15_000, interval: 10 },
    );
  };

  it('has its leases taken over once it is silent, and is refused when it comes back', async () => {
    const url = await server.createDatabase();
    const [silent, awake] = [new ManualClock(), new ManualClock()];
    const [first, second] = [await open(url, silent), await open(url, awake)];
    const saved = await first.inbox.save(arrival({ hold: [1], holdUntil: silent.now() + 3_600_000 }));
    const held = saved.kind === 'saved' ? saved.held[0] : undefined;
    if (!held) throw new Error('not held');
    let lost = 0;
    first.fleet.onLost(() => {
      lost += 1;
    });
    await beatUntil(awake, () => expect(second.fleet.size()).toBe(2));
    expect(await second.queue.claim(claimOf('shop', awake.now()))).toEqual([]);

    await beatUntil(awake, () => expect(second.fleet.size()).toBe(1));
    const [taken] = await second.queue.claim(claimOf('shop', awake.now() + 1000));
    expect(taken?.delivery).toMatchObject({ id: held.delivery.id, attempts: 1 });
    expect(await first.queue.settle([settlement(held, DELIVERED)])).toEqual(['lost']);
    if (taken) expect(await second.queue.settle([settlement(taken, DELIVERED)])).toEqual(['settled']);

    expect(lost).toBe(0);
    await beatUntil(silent, () => expect([lost, first.fleet.holdsLeases()]).toEqual([1, true]));
    await first.inbox.save(arrival());
    await expectAgreement(second);
  });

  it('doubts its own leases when it has not reached the database for long', async () => {
    const clock = new ManualClock();
    const store = await open(await server.createDatabase(), clock);
    expect(store.fleet.holdsLeases()).toBe(true);
    await server.halt();
    await clock.advance(9000);
    expect(store.fleet.holdsLeases()).toBe(false);
    await server.start();
    await beatUntil(clock, () => expect(store.fleet.holdsLeases()).toBe(true));
  });

  it('counts everyone as alive who was cut off from the database together with it', async () => {
    const url = await server.createDatabase();
    const clocks = [new ManualClock(), new ManualClock()] as const;
    const [first, second] = [await open(url, clocks[0]), await open(url, clocks[1])];
    await beatUntil(clocks[1], () => expect(second.fleet.size()).toBe(2));
    let lost = 0;
    first.fleet.onLost(() => {
      lost += 1;
    });
    await server.halt();
    await clocks[1].advance(60_000);
    await server.start();
    await beatUntil(clocks[1], () => expect(second.fleet.holdsLeases()).toBe(true));
    await beatUntil(clocks[0], () => expect(first.fleet.size()).toBe(2));
    expect(lost).toBe(0);
  });
});

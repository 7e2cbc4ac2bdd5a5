/** Which databases are taken, which are refused, and how plans are made in them. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import { CANDIDATES, LEASE, PLAN } from '../../src/stores/postgres/claim.ts';
import { SESSION, WRITER } from '../../src/stores/postgres/connections.ts';
import { openPostgresStore, type PostgresOptions } from '../../src/stores/postgres/index.ts';
import { settleStatement } from '../../src/stores/postgres/settle.ts';
import { arrival, claimOf, retryAt, settlement } from './arrivals.ts';
import { type Server, startPostgres } from './start-postgres.ts';

let server: Server;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const open = (url: string, more: Partial<PostgresOptions> = {}) =>
  openPostgresStore({ url, pool: 4, clock: systemClock, ...more });

const withOptions = (url: string, options: string): string => {
  const changed = new URL(url);
  changed.searchParams.set('options', options);
  return changed.href;
};

describe('opening a database', () => {
  it('lets one of many relays that start at once make the tables', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    const saved = await Promise.all(stores.map((store) => store.inbox.save(arrival({ key: 'same' }))));
    expect(saved.map(({ kind }) => kind).sort()).toEqual([...Array(5).fill('duplicate'), 'saved']);
    for (const store of stores) await store[Symbol.asyncDispose]();
  });

  it.each([
    ['the URL', (url: string) => Promise.resolve(withOptions(url, '-c synchronous_commit=off'))],
    [
      'the database',
      async (url: string) => {
        await server.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
        return url;
      },
    ],
  ])('refuses to answer before the fsync where %s turns it off', async (_, prepare) => {
    const url = await prepare(await server.createDatabase());
    await expect(open(url)).rejects.toMatchObject({ name: 'StoreRefused', code: 'STORE_UNSAFE' });
    await expect(server.query('SELECT 1 FROM dragoman.events', url)).rejects.toThrow(/does not exist/);
  });

  it('refuses tables that a newer program has written', async () => {
    const url = await server.createDatabase();
    await (await open(url))[Symbol.asyncDispose]();
    await server.query('UPDATE dragoman.meta SET version = 99', url);
    await expect(open(url)).rejects.toMatchObject({ code: 'STORE_NEWER' });
  });

  it('refuses a schema of its name that is not its own', async () => {
    const url = await server.createDatabase();
    await server.query('CREATE SCHEMA dragoman', url);
    await expect(open(url)).rejects.toMatchObject({ code: 'STORE_FOREIGN' });
  });

  it('refuses a wrong password and a missing database without showing the password', async () => {
    const url = new URL(await server.createDatabase());
    url.pathname = '/nowhere';
    await expect(open(url.href)).rejects.toMatchObject({ code: 'STORE_LOGIN' });
    url.password = 'not-the-password';
    const error = await open(url.href).catch((one: Error) => one);
    expect(error).toMatchObject({ code: 'STORE_LOGIN' });
    expect(String(error)).not.toContain('not-the-password');
  });

  it('says that nobody answers there', async () => {
    await expect(open('postgres://nobody@127.0.0.1:1/nothing')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  it('reads, replays and hastens beside running relays, and needs the tables to be there', async () => {
    const url = await server.createDatabase();
    await expect(open(url, { readonly: true })).rejects.toMatchObject({ code: 'STORE_MISSING' });
    const relay = await open(url);
    const one = arrival({ to: [{ dead: { code: 'X', message: 'x' } }] });
    await relay.inbox.save(one);
    const beside = await open(url, { readonly: true });
    const hinted = new Promise<string>((resolve) => relay.queue.onHint(resolve));
    expect((await beside.ledger.events({ limit: 1 })).items[0]?.id).toBe(one.event.id);
    const ids = [one.deliveries[0]?.id ?? ''];
    expect(await beside.ledger.replay({ ids, retranslate: false, now: systemClock.now() })).toEqual({
      replayed: 1,
      hastened: 0,
    });
    expect(await hinted).toBe('shop');
    expect(await beside.shared.put('target/shop', 'paused', 0)).toBe(true);
    expect(await relay.shared.get('target/shop')).toMatchObject({ value: 'paused' });
    await expect(beside.inbox.save(arrival())).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect((await beside.ledger.balance()).deliveries).toMatchObject({ waiting: 1, dead: 0 });
    expect(relay.fleet.size()).toBe(1);
    const now = systemClock.now();
    const [leased] = await relay.queue.claim(claimOf('shop', now));
    await relay.queue.settle([settlement(leased as LeasedDelivery, retryAt(now + 9_000_000))]);
    const hastened = new Promise<string>((resolve) => relay.queue.onHint(resolve));
    expect(await beside.queue.hasten({ target: 'shop', now, limit: 10 })).toEqual({ hastened: 1, more: false });
    expect(await hastened).toBe('shop');
    for (const store of [beside, relay]) await store[Symbol.asyncDispose]();
  });
});

describe('plans', () => {
  /** The plan that is kept for a statement, made while the tables were empty: the worst moment. */
  const planOf = async (sql: string, settings: string): Promise<string> => {
    const url = await server.createDatabase();
    await (await open(url))[Symbol.asyncDispose]();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`BEGIN; SET plan_cache_mode = force_generic_plan; ${settings}; PREPARE one AS ${sql}`);
    const parameters = Math.max(...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    const { rows } = await client.query(`EXPLAIN EXECUTE one (${Array(parameters).fill('NULL').join(', ')})`);
    await client.end();
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it('lead from settlements to deliveries by the primary key, and compare no row with every other', async () => {
    for (const siblings of [false, true]) {
      const plan = await planOf(settleStatement({ siblings, later: true }), WRITER);
      expect(plan).toMatch(/deliveries_pkey.*\n\s*Index Cond: \(event = ANY/);
      expect(plan).not.toMatch(/Seq Scan|deliveries_line/);
      // the sums of events and those of deliveries, one row each
      expect(plan.match(/Nested Loop.*/g) ?? []).toEqual(siblings ? [expect.stringContaining('rows=1 ')] : []);
    }
  });

  it('lead a claim to the oldest due deliveries of its target in order, without sorting what waits', async () => {
    const plan = await planOf(CANDIDATES, WRITER.replace(';', `; ${PLAN};`));
    expect(plan.match(/Index Cond: \(\(line = \d\) AND \(target = \$1\) AND \(ready_at <= \$2\)\)/g)).toHaveLength(3);
    expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap/);
    expect(await planOf(LEASE, `${SESSION} ${PLAN}`)).not.toMatch(/Nested Loop|Seq Scan|deliveries_line/);
  });
});

/** The receiving side of a move: writes whole events into an empty database, remembers how far it came, and keeps relays out until it is done. */
import { isDeepStrictEqual } from 'node:util';
import type { Client, ClientConfig } from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { DELIVERY_STATES } from '../states.ts';
import type { Balance } from '../store.ts';
import { intArray, textArray } from './array-column.ts';
import { type Connections, createConnections, SESSION } from './connections.ts';
import { addToCounters, readBalance, recount } from './counters.ts';
import { insertAttempts, insertDeliveries, insertEvents, type WholeEvent } from './import-rows.ts';
import { prepareDatabase, startMove } from './open-database.ts';
import { parsers } from './parsers.ts';
import { SUMS } from './schema.ts';

export interface Import extends AsyncDisposable {
  /** Where a first try was left; undefined at the beginning, null where all events are there. */
  readonly cursor: string | null | undefined;
  /** Events that are there. */
  moved(): number;
  /** Writes events, which come from new to old, and the cursor behind them, in one transaction. */
  write(events: readonly WholeEvent[], cursor: string | undefined): Promise<void>;
  /** Writes the rest and gives the sums, counted from the rows. Lets relays in where they are the given ones. */
  finish(
    balance: Balance,
    shared: readonly { readonly key: string; readonly value: string; readonly version: number }[],
  ): Promise<Balance>;
}

export interface ImportOptions {
  readonly url: string;
  readonly clock: Clock;
  /** The same for each try of one move. */
  readonly source: string;
}

const MINUTES_MS = 600_000;

/** Rejects with a StoreRefused: what opening the database refuses, STORE_NOT_EMPTY, STORE_SOURCE_CHANGED. */
export async function openImport({ url, clock, source }: ImportOptions): Promise<Import> {
  const config = { connectionString: url, application_name: 'dragoman migrate', types: parsers } as ClientConfig;
  const connections = createConnections({ config, most: 1, settings: SESSION, clock });
  try {
    const begun = await connections.use(async (client) => {
      await prepareDatabase(client, { move: true });
      return startMove(client, source);
    }, MINUTES_MS);
    return importInto(connections, { ...begun, offsetMs: begun.now - clock.now() });
  } catch (error) {
    await connections.close();
    throw error;
  }
}

interface Begun {
  readonly cursor: string | null;
  readonly moved: number;
  readonly lastOrder: number;
  readonly offsetMs: number;
}

function importInto(connections: Connections, begun: Begun): Import {
  let { moved, lastOrder } = begun;
  return {
    cursor: begun.moved === 0 ? undefined : begun.cursor,
    moved: () => moved,
    async write(events, cursor) {
      let order = lastOrder;
      // from the last to the first, as the events come: what is older has the lower number, and all are lower than what a relay gives out
      const orders = events.map(({ deliveries }) => deliveries.map(() => --order).reverse());
      await connections.use(async (client) => {
        await client.query('BEGIN');
        await insertEvents(client, events);
        await insertDeliveries(client, { events, orders, offsetMs: begun.offsetMs });
        await insertAttempts(client, events);
        await client.query('UPDATE dragoman.moving SET cursor = $1, moved = moved + $2, last_order = $3', [
          cursor ?? null,
          events.length,
          order,
        ]);
        await client.query('COMMIT');
      }, MINUTES_MS);
      moved += events.length;
      lastOrder = order;
    },
    async finish(balance, shared) {
      await connections.use((client) => insertRest(client, balance, shared), MINUTES_MS);
      const [kept, counted] = [await readBalance(connections), await recount(connections, MINUTES_MS)];
      if (isDeepStrictEqual(kept, balance) && isDeepStrictEqual(counted, balance)) {
        await connections.use(
          async (client) => void (await client.query('DROP TABLE dragoman.moving; ANALYZE')),
          MINUTES_MS,
        );
      }
      return counted;
    },
    [Symbol.asyncDispose]: () => connections.close(),
  };
}

/** Sums and shared state. What is in the sums but in no row was deleted by retention. */
async function insertRest(
  client: Client,
  balance: Balance,
  shared: readonly { readonly key: string; readonly value: string; readonly version: number }[],
): Promise<void> {
  const wanted = flat(balance);
  await client.query('DELETE FROM dragoman.counters');
  const rows = flat(await recountOn(client));
  const sums = Object.fromEntries(
    SUMS.flatMap((name): [string, string][] => {
      const live = name.replace(/^gone_/, '');
      if (!(live in wanted)) return [];
      const gone = (wanted[live] ?? 0) - (rows[live] ?? 0);
      return [[name, String(name === live ? wanted[live] : gone)]];
    }),
  );
  await client.query('BEGIN');
  await client.query('DELETE FROM dragoman.counters');
  const bytes =
    '(SELECT coalesce(sum(size), 0) FROM dragoman.events) + (SELECT coalesce(sum(size), 0) FROM dragoman.deliveries)';
  await client.query(addToCounters("'base'", { ...sums, bytes }));
  await client.query('DELETE FROM dragoman.shared');
  await client.query('INSERT INTO dragoman.shared SELECT * FROM unnest($1::text[], $2::text[], $3::int[])', [
    textArray(shared.map(({ key }) => key)),
    textArray(shared.map(({ value }) => value)),
    intArray(shared.map(({ version }) => version)),
  ]);
  await client.query('COMMIT');
}

function flat(balance: Balance): Record<string, number> {
  const { accepted, unmatched, ignored } = balance;
  const ofStates = DELIVERY_STATES.flatMap((state) => [
    [`events_${state}`, balance.events[state]],
    [`deliveries_${state}`, balance.deliveries[state]],
  ]);
  return { accepted, unmatched, ignored, ...Object.fromEntries(ofStates) };
}

/** While there are no sums of what is gone, the count of the rows is that of the rows alone. */
function recountOn(client: Client): Promise<Balance> {
  return recount({ use: (work) => work(client), close: async () => undefined }, MINUTES_MS);
}

/** The receiving side of a move: writes whole events into an empty database, remembers how far it came, and keeps relays out until it is done. */
import { isDeepStrictEqual } from 'node:util';
import type { Client, ClientConfig } from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { deliveryId } from '../../kit/ids.ts';
import type { AcceptedEvent, Attempt, Delivery } from '../../model/delivery.ts';
import { type Packed, packAttempts, packRequests } from '../packed.ts';
import type { Balance } from '../store.ts';
import { bigintArray, byteArray, intArray, textArray } from './array-column.ts';
import { type Connections, createConnections, SESSION } from './connections.ts';
import { addToCounters, readBalance, recount } from './counters.ts';
import { prepareDatabase, startMove } from './open-database.ts';
import { parsers } from './parsers.ts';
import { DELIVERY_BYTES, EVENT_BYTES, hashKey } from './save.ts';
import { DELIVERY_STATES, deliveryStateCode, eventStateCode, READY, SUMS } from './schema.ts';

/** An event with all that became of it. */
export interface WholeEvent {
  readonly event: AcceptedEvent;
  readonly deliveries: readonly { readonly delivery: Delivery; readonly attempts: readonly Attempt[] }[];
}

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

const sizeOf = (packed: Packed | null): number => (packed === null ? 0 : packed.head.length + packed.bodies.length);

async function insertEvents(client: Client, whole: readonly WholeEvent[]): Promise<void> {
  const events = whole.map(({ event }) => event);
  const headers = events.map(({ request }) => JSON.stringify(request.headers));
  await client.query(
    `INSERT INTO dragoman.events SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::bigint[], $9::int[], $10::int[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bytea[])`,
    [
      textArray(events.map(({ id }) => id)),
      byteArray(
        events.map(({ source, key }) => hashKey(source, key)),
        'uuid',
      ),
      textArray(events.map(({ source }) => source)),
      textArray(events.map(({ key }) => key)),
      textArray(events.map(({ format }) => format)),
      textArray(events.map(({ type }) => type)),
      textArray(events.map(({ time }) => time)),
      bigintArray(events.map(({ receivedAt }) => receivedAt)),
      intArray(events.map(({ state }) => eventStateCode(state))),
      intArray(whole.map(({ deliveries }) => deliveries.length)),
      intArray(events.map(({ request }, index) => EVENT_BYTES + request.body.length + (headers[index]?.length ?? 0))),
      textArray(events.map(({ request }) => request.method)),
      textArray(events.map(({ request }) => request.path)),
      textArray(events.map(({ request }) => request.search)),
      textArray(headers),
      byteArray(events.map(({ request }) => request.body)),
    ],
  );
  const families = whole.filter(({ deliveries }) => deliveries.length > 1);
  const counts = DELIVERY_STATES.map((state) =>
    intArray(families.map(({ deliveries }) => deliveries.filter(({ delivery }) => delivery.state === state).length)),
  );
  await client.query(
    'INSERT INTO dragoman.siblings SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])',
    [textArray(families.map(({ event }) => event.id)), ...counts],
  );
}

async function insertDeliveries(
  client: Client,
  {
    events,
    orders,
    offsetMs,
  }: { readonly events: readonly WholeEvent[]; readonly orders: number[][]; readonly offsetMs: number },
): Promise<void> {
  const rows = events.flatMap(({ event, deliveries }, index) =>
    deliveries.map(({ delivery, attempts }, position) => {
      const requests = delivery.requests === null ? null : packRequests(delivery.requests);
      const order = delivery.orderKey === null ? null : (orders[index]?.[position] ?? null);
      const id = delivery.id === deliveryId(event.id, position + 1) ? null : delivery.id;
      const size = DELIVERY_BYTES + sizeOf(requests) + sizeOf(packAttempts(attempts));
      return { delivery, position, siblings: deliveries.length, requests, order, id, size };
    }),
  );
  const of = <T>(pick: (delivery: Delivery) => T): T[] => rows.map(({ delivery }) => pick(delivery));
  await client.query(
    `INSERT INTO dragoman.deliveries (event, position, siblings, state, line, ready_at, due_at, lease, created_at, finished_at, attempts, round,
      progress, replays, size, target, rule, mapping, order_key, order_seq, own_id, reason, requests, request_bodies)
     SELECT event, position, siblings, state, ${READY}, due_at + $21::bigint, due_at, 0, created_at, finished_at, attempts, round,
      progress, replays, size, target, rule, mapping, order_key, order_seq, own_id, reason, requests, request_bodies
     FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[], $9::int[], $10::int[], $11::int[],
      $12::int[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[], $18::text[], $19::text[], $20::text[], $22::bytea[])
      i (event, position, siblings, state, due_at, created_at, finished_at, attempts, round, progress, replays, size, target, rule, mapping,
      order_key, order_seq, own_id, reason, requests, request_bodies)`,
    [
      textArray(of(({ eventId }) => eventId)),
      intArray(rows.map(({ position }) => position)),
      intArray(rows.map(({ siblings }) => siblings)),
      intArray(of(({ state }) => deliveryStateCode(state))),
      bigintArray(of(({ dueAt }) => dueAt)),
      bigintArray(of(({ createdAt }) => createdAt)),
      bigintArray(of(({ finishedAt }) => finishedAt)),
      intArray(of(({ attempts }) => attempts)),
      intArray(of(({ round }) => round)),
      intArray(of(({ progress }) => progress)),
      intArray(of(({ replays }) => replays)),
      intArray(rows.map(({ size }) => size)),
      textArray(of(({ target }) => target)),
      textArray(of(({ rule }) => rule)),
      textArray(of(({ mapping }) => mapping)),
      textArray(of(({ orderKey }) => orderKey)),
      bigintArray(rows.map(({ order }) => order)),
      textArray(rows.map(({ id }) => id)),
      textArray(of(({ reason }) => (reason === null ? null : JSON.stringify(reason)))),
      textArray(rows.map(({ requests }) => requests?.head ?? null)),
      offsetMs,
      byteArray(rows.map(({ requests }) => requests?.bodies ?? null)),
    ],
  );
}

/** A record for each attempt, and one under the negative number where it sent what the delivery no longer holds. */
async function insertAttempts(client: Client, events: readonly WholeEvent[]): Promise<void> {
  const rows = events.flatMap(({ event, deliveries }) =>
    deliveries.flatMap(({ attempts }, position) =>
      attempts.flatMap((attempt) => {
        const where = { event: event.id, position };
        const made = { ...where, number: attempt.number, packed: packAttempts([attempt]) };
        const { sent } = attempt;
        if (!sent) return [made];
        const padded = Array.from({ length: attempt.request + 1 }, () => sent);
        return [made, { ...where, number: -attempt.number, packed: packRequests(padded) }];
      }),
    ),
  );
  await client.query(
    'INSERT INTO dragoman.attempts SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::bytea[])',
    [
      textArray(rows.map(({ event }) => event)),
      intArray(rows.map(({ position }) => position)),
      intArray(rows.map(({ number }) => number)),
      textArray(rows.map(({ packed }) => packed.head)),
      byteArray(rows.map(({ packed }) => packed.bodies)),
    ],
  );
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

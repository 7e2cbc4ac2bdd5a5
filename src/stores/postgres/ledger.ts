/** What admin and commands read, and what they change: replay, retention and the end of what waits for nobody. */
import type { Client } from 'pg';
import { eventIdOfDelivery } from '../../kit/ids.ts';
import type { Attempt, Delivery } from '../../model/delivery.ts';
import { type Packed, unpackAttempts, unpackRequests } from '../packed.ts';
import { deliveryStateCode, WAITING } from '../states.ts';
import type { Ledger } from '../store.ts';
import { textArray } from './array-column.ts';
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  deliveryOf,
  EVENT_COLUMNS,
  type EventRow,
  eventOf,
  idOfRow,
} from './columns.ts';
import { codeOf } from './connections.ts';
import { readBalance, recount } from './counters.ts';
import type { Desk } from './desk.ts';
import { expire } from './expire.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listEvents } from './list-events.ts';
import { createPrune } from './prune.ts';
import { replay } from './replay.ts';

/** A look at many rows takes its time; a minute is when nobody waits for it any more. */
const READ_MS = 60_000;
const RECOUNT_MS = 600_000;
/** SQLSTATE character_not_in_repertoire. */
const NO_TEXT = '22021';
const NO_PAGE = { items: [], next: undefined };

export function createLedger(desk: Desk): Ledger {
  const { work } = desk;
  const read = <T>(ask: (client: Client) => Promise<T>) => work.use(ask, READ_MS);
  /** Gives `nothing` where a text is looked for that PostgreSQL cannot hold: one with a zero byte. */
  const find = <T>(nothing: T, ask: (client: Client) => Promise<T>): Promise<T> =>
    read(ask).catch((error: unknown) => {
      if (codeOf(error) === NO_TEXT) return nothing;
      throw error;
    });
  const prune = createPrune(desk);
  return {
    events: (query) => find(NO_PAGE, (client) => listEvents(client, query)),
    event: (id) =>
      find(undefined, async (client) => {
        const { rows } = await client.query<EventRow>(
          `SELECT ${EVENT_COLUMNS} FROM dragoman.events e WHERE e.id = $1`,
          [id],
        );
        return rows[0] && eventOf(rows[0]);
      }),
    deliveries: (query) => find(NO_PAGE, (client) => listDeliveries(client, query)),
    deliveriesOf: (eventId) => find([], (client) => deliveriesOf(client, eventId)),
    delivery: (id) =>
      read(async (client) => (await deliveriesOf(client, eventIdOfDelivery(id) ?? '')).find((one) => one.id === id)),
    attempts: (deliveryId) => read((client) => attemptsOf(client, deliveryId)),
    ahead: (ids) => read((client) => ahead(client, ids)),
    async replay(request) {
      const { targets, ...replayed } = await work.use((client) => replay(client, desk, request), READ_MS);
      desk.hint(targets);
      return replayed;
    },
    balance: () => readBalance(work),
    recount: () => recount(work, RECOUNT_MS),
    backlog: () => read(backlog),
    failing: () => read(failing),
    prune: (request) => work.use((client) => prune(client, request), READ_MS),
    expire: (request) => work.use((client) => expire(client, desk, request), READ_MS),
  };
}

async function deliveriesOf(client: Client, eventId: string): Promise<Delivery[]> {
  const { rows } = await client.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM dragoman.deliveries d WHERE d.event = $1 ORDER BY d.position`,
    [eventId],
  );
  return rows.map(deliveryOf);
}

interface Trail {
  readonly event: string;
  readonly position: number;
  readonly own_id: string | null;
  readonly number: number;
  readonly head: string | null;
  readonly bodies: Uint8Array | null;
}

async function attemptsOf(client: Client, id: string): Promise<Attempt[]> {
  const { rows } = await client.query<Trail>(
    `SELECT d.event, d.position, d.own_id, t.number, t.head, t.bodies FROM dragoman.deliveries d CROSS JOIN LATERAL (
       SELECT 0 AS number, d.trail AS head, d.trail_bodies AS bodies
       UNION ALL SELECT a.number, a.head, a.bodies FROM dragoman.attempts a WHERE a.event = d.event AND a.position = d.position) t
     WHERE d.event = $1 ORDER BY d.position, t.number`,
    [eventIdOfDelivery(id) ?? ''],
  );
  const trails = rows.flatMap((row): (Packed & { readonly number: number })[] =>
    row.head === null || idOfRow(row) !== id
      ? []
      : [{ head: row.head, bodies: row.bodies ?? new Uint8Array(), number: row.number }],
  );
  return withWhatWasSent(
    trails.filter(({ number }) => number >= 0).flatMap(unpackAttempts),
    trails.filter(({ number }) => number < 0).reverse(),
  );
}

/** A record under a negative number is what attempts up to that number sent, but for those that an earlier one speaks of. */
function withWhatWasSent(
  attempts: readonly Attempt[],
  earlier: readonly (Packed & { readonly number: number })[],
): Attempt[] {
  return attempts.map((attempt) => {
    const record = earlier.find(({ number }) => -number >= attempt.number);
    const sent = record && unpackRequests(record)[attempt.request];
    return sent ? { ...attempt, sent } : attempt;
  });
}

async function backlog(
  client: Client,
): Promise<ReadonlyMap<string, { readonly waiting: number; readonly oldestAt: number }>> {
  const { rows } = await client.query<{ target: string; waiting: number; oldest: number }>(
    `SELECT target, count(*) AS waiting, min(created_at) AS oldest FROM dragoman.deliveries WHERE state = 2 GROUP BY target`,
  );
  return new Map(rows.map(({ target, waiting, oldest }) => [target, { waiting, oldestAt: oldest }]));
}

const FAILING = `SELECT DISTINCT ON (target) target, event, position, own_id, sum(dead) OVER (PARTITION BY target) AS dead FROM (
  SELECT target, event, position, own_id, 1 AS dead FROM dragoman.deliveries WHERE state > 3 AND state = ${deliveryStateCode('dead')}
  UNION ALL SELECT target, event, position, own_id, 0 FROM dragoman.deliveries WHERE state = ${WAITING} AND reason IS NOT NULL) f
  ORDER BY target, event DESC, position DESC`;

async function failing(
  client: Client,
): Promise<ReadonlyMap<string, { readonly dead: number; readonly newest: string }>> {
  const { rows } = await client.query<
    Pick<DeliveryRow, 'target' | 'event' | 'position' | 'own_id'> & { readonly dead: number }
  >(FAILING);
  return new Map(rows.map((row) => [row.target, { dead: row.dead, newest: idOfRow(row) }]));
}

const AHEAD = `SELECT d.event, d.position, d.own_id, f.event AS first_event, f.position AS first_position, f.own_id AS first_own_id
  FROM dragoman.deliveries d CROSS JOIN LATERAL (
    SELECT e.event, e.position, e.own_id FROM dragoman.deliveries e
    WHERE e.state = ${WAITING} AND e.target = d.target AND e.order_key = d.order_key ORDER BY e.order_seq LIMIT 1) f
  WHERE d.event = ANY($1::text[]) AND d.state = ${WAITING} AND d.order_key IS NOT NULL AND (f.event, f.position) <> (d.event, d.position)`;

interface AheadRow extends Pick<DeliveryRow, 'event' | 'position' | 'own_id'> {
  readonly first_event: string;
  readonly first_position: number;
  readonly first_own_id: string | null;
}

async function ahead(client: Client, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(ids);
  const events = new Set(ids.flatMap((id) => eventIdOfDelivery(id) ?? []));
  const { rows } = await client.query<AheadRow>(AHEAD, [textArray([...events])]);
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const first = { event: row.first_event, position: row.first_position, own_id: row.first_own_id };
      return wanted.has(idOfRow(row)) ? [[idOfRow(row), idOfRow(first)]] : [];
    }),
  );
}

/** Writes what came of leased deliveries, of those whose lease is still their worker's. */
import type { Client } from 'pg';
import { eventIdOfDelivery } from '../../kit/ids.ts';
import type { Settlement } from '../../model/delivery.ts';
import { packAttempts, packRequests, sizeOf } from '../packed.ts';
import { deliveryStateCode, READY, WAITING } from '../states.ts';
import { bigintArray, byteArray, intArray, textArray, unnested } from './array-column.ts';
import { tallyOf } from './counters.ts';
import { type Desk, factsOf } from './desk.ts';
import { advance, lockTargetsOf } from './order.ts';

export interface Settling {
  readonly settlement: Settlement;
  /** When the delivery finishes, epoch milliseconds. */
  readonly now: number;
}

export type SettleAnswer = 'settled' | 'lost';

/** Another relay waits for what is handed back, the next try for what goes on, and the next delivery of its key for one in an order. */
export function isAwaited({ settlement: { result, lease } }: Settling): boolean {
  return result.kind === 'released' || result.kind === 'continued' || factsOf(lease.token).isOrdered;
}

const SETTLE_ARRAYS =
  'event text, position int4, lease int4, state int4, at int8, reason text, tries int4, round int4, progress int4, requests text, ' +
  'request_bodies bytea, trail text, trail_bodies bytea, size int4, goes_on int4, ord int4';

const LATER_ARRAYS = 'event text, position int4, number int4, head text, bodies bytea, ord int4';

/**
 * `= ANY` leaves one plan: the primary key. The state is a parameter so that the planner cannot take the index of what waits instead, which is
 * the cheaper one only while the table is empty.
 */
const HIT = `
WITH hit AS (
  UPDATE dragoman.deliveries d SET state = i.state, line = CASE WHEN i.goes_on = 1 THEN d.line ELSE ${READY} END,
    lease = CASE WHEN i.state = ${WAITING} AND i.goes_on = 0 THEN d.lease + 1 ELSE d.lease END,
    ready_at = CASE WHEN i.state = ${WAITING} AND i.goes_on = 0 THEN coalesce(i.at, d.due_at) + $17::bigint ELSE d.ready_at END,
    due_at = CASE WHEN i.state = ${WAITING} THEN coalesce(i.at, d.due_at) ELSE d.due_at END,
    finished_at = CASE WHEN i.state = ${WAITING} THEN NULL ELSE i.at END,
    reason = CASE WHEN i.state = ${WAITING} THEN coalesce(i.reason, d.reason) ELSE i.reason END,
    attempts = d.attempts + i.tries, round = i.round, progress = i.progress, size = d.size + i.size,
    requests = coalesce(i.requests, d.requests), request_bodies = coalesce(i.request_bodies, d.request_bodies),
    trail = coalesce(i.trail, d.trail), trail_bodies = coalesce(i.trail_bodies, d.trail_bodies)
  FROM (SELECT ${unnested(SETTLE_ARRAYS)}) i
  WHERE d.event = ANY($1::text[]) AND d.event = i.event AND d.position = i.position AND d.lease = i.lease AND d.state = $19::int
  RETURNING i.ord, d.event, d.siblings, ${WAITING} AS before, d.state AS after, i.size AS bytes
), moved AS (SELECT event, siblings, before, after, bytes FROM hit)`;

const LATER = `, later AS (
  INSERT INTO dragoman.attempts SELECT i.event, i.position, i.number, i.head, i.bodies
  FROM (SELECT ${unnested(LATER_ARRAYS, 20)}) i WHERE i.ord IN (SELECT ord FROM hit)
  ON CONFLICT (event, position, number) DO UPDATE SET head = excluded.head, bodies = excluded.bodies
)`;

export interface SettleParts {
  /** Some deliveries have siblings. */
  readonly siblings: boolean;
  /** Some attempts are not the first of their delivery. */
  readonly later: boolean;
}

/** Gives the places, from 1, of the settlements whose lease was still theirs, or null where all were. Parts that a batch does not need cost time even so. */
export const settleStatement = ({ siblings, later }: SettleParts): string => `${HIT}${later ? LATER : ''},
${tallyOf('$18::text', { siblings, events: '$1' })}
SELECT CASE WHEN count(*) < cardinality($1::text[]) THEN coalesce(array_agg(ord), '{}') END AS ords FROM hit`;

const STATEMENTS = [true, false].flatMap((siblings) =>
  [true, false].map((later) => ({
    ...{ siblings, later, text: settleStatement({ siblings, later }) },
    name: `settle${siblings ? '-siblings' : ''}${later ? '-later' : ''}`,
  })),
);

export function settleBatch(client: Client, desk: Desk, batch: readonly Settling[]): Promise<SettleAnswer[]> {
  const rows = batch.map(({ settlement, now }) => rowOf(settlement, now));
  const siblings = rows.some(({ hasSiblings }) => hasSiblings);
  const later = rows.some((row) => row.later !== null);
  const { name, text } = STATEMENTS.find(
    (one) => one.siblings === siblings && one.later === later,
  ) as (typeof STATEMENTS)[0];
  const columns = settleColumns(batch, rows);
  const values = [...columns, desk.offsetMs(), desk.slot('settle'), WAITING, ...(later ? laterColumns(rows) : [])];
  const statement = { name, text, values };
  return rows.some(({ isOrdered }) => isOrdered)
    ? settleInOrder(client, batch, statement)
    : settleAlone(client, batch, statement);
}

type Statement = Readonly<Record<'name' | 'text', string>> & { readonly values: unknown[] };

/** What waits for the database holds no rows: their texts would all get old. */
async function settleAlone(client: Client, batch: readonly Settling[], statement: Statement): Promise<SettleAnswer[]> {
  return answersOf(batch, await client.query(statement));
}

async function settleInOrder(
  client: Client,
  batch: readonly Settling[],
  statement: Statement,
): Promise<SettleAnswer[]> {
  const [events, positions] = statement.values as [Buffer, Buffer];
  const keys = { events, positions };
  // sent together; a failing one makes all that come after it fail, and the commit a rollback
  const sent = [
    client.query('BEGIN'),
    lockTargetsOf(client, keys),
    client.query(statement),
    advance(client, keys),
    client.query('COMMIT'),
  ] as const;
  const [, , result] = await allDone(sent);
  return answersOf(batch, result);
}

/** Waits until each has ended, then throws the first failure. */
export async function allDone<T extends readonly Promise<unknown>[]>(
  sent: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(sent);
  return (await Promise.all(sent)) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

function answersOf(batch: readonly Settling[], result: { readonly rows: readonly unknown[] }): SettleAnswer[] {
  const { ords } = result.rows[0] as { readonly ords: number[] | null };
  if (ords === null) return batch.map(() => 'settled');
  const settled = new Set(ords);
  return batch.map((_, index) => (settled.has(index + 1) ? 'settled' : 'lost'));
}

/** An array for each of `SETTLE_ARRAYS`. */
function settleColumns(batch: readonly Settling[], rows: readonly Row[]): [Buffer, Buffer, ...Buffer[]] {
  return [
    textArray(rows.map(({ event }) => event)),
    intArray(rows.map(({ position }) => position)),
    intArray(rows.map(({ lease }) => lease)),
    intArray(rows.map(({ state }) => state)),
    bigintArray(rows.map(({ at }) => at)),
    textArray(rows.map(({ reason }) => reason)),
    intArray(batch.map(({ settlement }) => settlement.attempts.length)),
    intArray(batch.map(({ settlement }) => settlement.round)),
    intArray(batch.map(({ settlement }) => settlement.progress)),
    textArray(rows.map(({ requests }) => requests?.head ?? null)),
    byteArray(rows.map(({ requests }) => requests?.bodies ?? null)),
    textArray(rows.map(({ first }) => first?.head ?? null)),
    byteArray(rows.map(({ first }) => first?.bodies ?? null)),
    intArray(rows.map(({ size }) => size)),
    intArray(batch.map(({ settlement }) => (settlement.result.kind === 'continued' ? 1 : 0))),
    intArray(rows.map((_, index) => index + 1)),
  ];
}

/** An array for each of `LATER_ARRAYS`. */
function laterColumns(rows: readonly Row[]): Buffer[] {
  const later = rows.flatMap((row, index) => (row.later ? [{ ...row, later: row.later, ord: index + 1 }] : []));
  return [
    textArray(later.map(({ event }) => event)),
    intArray(later.map(({ position }) => position)),
    intArray(later.map(({ number }) => number)),
    textArray(later.map(({ later: { head } }) => head)),
    byteArray(later.map(({ later: { bodies } }) => bodies)),
    intArray(later.map(({ ord }) => ord)),
  ];
}

type Row = ReturnType<typeof rowOf>;

function rowOf({ deliveryId, lease, result, attempts, requests }: Settlement, now: number) {
  const trail = attempts.length === 0 ? null : packAttempts(attempts);
  const number = attempts[0]?.number ?? 1;
  const written = requests === null ? null : packRequests(requests);
  return {
    event: eventIdOfDelivery(deliveryId) ?? '',
    ...factsOf(lease.token),
    ...endOf(result, now),
    reason: 'reason' in result ? JSON.stringify(result.reason) : null,
    requests: written,
    first: number === 1 ? trail : null,
    later: number === 1 ? null : trail,
    number,
    size: sizeOf(written) + sizeOf(trail),
  };
}

/** The state afterwards, and when it is due or finished; null leaves the time at which it is due. */
function endOf(result: Settlement['result'], now: number): { readonly state: number; readonly at: number | null } {
  switch (result.kind) {
    case 'retry':
      return { state: WAITING, at: result.at };
    case 'released':
    case 'continued':
      return { state: WAITING, at: null };
    default:
      return { state: deliveryStateCode(result.kind), at: now };
  }
}

/** Writes what came of leased deliveries, of those whose lease is still their worker's. */
import type { Client } from 'pg';
import { eventIdOfDelivery } from '../../kit/ids.ts';
import type { Settlement } from '../../model/delivery.ts';
import { type Packed, packAttempts, packRequests } from '../packed.ts';
import { bigintArray, byteArray, intArray, textArray } from './array-column.ts';
import { tallyOf } from './counters.ts';
import { type Desk, isOrderedToken, leaseOf, positionOf } from './desk.ts';
import { advance, lockTargetsOf } from './order.ts';
import { deliveryStateCode, READY, WAITING } from './schema.ts';

export interface Settling {
  readonly settlement: Settlement;
  /** When the delivery finishes, epoch milliseconds. */
  readonly now: number;
}

export type SettleAnswer = 'settled' | 'lost';

/**
 * `= ANY` leaves one plan: the primary key. The state is a parameter so that the planner cannot take the index of what waits instead, which is
 * the cheaper one only while the table is empty.
 */
export const SETTLE = `
WITH hit AS (
  UPDATE dragoman.deliveries d SET state = i.state, line = CASE WHEN i.goes_on THEN d.line ELSE ${READY} END,
    lease = CASE WHEN i.state = ${WAITING} AND NOT i.goes_on THEN d.lease + 1 ELSE d.lease END,
    ready_at = CASE WHEN i.state = ${WAITING} AND NOT i.goes_on THEN coalesce(i.at, d.due_at) + $14::bigint ELSE d.ready_at END,
    due_at = CASE WHEN i.state = ${WAITING} THEN coalesce(i.at, d.due_at) ELSE d.due_at END,
    finished_at = CASE WHEN i.state = ${WAITING} THEN NULL ELSE i.at END,
    reason = CASE WHEN i.state = ${WAITING} THEN coalesce(i.reason, d.reason) ELSE i.reason END,
    attempts = d.attempts + i.tries, round = i.round, progress = i.progress, size = d.size + i.size,
    requests = coalesce(i.requests, d.requests), request_bodies = coalesce(i.request_bodies, d.request_bodies),
    trail = coalesce(i.trail, d.trail), trail_bodies = coalesce(i.trail_bodies, d.trail_bodies)
  FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::bigint[], $6::text[], $7::int[], $8::int[], $9::int[],
    $10::text[], $11::bytea[], $12::text[], $13::bytea[], $16::int[], $23::int[]::boolean[]) WITH ORDINALITY
    i (event, position, lease, state, at, reason, tries, round, progress, requests, request_bodies, trail, trail_bodies, size, goes_on, ord)
  WHERE d.event = ANY($1) AND d.event = i.event AND d.position = i.position AND d.lease = i.lease AND d.state = $24::int
  RETURNING i.ord, d.event, d.siblings, ${WAITING} AS before, d.state AS after, i.size AS bytes
), moved AS (SELECT event, siblings, before, after, bytes FROM hit),
later AS (
  INSERT INTO dragoman.attempts SELECT i.event, i.position, i.number, i.head, i.bodies
  FROM unnest($17::text[], $18::int[], $19::int[], $20::text[], $21::bytea[], $22::bigint[]) i (event, position, number, head, bodies, ord)
  WHERE i.ord IN (SELECT ord FROM hit)
  ON CONFLICT (event, position, number) DO UPDATE SET head = excluded.head, bodies = excluded.bodies
), ${tallyOf('$15::text', '$1')}
SELECT CASE WHEN count(*) < cardinality($1::text[]) THEN coalesce(array_agg(ord::int), '{}') END AS ords FROM hit`;

export async function settleBatch(client: Client, desk: Desk, batch: readonly Settling[]): Promise<SettleAnswer[]> {
  const { values, keys } = parametersOf(batch, desk);
  const isOrdered = batch.some(({ settlement }) => isOrderedToken(settlement.lease.token));
  if (!isOrdered) return answersOf(batch, await client.query({ name: 'settle', text: SETTLE, values }));
  // sent together; a failing one makes all that come after it fail, and the commit a rollback
  const sent = [
    client.query('BEGIN'),
    lockTargetsOf(client, keys),
    client.query({ name: 'settle', text: SETTLE, values }),
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

function parametersOf(batch: readonly Settling[], desk: Desk) {
  const rows = batch.map(({ settlement, now }) => rowOf(settlement, now));
  const later = rows.flatMap((row, index) => (row.later ? [{ ...row, later: row.later, ord: index + 1 }] : []));
  const keys = {
    events: textArray(rows.map(({ event }) => event)),
    positions: intArray(rows.map(({ position }) => position)),
  };
  const values = [
    keys.events,
    keys.positions,
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
    desk.offsetMs(),
    desk.slot('settle'),
    intArray(rows.map(({ size }) => size)),
    textArray(later.map(({ event }) => event)),
    intArray(later.map(({ position }) => position)),
    intArray(later.map(({ number }) => number)),
    textArray(later.map(({ later: { head } }) => head)),
    byteArray(later.map(({ later: { bodies } }) => bodies)),
    bigintArray(later.map(({ ord }) => ord)),
    intArray(batch.map(({ settlement }) => (settlement.result.kind === 'continued' ? 1 : 0))),
    WAITING,
  ];
  return { values, keys };
}

function rowOf({ deliveryId, lease, result, attempts, requests }: Settlement, now: number) {
  const trail = attempts.length === 0 ? null : packAttempts(attempts);
  const number = attempts[0]?.number ?? 1;
  const written = requests === null ? null : packRequests(requests);
  return {
    event: eventIdOfDelivery(deliveryId) ?? '',
    position: positionOf(lease.token),
    lease: leaseOf(lease.token),
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

function sizeOf(packed: Packed | null): number {
  return packed === null ? 0 : packed.head.length + packed.bodies.length;
}

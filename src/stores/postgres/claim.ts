/** Leases what is due of a target, and tells when each target has something due. */
import type { Client } from 'pg';
import type { LeasedDelivery } from '../../model/delivery.ts';
import { BEHIND, LEASED, READY } from '../states.ts';
import type { ClaimRequest } from '../store.ts';
import { intArray, textArray } from './array-column.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, EVENT_COLUMNS, type EventRow, leasedOf } from './columns.ts';
import type { Desk } from './desk.ts';
import { lockTargets } from './order.ts';
import { allDone } from './settle.ts';

/** With these off, an index scan in the order that is wanted is the only plan left for finding, and hash joins by `= ANY` for leasing. */
export const PLAN =
  'SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off';

/** So many deliveries are looked at in one step for those that are first of their key, and so many steps are made in one claim. */
const STEP = 2500;
const STEPS = 20;

const due = (name: string, line: number): string => `${name} AS (
  SELECT event, position, due_at, order_key, order_seq FROM dragoman.deliveries
  WHERE state = 2 AND line = ${line} AND target = $1 AND ready_at <= $2
  ORDER BY ready_at LIMIT $3 FOR UPDATE SKIP LOCKED)`;

export const CANDIDATES = `WITH ${due('ready', READY)}, ${due('expired', LEASED)}, ${due('behind', BEHIND)},
found AS (SELECT * FROM ready UNION ALL SELECT * FROM expired UNION ALL SELECT * FROM behind WHERE NOT $4::boolean)
SELECT event, position, due_at, $4::boolean AND order_key IS NOT NULL AND EXISTS (
  SELECT 1 FROM dragoman.deliveries e WHERE e.state = 2 AND e.target = $1 AND e.order_key = found.order_key
  AND e.order_seq < found.order_seq) AS is_behind FROM found`;

/** Where it was leased already, that lease has ended without a word. */
const ENDED_LEASE = `attempts = d.attempts + (d.line = ${LEASED})::int`;

export const LEASE = `WITH leased AS (
  UPDATE dragoman.deliveries d SET ${ENDED_LEASE}, line = ${LEASED}, ready_at = $3, lease = d.lease + 1, holder = $4
  FROM unnest($1::text[], $2::int[]) i (event, position) WHERE d.event = ANY($1) AND d.event = i.event AND d.position = i.position
  RETURNING ${DELIVERY_COLUMNS}, d.lease)
SELECT d.*, ${EVENT_COLUMNS} FROM leased d JOIN dragoman.events e ON e.id = d.event WHERE e.id = ANY($1)`;

interface Candidate {
  readonly event: string;
  readonly position: number;
  readonly due_at: number;
  readonly is_behind: boolean;
}

/** One transaction under the target's lock: what a fleet has leased together is counted by one relay at a time. */
export async function claim(client: Client, desk: Desk, wanted: ClaimRequest): Promise<readonly LeasedDelivery[]> {
  const { target, limit, leaseUntil, concurrency } = wanted;
  const offset = desk.offsetMs();
  const now = wanted.now + offset;
  const [, , , active] = await allDone([
    client.query('BEGIN'),
    client.query(PLAN),
    lockTargets(client, [target]),
    Number.isFinite(concurrency) ? countActive(client, { target, now, most: concurrency }) : Promise.resolve(0),
  ] as const);
  const room = Math.min(limit, concurrency - active);
  const chosen = room > 0 ? await choose(client, { wanted, now, room }) : [];
  if (chosen.length === 0) {
    await client.query('COMMIT');
    return [];
  }
  const [leased] = await allDone([
    client.query<EventRow & DeliveryRow & { readonly lease: number }>({
      name: 'lease',
      text: LEASE,
      values: [...arraysOf(chosen), leaseUntil + offset, desk.holder()],
    }),
    client.query('COMMIT'),
  ] as const);
  const place = new Map(chosen.map(({ event, position }, index) => [`${event} ${position}`, index]));
  const placeOf = ({ event, position }: DeliveryRow) => place.get(`${event} ${position}`) ?? 0;
  return leased.rows.toSorted((a, b) => placeOf(a) - placeOf(b)).map((row) => leasedOf(row, leaseUntil));
}

async function countActive(
  client: Client,
  { target, now, most }: { readonly target: string; readonly now: number; readonly most: number },
): Promise<number> {
  const { rows } = await client.query({
    name: 'active',
    text: `SELECT count(*) AS n FROM (SELECT 1 FROM dragoman.deliveries WHERE state = 2 AND line = ${LEASED} AND target = $1 AND ready_at > $2 LIMIT $3) l`,
    values: [target, now, Math.max(0, most)],
  });
  return rows[0].n as number;
}

/** Oldest due first. Of a target in order, what is found to stand behind another of its key steps out of the way. */
async function choose(
  client: Client,
  { wanted, now, room }: { readonly wanted: ClaimRequest; readonly now: number; readonly room: number },
): Promise<Candidate[]> {
  const { target, ordered } = wanted;
  const chosen = new Map<string, Candidate>();
  const most = ordered ? Math.max(room, STEP) : room;
  for (let step = 0; step < STEPS; step++) {
    const values = [target, now, most, ordered];
    const { rows } = await client.query<Candidate>({ name: 'candidates', text: CANDIDATES, values });
    const behind = rows.filter(({ is_behind }) => is_behind);
    for (const row of rows) if (!row.is_behind) chosen.set(`${row.event} ${row.position}`, row);
    if (behind.length > 0) await stepBack(client, behind);
    if (behind.length === 0 || chosen.size >= room) break;
  }
  return [...chosen.values()].sort((a, b) => a.due_at - b.due_at || (a.event < b.event ? -1 : 1)).slice(0, room);
}

async function stepBack(client: Client, behind: readonly Candidate[]): Promise<void> {
  await client.query({
    name: 'step-back',
    text: `UPDATE dragoman.deliveries d SET ${ENDED_LEASE}, line = ${BEHIND} FROM unnest($1::text[], $2::int[]) i (event, position)
      WHERE d.event = ANY($1) AND d.event = i.event AND d.position = i.position`,
    values: arraysOf(behind),
  });
}

function arraysOf(rows: readonly Candidate[]): [Buffer, Buffer] {
  return [textArray(rows.map(({ event }) => event)), intArray(rows.map(({ position }) => position))];
}

/** The earliest time of each target that has anything waiting: a probe of the index for each target and line. */
const NEXT = (line: number): string => `(
  WITH RECURSIVE next AS (
    (SELECT target, ready_at FROM dragoman.deliveries WHERE state = 2 AND line = ${line} ORDER BY target, ready_at LIMIT 1)
    UNION ALL
    SELECT n.target, n.ready_at FROM next CROSS JOIN LATERAL (
      SELECT target, ready_at FROM dragoman.deliveries WHERE state = 2 AND line = ${line} AND target > next.target
      ORDER BY target, ready_at LIMIT 1) n
  ) SELECT target, ready_at FROM next)`;

export async function readDue(client: Client, desk: Desk): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ readonly target: string; readonly at: number }>({
    name: 'due',
    text: `SELECT target, min(ready_at) AS at FROM (${NEXT(READY)} UNION ALL ${NEXT(LEASED)}) n GROUP BY target`,
  });
  return new Map(rows.map(({ target, at }) => [target, at - desk.offsetMs()]));
}

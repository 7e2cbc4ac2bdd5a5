/**
 * Keeps the line of each order key for the whole fleet: who may go, who stands behind another. Of each target and order key, the first waiting
 * one is never `BEHIND`.
 */
import type { Client } from 'pg';
import { BEHIND, READY } from '../states.ts';
import { textArray } from './array-column.ts';

/** The first half of the advisory locks' keys. */
const LOCKS = 0x4452474e;

/** The advisory lock under which the tables are migrated. */
export const MIGRATION_LOCK = LOCKS * 2 ** 20;

/**
 * Until the transaction ends, nobody else claims from these targets, nor moves their lines. Taken in one order, so that nobody waits in a
 * circle; a statement of its own, so that the next one sees what was committed before.
 */
export async function lockTargets(client: Client, targets: readonly string[]): Promise<void> {
  await client.query({
    name: 'lock-targets',
    text: `SELECT pg_advisory_xact_lock(${LOCKS}, hash) FROM (SELECT DISTINCT hashtext(target) AS hash FROM unnest($1::text[]) i (target) ORDER BY 1 OFFSET 0) t`,
    values: [textArray(targets)],
  });
}

/** The same, for the targets of deliveries in an order. */
export async function lockTargetsOf(client: Client, deliveries: DeliveryKeys): Promise<void> {
  await client.query({
    name: 'lock-targets-of',
    text: `SELECT pg_advisory_xact_lock(${LOCKS}, hash) FROM (
      SELECT DISTINCT hashtext(d.target) AS hash FROM unnest($1::text[], $2::int[]) i (event, position)
      JOIN dragoman.deliveries d ON d.event = i.event AND d.position = i.position
      WHERE d.event = ANY($1) AND d.order_key IS NOT NULL ORDER BY 1 OFFSET 0) t`,
    values: [deliveries.events, deliveries.positions],
  });
}

/** Arrays in binary form. */
export interface DeliveryKeys {
  readonly events: Buffer;
  readonly positions: Buffer;
}

/** After deliveries have finished: the first of each of their keys may go. Call it under the lock of their targets. */
export async function advance(client: Client, deliveries: DeliveryKeys): Promise<void> {
  await client.query({
    name: 'advance',
    text: `UPDATE dragoman.deliveries d SET line = ${READY} FROM (
      SELECT DISTINCT first.event, first.position FROM unnest($1::text[], $2::int[]) i (event, position)
      JOIN dragoman.deliveries done ON done.event = i.event AND done.position = i.position AND done.state <> 2
        AND done.order_key IS NOT NULL
      CROSS JOIN LATERAL (
        SELECT e.event, e.position, e.line FROM dragoman.deliveries e WHERE e.state = 2 AND e.target = done.target
        AND e.order_key = done.order_key ORDER BY e.order_seq LIMIT 1) first
      WHERE done.event = ANY($1) AND first.line = ${BEHIND}) next
      WHERE d.event = next.event AND d.position = next.position`,
    values: [deliveries.events, deliveries.positions],
  });
}

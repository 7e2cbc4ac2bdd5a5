/** Ends deliveries that wait for a target that no longer exists. */
import type { Client } from 'pg';
import type { Reason } from '../../model/outcome.ts';
import { deliveryStateCode, LEASED, READY, WAITING } from '../states.ts';
import { intArray, textArray } from './array-column.ts';
import { tallyOf } from './counters.ts';
import type { Desk } from './desk.ts';
import { advance, lockTargets } from './order.ts';

export interface ExpireRequest {
  readonly target: string;
  readonly before: number;
  readonly now: number;
  readonly reason: Reason;
  readonly limit: number;
}

const EXPIRE = `
WITH found AS (
  SELECT event, position FROM dragoman.deliveries WHERE state = ${WAITING} AND target = $1 AND created_at < $2
  AND (line <> ${LEASED} OR ready_at <= $3) LIMIT $4 FOR UPDATE SKIP LOCKED
), hit AS (
  UPDATE dragoman.deliveries d SET state = ${deliveryStateCode('expired')}, line = ${READY}, finished_at = $5, reason = $6
  FROM found WHERE d.event = found.event AND d.position = found.position
  RETURNING d.event, d.position, d.siblings, ${WAITING} AS before, d.state AS after
), moved AS (SELECT event, siblings, before, after, 0 AS bytes FROM hit),
${tallyOf('$7::text', { siblings: true })}
SELECT event, position FROM hit`;

export async function expire(
  client: Client,
  desk: Desk,
  { target, before, now, reason, limit }: ExpireRequest,
): Promise<{ readonly expired: number; readonly more: boolean }> {
  await client.query('BEGIN');
  await lockTargets(client, [target]);
  const offset = desk.offsetMs();
  const values = [
    target,
    Math.min(before, before + offset),
    now + offset,
    limit,
    now,
    JSON.stringify(reason),
    desk.slot('work'),
  ];
  const { rows } = await client.query<{ readonly event: string; readonly position: number }>(EXPIRE, values);
  await advance(client, {
    events: textArray(rows.map(({ event }) => event)),
    positions: intArray(rows.map(({ position }) => position)),
  });
  await client.query('COMMIT');
  return { expired: rows.length, more: rows.length === limit };
}

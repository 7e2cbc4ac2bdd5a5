/** Makes what waits for a later try due now. */
import type { Client } from 'pg';
import { BEHIND, READY } from '../states.ts';
import type { HastenRequest } from '../store.ts';
import type { Desk } from './desk.ts';

const later = (name: string, line: number): string => `${name} AS (
  SELECT event, position FROM dragoman.deliveries WHERE state = 2 AND line = ${line} AND target = $1 AND ready_at > $2::bigint + $3::bigint
  ORDER BY ready_at LIMIT $4 FOR UPDATE SKIP LOCKED)`;

const HASTEN = `
WITH ${later('ready', READY)}, ${later('behind', BEHIND)},
found AS (SELECT * FROM ready UNION ALL SELECT * FROM behind LIMIT $4)
UPDATE dragoman.deliveries d SET ready_at = $2::bigint + $3::bigint, due_at = $2
FROM found WHERE d.event = found.event AND d.position = found.position`;

export async function hasten(
  client: Client,
  desk: Desk,
  { target, now, limit }: HastenRequest,
): Promise<{ readonly hastened: number; readonly more: boolean }> {
  const { rowCount } = await client.query(HASTEN, [target, now, desk.offsetMs(), limit]);
  return { hastened: rowCount ?? 0, more: rowCount === limit };
}

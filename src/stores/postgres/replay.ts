/** Makes deliveries due: finished ones again, waiting ones before their time. */
import type { Client } from 'pg';
import { eventIdOfDelivery } from '../../kit/ids.ts';
import { deliveryStateCode, LEASED, READY, WAITING } from '../states.ts';
import type { Replayed, ReplayRequest } from '../store.ts';
import { intArray, textArray } from './array-column.ts';
import { type DeliveryRow, idOfRow } from './columns.ts';
import { tallyOf } from './counters.ts';
import type { Desk } from './desk.ts';
import { allDone } from './settle.ts';

const unlessWaiting = (waiting: string, finished: string): string =>
  `CASE WHEN found.state = ${WAITING} THEN ${waiting} ELSE ${finished} END`;

/**
 * What was sent before it is translated anew stays with the attempts that sent it: under the negative number of the last of them. One that is there
 * already was sent; what would replace it never was.
 */
const REPLAY = `
WITH found AS (
  SELECT d.event, d.position, d.state, d.attempts, d.requests, d.request_bodies FROM unnest($1::text[], $2::int[]) i (event, position)
  JOIN dragoman.deliveries d ON d.event = i.event AND d.position = i.position WHERE d.event = ANY($1)
  AND (d.state <> ${WAITING} OR d.line <> ${LEASED})
  ORDER BY d.event, d.position FOR UPDATE OF d
), hit AS (
  UPDATE dragoman.deliveries d SET state = ${WAITING}, finished_at = NULL,
    line = ${unlessWaiting('d.line', String(READY))}, lease = d.lease + ${unlessWaiting('0', '1')},
    ready_at = ${unlessWaiting('least(d.ready_at, $3::bigint + $4::bigint)', '$3::bigint + $4::bigint')},
    due_at = ${unlessWaiting('least(d.due_at, $3)', '$3')},
    round = ${unlessWaiting('d.round', '0')}, replays = d.replays + ${unlessWaiting('0', '1')},
    progress = CASE WHEN found.state IN (${deliveryStateCode('dead')}, ${WAITING}) AND NOT $5::boolean THEN d.progress ELSE 0 END,
    requests = CASE WHEN $5 THEN NULL ELSE d.requests END, request_bodies = CASE WHEN $5 THEN NULL ELSE d.request_bodies END
  FROM found WHERE d.event = ANY($1) AND d.event = found.event AND d.position = found.position
  RETURNING d.event, d.siblings, found.state AS before, d.state AS after, d.target
), kept AS (
  INSERT INTO dragoman.attempts SELECT event, position, -attempts, requests, request_bodies FROM found
  WHERE $5 AND requests IS NOT NULL AND attempts > 0 ON CONFLICT DO NOTHING
), moved AS (SELECT event, siblings, before, after, 0 AS bytes FROM hit WHERE before <> ${WAITING}),
${tallyOf('$6::text', { siblings: true })}
SELECT target, count(*) FILTER (WHERE before <> ${WAITING}) AS replayed, count(*) FILTER (WHERE before = ${WAITING}) AS hastened
FROM hit GROUP BY target`;

interface OfTarget extends Replayed {
  readonly target: string;
}

/** The lock on the events keeps retention from deleting one of them between the look and the change. */
export async function replay(
  client: Client,
  desk: Desk,
  { ids, retranslate, now }: ReplayRequest,
): Promise<Replayed & { readonly targets: readonly string[] }> {
  await client.query('BEGIN');
  const found = await findDeliveries(client, ids);
  const arrays = [textArray(found.map(({ event }) => event)), intArray(found.map(({ position }) => position))];
  const [result] = await allDone([
    client.query({ text: REPLAY, values: [...arrays, now, desk.offsetMs(), retranslate, desk.slot('work')] }),
    client.query('COMMIT'),
  ] as const);
  const rows = result.rows as OfTarget[];
  return {
    replayed: rows.reduce((sum, { replayed }) => sum + replayed, 0),
    hastened: rows.reduce((sum, { hastened }) => sum + hastened, 0),
    targets: rows.map(({ target }) => target),
  };
}

type Found = Pick<DeliveryRow, 'event' | 'position' | 'own_id'>;

async function findDeliveries(client: Client, ids: readonly string[]): Promise<Found[]> {
  const wanted = new Set(ids);
  const events = [...new Set(ids.flatMap((id) => eventIdOfDelivery(id) ?? []))].sort();
  await client.query('SELECT 1 FROM dragoman.events WHERE id = ANY($1::text[]) ORDER BY id FOR SHARE', [
    textArray(events),
  ]);
  const { rows } = await client.query<Found>(
    'SELECT event, position, own_id FROM dragoman.deliveries WHERE event = ANY($1::text[])',
    [textArray(events)],
  );
  return rows.filter((row) => wanted.has(idOfRow(row)));
}

/** Retention: deletes finished events, oldest first, in small steps; vacuum gives their room to those that come. */
import type { Client } from 'pg';
import { firstEventId } from '../../kit/ids.ts';
import { DELIVERY_STATES, deliveryStateCode, eventStateCode, WAITING } from '../states.ts';
import { textArray } from './array-column.ts';
import { addToCounters, weightiest } from './counters.ts';
import { NOW_MS } from './database-clock.ts';
import type { Desk } from './desk.ts';

export interface PruneRequest {
  readonly before: number;
  readonly maxBytes: number;
  readonly limit: number;
}

export interface Pruned {
  readonly events: number;
  readonly more: boolean;
}

/** How many events are looked at between two looks at the size. */
const STEP = 64;
const PRUNING = 0x4452474e01;

const REMOVE = `
WITH done AS (
  SELECT id, state, size FROM dragoman.events e WHERE id = ANY($1::text[])
  AND NOT EXISTS (SELECT 1 FROM dragoman.deliveries d WHERE d.event = e.id AND d.state = ${WAITING})
), gone_events AS (DELETE FROM dragoman.events e USING done WHERE e.id = done.id RETURNING e.id),
gone_deliveries AS (DELETE FROM dragoman.deliveries d USING done WHERE d.event = done.id RETURNING d.event, d.state, d.size),
gone_attempts AS (DELETE FROM dragoman.attempts a USING done WHERE a.event = done.id),
gone_siblings AS (DELETE FROM dragoman.siblings s USING done WHERE s.event = done.id),
families AS (
  SELECT event, ${DELIVERY_STATES.map((state) => `count(*) FILTER (WHERE state = ${deliveryStateCode(state)}) AS ${state}`).join(', ')}
  FROM gone_deliveries GROUP BY event
), ended AS (
  SELECT done.state, done.size, coalesce(${weightiest((state) => `f.${state}`)}, 0) AS family FROM done LEFT JOIN families f ON f.event = done.id
), tally AS (
  ${addToCounters('$2::text', {
    gone_accepted: '(SELECT count(*) FROM ended)',
    gone_unmatched: `(SELECT count(*) FROM ended WHERE family = 0 AND state <> ${eventStateCode('ignored')})`,
    gone_ignored: `(SELECT count(*) FROM ended WHERE family = 0 AND state = ${eventStateCode('ignored')})`,
    ...Object.fromEntries(
      DELIVERY_STATES.flatMap((state) => [
        [`gone_events_${state}`, `(SELECT count(*) FROM ended WHERE family = ${deliveryStateCode(state)})`],
        [
          `gone_deliveries_${state}`,
          `(SELECT count(*) FROM gone_deliveries WHERE state = ${deliveryStateCode(state)})`,
        ],
      ]),
    ),
    bytes: '-(coalesce((SELECT sum(size) FROM ended), 0) + coalesce((SELECT sum(size) FROM gone_deliveries), 0))',
  })}
)
SELECT count(*) AS n FROM gone_events`;

/** One relay of the fleet prunes at a time; for the others there is nothing to do. What is young by the database's clock stays, whatever a relay's says. */
export function createPrune(desk: Desk): (client: Client, request: PruneRequest) => Promise<Pruned> {
  /** Everything up to here was looked at by the calls before: what is left there was not finished. */
  let seen = '';
  /**
   * Ids ascend also after a relay's clock has stepped back: what it took since then stands behind all that is young. So once those are reached, the
   * look goes on behind the id of now, and over what came while the clock was ahead.
   */
  let isAhead = false;

  async function step(
    client: Client,
    { before, maxBytes, limit, now }: PruneRequest & { readonly now: number },
  ): Promise<{ readonly looked: number; readonly events: number; readonly isDone: boolean }> {
    const isTooLarge = !isAhead && (await usedBytes(client)) > maxBytes;
    const most = Math.min(STEP, limit);
    const { rows } = await client.query<{ readonly id: string; readonly received_at: number }>(
      'SELECT id, received_at FROM dragoman.events WHERE id > $1 AND received_at <= $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED',
      [seen, isAhead ? now : Number.MAX_SAFE_INTEGER, most],
    );
    const young = isTooLarge ? -1 : rows.findIndex(({ received_at }) => received_at >= before);
    const old = young === -1 ? rows : rows.slice(0, young);
    const result = await client.query(REMOVE, [textArray(old.map(({ id }) => id)), desk.slot('work')]);
    seen = old.at(-1)?.id ?? seen;
    const isDone = young === -1 ? rows.length < most : isAhead;
    if (young !== -1 && !isAhead) {
      isAhead = true;
      const ofNow = firstEventId(now);
      if (seen < ofNow) seen = ofNow;
    }
    return { looked: old.length, events: result.rows[0].n as number, isDone };
  }

  return async (client, request) => {
    let events = 0;
    const before = Math.min(request.before, request.before + desk.offsetMs());
    for (let looked = 0; looked < request.limit; ) {
      await client.query('BEGIN');
      const { rows } = await client.query(`SELECT pg_try_advisory_xact_lock(${PRUNING}) AS mine, ${NOW_MS} AS now`);
      const { mine, now } = rows[0];
      if (!mine) {
        await client.query('COMMIT');
        return { events, more: false };
      }
      const done = await step(client, { ...request, before, limit: request.limit - looked, now });
      await client.query('COMMIT');
      looked += done.looked;
      events += done.events;
      if (done.isDone) {
        seen = '';
        isAhead = false;
        return { events, more: false };
      }
    }
    return { events, more: true };
  };
}

async function usedBytes(client: Client): Promise<number> {
  const { rows } = await client.query('SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM dragoman.counters');
  return rows[0].bytes as number;
}

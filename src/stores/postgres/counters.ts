/** The ledger's sums in SQL: what moved deliveries add to them, what they say, and the same counted from the rows. */
import type { DeliveryState } from '../../model/delivery.ts';
import { BY_WEIGHT, DELIVERY_STATES, deliveryStateCode } from '../states.ts';
import type { Balance } from '../store.ts';
import type { Connections } from './connections.ts';
import { SUMS } from './schema.ts';

/** SQL that gives the code of the weightiest state of which `count` says that there are some; null where there is none. */
export function weightiest(count: (state: DeliveryState) => string): string {
  const cases = BY_WEIGHT.map((state) => `WHEN ${count(state)} > 0 THEN ${deliveryStateCode(state)}`);
  return `CASE ${cases.join(' ')} END`;
}

/** The code of the weightiest of states, as `weightiest` in SQL; 0 where there is none. */
export function weightiestOf(states: readonly DeliveryState[]): number {
  const state = BY_WEIGHT.find((one) => states.includes(one));
  return state === undefined ? 0 : deliveryStateCode(state);
}

/** Adds to the row `slot` (SQL): an upsert, so that the row of a relay that was thought dead comes back with it. */
export function addToCounters(slot: string, sums: Readonly<Record<string, string>>, from = ''): string {
  const names = Object.keys(sums);
  return `INSERT INTO dragoman.counters AS c (slot, ${names.join(', ')})
    SELECT ${slot}, ${Object.values(sums).join(', ')} ${from}
    ON CONFLICT (slot) DO UPDATE SET ${names.map((name) => `${name} = c.${name} + excluded.${name}`).join(', ')}`;
}

const perState = (column: (state: DeliveryState, code: number) => string): string =>
  DELIVERY_STATES.map((state) => column(state, deliveryStateCode(state))).join(', ');

/**
 * The CTE `tally`, which carries the deliveries of a CTE `moved (event, siblings, before, after, bytes)` into the sums. With `siblings`, an event with
 * several deliveries is moved by way of its row in `siblings`, whose lock makes two relays that move two of them do so one after
 * the other; rows are taken in the order of the events, so that they never wait for each other in a circle. `events` is SQL for an array
 * that holds all of them. Without it, no event may have several.
 */
export function tallyOf(
  slot: string,
  { siblings, events = 'ARRAY(SELECT event FROM moved)' }: { readonly siblings: boolean; readonly events?: string },
): string {
  const both = (column: (kind: string, state: DeliveryState) => [string, string]) =>
    DELIVERY_STATES.flatMap((state) => [column('events', state), column('deliveries', state)]);
  const sumsOf = (table: string, more = '') =>
    `(SELECT ${perState((state, code) => `coalesce(sum((after = ${code})::int - (before = ${code})::int), 0) AS ${state}`)}${more} FROM ${table})`;
  const bytes = ', coalesce(sum(bytes), 0) AS bytes';
  if (!siblings) {
    const sums = Object.fromEntries(both((kind, state) => [`${kind}_${state}`, `d.${state}`]));
    return `tally AS (${addToCounters(slot, { ...sums, bytes: 'd.bytes' }, `FROM ${sumsOf('moved', bytes)} d WHERE true`)})`;
  }
  const sums = Object.fromEntries(both((kind, state) => [`${kind}_${state}`, `${kind[0]}.${state}`]));
  const from = `FROM ${sumsOf('event_moves')} e, ${sumsOf('moved', bytes)} d WHERE true`;
  return `family AS (
    UPDATE dragoman.siblings s SET ${perState((state) => `${state} = s.${state} + m.${state}`)}
    FROM (SELECT event, ${perState((state, code) => `sum((after = ${code})::int - (before = ${code})::int)::int AS ${state}`)}
      FROM moved WHERE siblings > 1 AND before <> after GROUP BY event ORDER BY event OFFSET 0) m
    WHERE s.event = ANY(${events}) AND s.event = m.event
    RETURNING ${weightiest((state) => `s.${state} - m.${state}`)} AS before, ${weightiest((state) => `s.${state}`)} AS after
  ), event_moves AS (
    SELECT before, after FROM moved WHERE siblings = 1 UNION ALL SELECT before, after FROM family
  ), tally AS (${addToCounters(slot, { ...sums, bytes: 'd.bytes' }, from)})`;
}

export async function readBalance(connections: Connections): Promise<Balance> {
  const columns = SUMS.map((name) => `coalesce(sum(${name}), 0)::bigint AS ${name}`).join(', ');
  return connections.use(async (client) => {
    const { rows } = await client.query(`SELECT ${columns} FROM dragoman.counters`);
    return balanceOf((name) => rows[0][name] as number);
  });
}

/** Reads every row of events and deliveries in one snapshot: seconds for a million of them. */
export async function recount(connections: Connections, deadlineMs: number): Promise<Balance> {
  const gone = SUMS.filter((name) => name.startsWith('gone_'));
  const family = weightiest((state) => `d.${state}`);
  return connections.use(async (client) => {
    const { rows } = await client.query(`
      WITH d AS (
        SELECT event, ${perState((state, code) => `count(*) FILTER (WHERE state = ${code}) AS ${state}`)}
        FROM dragoman.deliveries GROUP BY event
      ), e AS (
        SELECT e.state, coalesce(${family}, 0) AS family FROM dragoman.events e LEFT JOIN d ON d.event = e.id
      )
      SELECT (SELECT count(*) FROM e) AS accepted,
        (SELECT count(*) FROM e WHERE family = 0 AND state <> 2) AS unmatched,
        (SELECT count(*) FROM e WHERE family = 0 AND state = 2) AS ignored,
        ${perState((state, code) => `(SELECT count(*) FROM e WHERE family = ${code}) AS events_${state}`)},
        ${perState((state) => `(SELECT coalesce(sum(${state}), 0)::bigint FROM d) AS deliveries_${state}`)},
        ${gone.map((name) => `(SELECT coalesce(sum(${name}), 0)::bigint FROM dragoman.counters) AS ${name}`).join(', ')}`);
    const row = rows[0] as Record<string, number>;
    return balanceOf((name) => (row[name] ?? 0) + (name.startsWith('gone_') ? 0 : (row[`gone_${name}`] ?? 0)));
  }, deadlineMs);
}

function balanceOf(sum: (name: string) => number): Balance {
  const ofStates = (kind: string) =>
    Object.fromEntries(DELIVERY_STATES.map((state) => [state, sum(`${kind}_${state}`)])) as Record<
      DeliveryState,
      number
    >;
  return {
    accepted: sum('accepted'),
    unmatched: sum('unmatched'),
    ignored: sum('ignored'),
    events: ofStates('events'),
    deliveries: ofStates('deliveries'),
    pruned: sum('gone_accepted'),
  };
}

/** The ledger's sums: what a group of writes adds to them, what they say, and the same counted from the rows. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../model/delivery.ts';
import { BY_WEIGHT, DELIVERY_STATES, deliveryStateCode, deliveryStateOf } from '../states.ts';
import type { Balance } from '../store.ts';

const countersOf = (kind: string) =>
  Object.fromEntries(DELIVERY_STATES.map((state) => [state, `${kind}.${state}`])) as Record<DeliveryState, string>;

/** The names of the sums of events and of deliveries by state; made once, because every event needs some of them. */
export const EVENTS = countersOf('events');
export const DELIVERIES = countersOf('deliveries');

/** `gone.…` repeats the sums of what retention has deleted, so that the rest can be counted from rows. */
const LIVE = [
  'accepted',
  'unmatched',
  'ignored',
  ...DELIVERY_STATES.flatMap((state) => [EVENTS[state], DELIVERIES[state]]),
];
export const COUNTERS: readonly string[] = [...LIVE, ...LIVE.map((name) => `gone.${name}`), 'checks'];

/** Changes of counters, collected over a group of writes and written once. */
export type Tally = Map<string, number>;

export function count(tally: Tally, name: string, by: number): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}

/** What an event counts as: `events.…` of its deliveries' weightiest state, or `unmatched` or `ignored` where it has none. */
export function eventCounter(states: readonly DeliveryState[], isIgnored: boolean): string {
  const state = BY_WEIGHT.find((one) => states.includes(one));
  return state === undefined ? (isIgnored ? 'ignored' : 'unmatched') : EVENTS[state];
}

export function readBalance(db: DatabaseSync): Balance {
  const sums = new Map<string, number>();
  for (const row of db.prepare('SELECT name, value FROM counters').all()) {
    sums.set(row.name as string, row.value as number);
  }
  return balanceOf((name) => sums.get(name) ?? 0);
}

/** Reads every row of events and deliveries: seconds for a million of them. */
export function recount(db: DatabaseSync): Balance {
  const sums: Tally = new Map();
  db.exec('BEGIN');
  try {
    for (const row of db.prepare("SELECT name, value FROM counters WHERE name LIKE 'gone.%'").all()) {
      const name = row.name as string;
      count(sums, name, row.value as number);
      count(sums, name.slice('gone.'.length), row.value as number);
    }
    for (const row of db.prepare('SELECT state, count(*) AS n FROM deliveries GROUP BY state').all()) {
      count(sums, DELIVERIES[deliveryStateOf(row.state as number)], row.n as number);
    }
    for (const row of db.prepare(EVENTS_BY_STATES).all()) {
      const states = DELIVERY_STATES.filter((state) => (row.states as number) & (1 << deliveryStateCode(state)));
      count(sums, eventCounter(states, row.ignored === 1), row.n as number);
      count(sums, 'accepted', row.n as number);
    }
  } finally {
    db.exec('COMMIT');
  }
  return balanceOf((name) => sums.get(name) ?? 0);
}

/** Events grouped by the set of states that their deliveries are in, a bit for each. */
const EVENTS_BY_STATES = `
SELECT states, ignored, count(*) AS n FROM (
  SELECT e.state = 2 AS ignored,
    coalesce((SELECT sum(DISTINCT 1 << d.state) FROM deliveries d
      WHERE d.seq >= e.first_delivery AND d.seq < e.first_delivery + e.delivery_count), 0) AS states
  FROM events e
) GROUP BY states, ignored`;

function balanceOf(sum: (name: string) => number): Balance {
  const ofStates = (names: Record<DeliveryState, string>) =>
    Object.fromEntries(DELIVERY_STATES.map((state) => [state, sum(names[state])])) as Record<DeliveryState, number>;
  return {
    accepted: sum('accepted'),
    unmatched: sum('unmatched'),
    ignored: sum('ignored'),
    events: ofStates(EVENTS),
    deliveries: ofStates(DELIVERIES),
    pruned: sum('gone.accepted'),
  };
}

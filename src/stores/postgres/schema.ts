/** The tables in which PostgreSQL keeps events, and the steps from each version of them to the next. */
import { DELIVERY_STATES } from '../states.ts';

/** The ledger's sums, each a column of `counters`: of a relay's row, or with `gone_` before it, of what retention has deleted. */
const LIVE_SUMS: readonly string[] = [
  'accepted',
  'unmatched',
  'ignored',
  ...DELIVERY_STATES.flatMap((state) => [`events_${state}`, `deliveries_${state}`]),
];
export const SUMS: readonly string[] = [...LIVE_SUMS, ...LIVE_SUMS.map((name) => `gone_${name}`), 'bytes', 'checks'];

/**
 * What it costs to accept and finish an event decides what is here. A delivery's row takes what it was translated to and its first attempts when it
 * is settled, so that a delivery that succeeds at once is one insert and one update; later attempts stand in `attempts`. The indexes that
 * lead to waiting and to unhappy deliveries are partial: a delivered one is in none of them. `ready_at` is in the database's time, all
 * other times are as the relays said them. `siblings` counts the states of the deliveries of an event that has several: two relays that
 * finish two of them at once meet at its row.
 */
const FIRST_VERSION = `
CREATE TABLE dragoman.events (
  id text COLLATE "C" PRIMARY KEY, key_hash uuid NOT NULL UNIQUE, source text NOT NULL, key text NOT NULL, format text NOT NULL,
  type text NOT NULL, time text NOT NULL, received_at bigint NOT NULL, state int NOT NULL, family int NOT NULL,
  size int NOT NULL, method text NOT NULL, path text NOT NULL, search text NOT NULL, headers text NOT NULL, body bytea NOT NULL
);
CREATE SEQUENCE dragoman.delivery_order;
CREATE TABLE dragoman.deliveries (
  event text COLLATE "C" NOT NULL, position int NOT NULL, siblings int NOT NULL, state int NOT NULL, line int NOT NULL,
  ready_at bigint NOT NULL, due_at bigint NOT NULL, lease int NOT NULL, holder int, created_at bigint NOT NULL, finished_at bigint,
  attempts int NOT NULL, round int NOT NULL, progress int NOT NULL, replays int NOT NULL, size int NOT NULL,
  target text COLLATE "C" NOT NULL, rule text NOT NULL, mapping text, order_key text COLLATE "C", order_seq bigint, own_id text, reason text,
  requests text, request_bodies bytea, trail text, trail_bodies bytea,
  PRIMARY KEY (event, position)
);
CREATE INDEX deliveries_line ON dragoman.deliveries (line, target, ready_at) WHERE state = 2;
CREATE INDEX deliveries_order ON dragoman.deliveries (target, order_key, order_seq) WHERE state = 2 AND order_key IS NOT NULL;
CREATE INDEX deliveries_unhappy ON dragoman.deliveries (state, event, position) WHERE state > 3;
CREATE TABLE dragoman.attempts (
  event text COLLATE "C" NOT NULL, position int NOT NULL, number int NOT NULL, head text NOT NULL, bodies bytea NOT NULL,
  PRIMARY KEY (event, position, number)
);
CREATE TABLE dragoman.siblings (
  event text COLLATE "C" PRIMARY KEY, ${DELIVERY_STATES.map((state) => `${state} int NOT NULL`).join(', ')}
) WITH (fillfactor = 70);
CREATE TABLE dragoman.counters (
  slot text COLLATE "C" PRIMARY KEY, ${SUMS.map((name) => `${name} bigint NOT NULL DEFAULT 0`).join(', ')}
) WITH (fillfactor = 20);
CREATE TABLE dragoman.shared (key text COLLATE "C" PRIMARY KEY, value text NOT NULL, version int NOT NULL);
CREATE TABLE dragoman.relays (id text PRIMARY KEY, holder int GENERATED ALWAYS AS IDENTITY, beat bigint NOT NULL) WITH (fillfactor = 20);
ALTER TABLE dragoman.deliveries SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
`;

/** Step N leads from version N to N + 1. Steps are only ever added. */
export const MIGRATIONS: readonly string[] = [FIRST_VERSION];

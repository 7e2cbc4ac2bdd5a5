/** The tables in which SQLite keeps events, and the steps from each version of them to the next. */
import type { DeliveryState, EventState } from '../../model/delivery.ts';

/** Marks a file as Dragoman's: `DRGN`, in the header field that SQLite keeps for this. */
export const APPLICATION_ID = 0x4452474e;

/** Stored in a byte each, so that a delivery's row keeps its size when its state changes. */
export const DELIVERY_STATES: readonly DeliveryState[] = ['waiting', 'delivered', 'dropped', 'dead', 'expired'];
export const WAITING = 2;
export const deliveryStateCode = (state: DeliveryState): number => DELIVERY_STATES.indexOf(state) + WAITING;
export const deliveryStateOf = (code: number): DeliveryState => DELIVERY_STATES[code - WAITING] ?? 'waiting';

export const EVENT_STATES: readonly EventState[] = ['accepted', 'unmatched', 'ignored'];
export const eventStateCode = (state: EventState): number => EVENT_STATES.indexOf(state);
export const eventStateOf = (code: number): EventState => EVENT_STATES[code] ?? 'accepted';

/**
 * Where a waiting delivery stands. `LEASED`: `ready_at` is the lease's end. `BEHIND`: another delivery of its order key comes first.
 * Of each target and order key, the first waiting one is `READY` or `LEASED`. A later one may be, too, where an earlier one has been
 * replayed or was leased without regard to order; a claim that meets it puts it behind.
 */
export const READY = 0;
export const LEASED = 1;
export const BEHIND = 2;

/**
 * What it costs to accept and finish an event decides what is here. Deliveries of an event have neighbouring numbers, so they need no index; the
 * indexes on deliveries are partial, so that a finished one is in none of them; no index has keys in random order, because each
 * insert into such a one writes a page of its own. `keys` has a row per commit, see recent-keys.ts.
 */
const FIRST_VERSION = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, format TEXT NOT NULL,
  type TEXT NOT NULL, time TEXT NOT NULL, received_at INTEGER NOT NULL, state INTEGER NOT NULL,
  first_delivery INTEGER NOT NULL, delivery_count INTEGER NOT NULL,
  method TEXT NOT NULL, path TEXT NOT NULL, search TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX events_id ON events (id);

CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY, event INTEGER NOT NULL, position INTEGER NOT NULL, siblings INTEGER NOT NULL,
  state INTEGER NOT NULL, line INTEGER NOT NULL, ready_at INTEGER NOT NULL, due_at INTEGER NOT NULL,
  lease INTEGER NOT NULL, created_at INTEGER NOT NULL, finished_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL, round INTEGER NOT NULL, progress INTEGER NOT NULL, replays INTEGER NOT NULL,
  target TEXT NOT NULL, rule TEXT NOT NULL, mapping TEXT, order_key TEXT, own_id TEXT, reason TEXT
) STRICT;
CREATE INDEX deliveries_line ON deliveries (line, target, ready_at) WHERE state = 2;
CREATE INDEX deliveries_order ON deliveries (target, order_key) WHERE state = 2 AND order_key IS NOT NULL;
CREATE INDEX deliveries_unhappy ON deliveries (state) WHERE state > 3;

CREATE TABLE records (
  delivery INTEGER NOT NULL, number INTEGER NOT NULL, head TEXT NOT NULL, body BLOB,
  PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, min_at INTEGER NOT NULL, max_at INTEGER NOT NULL, hashes BLOB NOT NULL
) STRICT;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE shared (key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Step N leads from version N to N + 1. Steps are only ever added. */
export const MIGRATIONS: readonly string[] = [FIRST_VERSION];

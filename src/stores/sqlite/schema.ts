/** The tables in which SQLite keeps events, and the steps from each version of them to the next. */

/** Marks a file as Dragoman's: `DRGN`, in the header field that SQLite keeps for this. */
export const APPLICATION_ID = 0x4452474e;

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

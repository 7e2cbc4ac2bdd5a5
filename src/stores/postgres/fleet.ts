/** The relays that share the database: who is alive, whose leases are nobody's any more, and what they tell each other. */
import { randomUUID } from 'node:crypto';
import type { Client, ClientConfig } from 'pg';
import type { Clock, Timer } from '../../kit/clock.ts';
import { connect, SESSION, withDeadline } from './connections.ts';
import { aheadBy, NOW_MS } from './database-clock.ts';
import { SUMS } from './schema.ts';

export interface Fleet {
  /** Relays that are alive, this one included. */
  size(): number;
  /** False where this relay was not heard of for so long that others may have taken over what it has leased. */
  holdsLeases(): boolean;
  /** Another relay has ended all leases of this one, which was silent for too long. */
  onLost(listener: () => void): () => void;
  readonly id: string;
  holder(): number;
  /** Milliseconds that the database's clock is ahead of this relay's. */
  offsetMs(): number;
  /** Tells the other relays; several at once where many are told. */
  hint(targets: Iterable<string>): void;
  close(): Promise<void>;
}

export interface FleetPorts {
  readonly config: ClientConfig;
  readonly clock: Clock;
  /** Runs work in a transaction of its own. */
  transact<T>(work: (client: Client) => Promise<T>): Promise<T>;
  onHint(target: string): void;
}

const BEAT_MS = 2000;
const RETRY_MS = 500;
/** A relay whose beat has not changed for so long, while ours went on, is dead. */
const DEAD_MS = 10_000;
/** A relay stops trusting its own leases this long before the others stop. */
const DOUBT_MS = DEAD_MS - 2 * BEAT_MS;
/** A smaller difference of the clocks is the network's. */
const SMALLEST_STEP_MS = 50;
const HINT_EVERY_MS = 100;

interface Seen {
  readonly holder: number;
  beat: number;
  /** Monotonic milliseconds of when the beat last changed. */
  changedAt: number;
}

/** Beats are no data: losing one in a crash of the database costs nothing. */
const SETTINGS = `${SESSION} SET synchronous_commit = off; LISTEN dragoman;`;

const BEAT = `WITH me AS (UPDATE dragoman.relays SET beat = beat + 1 WHERE id = $1 RETURNING holder)
SELECT (SELECT holder FROM me) AS holder, ${NOW_MS} AS now,
  (SELECT json_agg(json_build_array(id, holder, beat)) FROM dragoman.relays WHERE id <> $1) AS others`;

/** Tells every relay that listens. */
export async function notify(client: Client, targets: Iterable<string>): Promise<void> {
  await client.query("SELECT pg_notify('dragoman', target) FROM unnest($1::text[]) i (target)", [[...targets]]);
}

export async function joinFleet(ports: FleetPorts): Promise<Fleet> {
  const { clock, config } = ports;
  const id = randomUUID();
  const others = new Map<string, Seen>();
  const hinted = new Set<string>();
  const losers = new Set<() => void>();
  let client: Client | undefined;
  let holder = 0;
  let offset: number | undefined;
  let beatAt = clock.monotonic();
  let timer: Timer | undefined;
  let isHinting = false;
  let isClosed = false;
  let beating: Promise<void> = Promise.resolve();

  async function listen(): Promise<Client> {
    const mine = await connect(config, SETTINGS);
    mine.on('error', () => {
      if (client === mine) client = undefined;
    });
    mine.on('notification', ({ processId, payload }) => {
      if (processId !== (mine as unknown as { readonly processID: number }).processID) ports.onHint(payload ?? '');
    });
    return mine;
  }

  async function beat(): Promise<void> {
    client ??= await listen();
    const startedAt = clock.now();
    let { rows } = await client.query({ name: 'beat', text: BEAT, values: [id] });
    if (rows[0].holder === null) {
      if (holder !== 0) for (const listener of losers) listener();
      await client.query('INSERT INTO dragoman.relays (id, beat) VALUES ($1, 1)', [id]);
      ({ rows } = await client.query({ name: 'beat', text: BEAT, values: [id] }));
    }
    holder = rows[0].holder;
    measure(aheadBy(rows[0].now, startedAt, clock));
    look((rows[0].others ?? []) as [string, number, number][]);
    await bury();
  }

  function measure(difference: number): void {
    if (offset === undefined || Math.abs(difference - offset) > SMALLEST_STEP_MS) offset = Math.round(difference);
  }

  /** While this relay itself was away from the database, the others had no way to show that they are alive. */
  function look(found: readonly [id: string, holder: number, beat: number][]): void {
    const now = clock.monotonic();
    const wasAway = now - beatAt > 2 * BEAT_MS;
    beatAt = now;
    const ids = new Set(found.map(([one]) => one));
    for (const one of others.keys()) if (!ids.has(one)) others.delete(one);
    for (const [one, itsHolder, itsBeat] of found) {
      const seen = others.get(one);
      if (!seen) others.set(one, { holder: itsHolder, beat: itsBeat, changedAt: now });
      else if (seen.beat !== itsBeat || wasAway) Object.assign(seen, { beat: itsBeat, changedAt: now });
    }
  }

  async function bury(): Promise<void> {
    for (const [one, seen] of others) {
      if (clock.monotonic() - seen.changedAt < DEAD_MS) continue;
      const isGone = await ports.transact((worker) => takeOver(worker, { id: one, beat: seen.beat }));
      if (isGone) others.delete(one);
    }
  }

  function schedule(ms: number): void {
    if (isClosed) return;
    timer = clock.after(ms, () => {
      beating = withDeadline(beat(), RETRY_MS * 6, clock).then(
        () => schedule(BEAT_MS),
        () => {
          client?.end().catch(() => undefined);
          client = undefined;
          schedule(RETRY_MS);
        },
      );
    });
  }

  function sendHints(): void {
    if (isHinting || hinted.size === 0 || !client || isClosed) return;
    isHinting = true;
    const targets = [...hinted];
    hinted.clear();
    notify(client, targets).catch(() => undefined);
    clock.after(HINT_EVERY_MS, () => {
      isHinting = false;
      sendHints();
    });
  }

  await beat();
  schedule(BEAT_MS);
  return {
    id,
    size: () => 1 + others.size,
    holdsLeases: () => clock.monotonic() - beatAt < DOUBT_MS,
    onLost(listener) {
      losers.add(listener);
      return () => void losers.delete(listener);
    },
    holder: () => holder,
    offsetMs: () => offset ?? 0,
    hint(targets) {
      for (const target of targets) hinted.add(target);
      sendHints();
    },
    async close() {
      isClosed = true;
      timer?.cancel();
      await beating;
      await ports.transact((worker) => takeOver(worker, { id })).catch(() => undefined);
      await client?.end().catch(() => undefined);
    },
  };
}

/**
 * Ends the leases of a relay and takes its sums over; false where it has beaten meanwhile. What it settles afterwards is refused by the
 * token; should it go on saving, its sums get a new row.
 */
async function takeOver(client: Client, relay: { readonly id: string; readonly beat?: number }): Promise<boolean> {
  const { rows } = await client.query(
    'DELETE FROM dragoman.relays WHERE id = $1 AND beat = coalesce($2, beat) RETURNING holder',
    [relay.id, relay.beat ?? null],
  );
  if (rows.length === 0) return false;
  await client.query(
    `WITH now AS (SELECT ${NOW_MS} AS ms)
     UPDATE dragoman.deliveries d SET line = 0, lease = d.lease + 1, attempts = d.attempts + 1, ready_at = now.ms FROM now
     WHERE d.state = 2 AND d.line = 1 AND d.holder = $1`,
    [rows[0].holder],
  );
  await client.query(
    `WITH old AS (DELETE FROM dragoman.counters WHERE slot LIKE $1 || '/%' RETURNING *)
     INSERT INTO dragoman.counters AS c (slot, ${SUMS.join(', ')})
     SELECT 'base', ${SUMS.map((name) => `coalesce(sum(${name}), 0)::bigint`).join(', ')} FROM old
     ON CONFLICT (slot) DO UPDATE SET ${SUMS.map((name) => `${name} = c.${name} + excluded.${name}`).join(', ')}`,
    [relay.id],
  );
  return true;
}

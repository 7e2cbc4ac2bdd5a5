/** The shared store: one PostgreSQL database for any number of relays. Writes are gathered into batches, each one statement and one commit. */
import { EventEmitter } from 'node:events';
import type { Client, ClientConfig } from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { crashPoint } from '../../kit/crash-point.ts';
import { type Saved, type Store, StoreRefused, StoreUnavailable } from '../store.ts';
import { type Batches, createBatches } from './batches.ts';
import { besideRelays } from './beside.ts';
import { claim, readDue } from './claim.ts';
import { type Connections, codeOf, createConnections, SESSION, SETTLER, WRITER } from './connections.ts';
import type { Desk } from './desk.ts';
import { type Fleet, joinFleet } from './fleet.ts';
import { hasten } from './hasten.ts';
import { createLedger } from './ledger.ts';
import { prepareDatabase } from './open-database.ts';
import { parsers } from './parsers.ts';
import { saveBatch } from './save.ts';
import { type Incoming, incomingOf } from './save-rows.ts';
import { isAwaited, type SettleAnswer, type Settling, settleBatch } from './settle.ts';
import { createSharedState } from './shared-state.ts';

export interface PostgresOptions {
  readonly url: string;
  /** Connections at most; four are the least that are used: one to save, one to settle, one to listen, the rest for everything else. */
  readonly pool: number;
  readonly clock: Clock;
  /** For commands beside a running relay: joins no fleet; only the ledger's reads, `replay`, `hasten` and the shared state are possible. */
  readonly readonly?: boolean;
  /** Called after each commit of a batch. */
  readonly report?: (batch: { readonly commitMs: number; readonly writes: number }) => void;
}

/** Batches larger than this gain nothing and take long. */
const MOST_SAVES = 500;
const MOST_SETTLEMENTS = 1000;
/** While events are saved, what came of deliveries gathers so long: a statement has its price, however few it settles. */
const GATHER_MS = 10;

/**
 * Opens the store of a database. Rejects with a StoreRefused: STORE_NEWER, STORE_UNSAFE, STORE_SERVER_OLD, STORE_ENCODING, STORE_FOREIGN, STORE_LOGIN,
 * STORE_MOVING, and STORE_MISSING or STORE_OLDER where it is opened read-only; with a StoreUnavailable where the database cannot be reached.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { clock } = options;
  const config = {
    connectionString: options.url,
    application_name: 'dragoman',
    types: parsers,
    pipeline: true,
  } as ClientConfig;
  const connections = (most: number, settings: string) => createConnections({ config, most, settings, clock });
  const work = connections(Math.max(1, options.pool - 3), SESSION);
  try {
    await work.use((client) => prepareDatabase(client, { readonly: options.readonly === true }), 60_000);
    if (options.readonly) return await besideRelays(work, clock);
    const hints = new EventEmitter();
    const fleet = await joinFleet({
      config,
      clock,
      transact: (run) => work.use((client) => transaction(client, run)),
      onHint: (target) => hints.emit('hint', target),
    });
    const desk: Desk = {
      work,
      slot: (lane) => `${fleet.id}/${lane}`,
      holder: fleet.holder,
      offsetMs: fleet.offsetMs,
      hint(targets) {
        for (const target of targets) hints.emit('hint', target);
        fleet.hint(targets);
      },
    };
    return storeOf(options, { desk, fleet, hints, saver: connections(1, WRITER), settler: connections(1, SETTLER) });
  } catch (error) {
    await work.close();
    throw refusalOf(error);
  }
}

interface Parts {
  readonly desk: Desk;
  readonly fleet: Fleet;
  readonly hints: EventEmitter;
  readonly saver: Connections;
  readonly settler: Connections;
}

function storeOf(
  { clock, report = () => undefined }: PostgresOptions,
  { desk, fleet, hints, saver, settler }: Parts,
): Store {
  const { work } = desk;
  const timed = async <T>(writes: number, run: () => Promise<T>): Promise<T> => {
    const started = clock.monotonic();
    const done = await run();
    report({ writes, commitMs: clock.monotonic() - started });
    return done;
  };
  const saves: Batches<Incoming, Saved | Error> = createBatches({
    most: MOST_SAVES,
    run: (batch) =>
      timed(batch.length, async () => {
        crashPoint('before-commit');
        const answers = await again(() => saver.use((client) => saveBatch(client, desk, batch)));
        crashPoint('after-commit');
        fleet.hint(dueForAll(batch, answers));
        return answers;
      }),
    onIdle: () => settlements.go(),
  });
  const settlements: Batches<Settling, SettleAnswer> = createBatches({
    most: MOST_SETTLEMENTS,
    run: (batch) => timed(batch.length, () => again(() => settler.use((client) => settleBatch(client, desk, batch)))),
    gather: { ms: GATHER_MS, clock, mayWait: (batch) => saves.isBusy() && !batch.some(isAwaited) },
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([saves.close(), settlements.close()]);
    await fleet.close();
    await Promise.all([saver.close(), settler.close(), work.close()]);
  };
  return {
    inbox: { save: (arrival) => saves.add([incomingOf(arrival)]).then(savedOrThrown) },
    queue: {
      async claim(wanted) {
        const leased = await work.use((client) => claim(client, desk, wanted));
        if (leased.length > 0) crashPoint('after-claim');
        return leased;
      },
      settle(all) {
        const now = clock.now();
        return settlements.add(all.map((settlement) => ({ settlement, now })));
      },
      due: () => work.use((client) => readDue(client, desk)),
      async hasten(request) {
        const answer = await work.use((client) => hasten(client, desk, request));
        if (answer.hastened > 0) desk.hint([request.target]);
        return answer;
      },
      onHint(listener) {
        hints.on('hint', listener);
        return () => hints.off('hint', listener);
      },
    },
    ledger: createLedger(desk),
    shared: createSharedState(work),
    fleet,
    check: () =>
      work.use(async (client) => void (await saveBatch(client, { ...desk, slot: () => desk.slot('work') }, []))),
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}

function savedOrThrown([answer]: readonly (Saved | Error)[]): Saved {
  if (answer instanceof Error) throw answer;
  return answer as Saved;
}

/** Targets of what was saved and is held by nobody. */
function dueForAll(batch: readonly Incoming[], answers: readonly (Saved | Error)[]): Set<string> {
  const targets = new Set<string>();
  for (const [index, { arrival }] of batch.entries()) {
    const answer = answers[index];
    if (answer instanceof Error || answer?.kind !== 'saved' || answer.held.length === arrival.deliveries.length)
      continue;
    for (const [position, { target, dead }] of arrival.deliveries.entries())
      if (dead === null && !arrival.hold[position]) targets.add(target);
  }
  return targets;
}

/** A deadlock, or a connection that was lost: once more. Where the first try was committed after all, the second finds that. */
async function again<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const cause = error instanceof StoreUnavailable ? error.cause : undefined;
    const code = codeOf(cause);
    const isLost =
      cause instanceof Error &&
      !cause.message.includes('timeout') &&
      (code === '' || code === 'ECONNRESET' || code === 'EPIPE' || /^(?:57P01|40...|08...)$/.test(code));
    if (!isLost) throw error;
    return run();
  }
}

async function transaction<T>(client: Client, run: (client: Client) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  const done = await run(client);
  await client.query('COMMIT');
  return done;
}

/** Wrong credentials and a database that does not exist get better by nobody's waiting. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof StoreUnavailable) || !/^(?:28...|3D000)$/.test(codeOf(error.cause))) return error;
  return new StoreRefused(
    'STORE_LOGIN',
    `PostgreSQL refuses the login: ${(error.cause as Error).message}`,
    'the user, password and database of the URL',
  );
}

/** The embedded store: one SQLite file, written by one thread that commits what has gathered, read by another. */
import { EventEmitter } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../../kit/clock.ts';
import type { SharedRow } from '../../kit/shared-state.ts';
import type { Settlement } from '../../model/delivery.ts';
import type { Ledger, Store } from '../store.ts';
import { ONLY_RELAY, openBesideRelay } from './beside.ts';
import { type BatchReport, type Channel, openChannel } from './channel.ts';
import type { ClaimAnswer } from './claim.ts';
import { leasedOf } from './columns.ts';
import { packArrival, packSettlement, savedOf } from './pack.ts';
import { createReader, type Reader } from './reader.ts';
import type { ReplayAnswer } from './replay.ts';

export interface SqliteOptions {
  /** A path; the file and its folder are made where they are missing. */
  readonly file: string;
  /** Says when a delivery finished. */
  readonly clock: Clock;
  /**
   * For commands beside a running relay: takes no lock, needs the file to be there, and only the ledger's reads and, each in a
   * transaction of its own, `replay`, `hasten` and changes of the shared state are possible.
   */
  readonly readonly?: boolean;
  /** Called after each commit. */
  readonly report?: (batch: BatchReport) => void;
}

/**
 * Opens the store of a file. Rejects with a StoreRefused: STORE_IN_USE, STORE_NEWER, STORE_CORRUPT, STORE_FOREIGN, STORE_NOT_A_FILE,
 * STORE_NOT_WRITABLE, and STORE_MISSING where it is opened read-only.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const file = itself(options.file);
  if (options.readonly) return openBesideRelay(file);
  const channel = await openChannel(file, options.report ?? (() => {}));
  const { ask } = channel;
  const reader = createReader(file);
  const hints = new EventEmitter();
  const close = async (): Promise<void> => {
    await reader.close();
    await channel.close();
  };
  return {
    inbox: {
      save: (arrival) => channel.send(arrival, packArrival, savedOf),
    },
    queue: {
      ...createQueue(channel, options.clock),
      onHint(listener) {
        hints.on('hint', listener);
        return () => hints.off('hint', listener);
      },
    },
    ledger: createLedger(reader, ask, (target) => hints.emit('hint', target)),
    shared: {
      get: (key) => ask({ do: 'get', key }),
      list: (prefix) => ask<SharedRow[]>({ do: 'list', prefix }),
      put: (key, value, version) => ask({ do: 'put', key, value, version }),
    },
    fleet: ONLY_RELAY,
    check: async () => void (await ask({ do: 'check' })),
    [Symbol.asyncDispose]: close,
  };
}

/** The file that a link leads to, where it is one: the lock and the log stand beside that, whichever way it was named. */
function itself(file: string): string {
  return existsSync(file) ? realpathSync(file) : resolve(file);
}

function createQueue({ ask, sendAll }: Channel, clock: Clock): Omit<Store['queue'], 'onHint'> {
  return {
    claim: async (wanted) => (await ask<ClaimAnswer>({ do: 'claim', ...wanted })).map(leasedOf),
    async settle(settlements) {
      if (settlements.length === 0) return [];
      const now = clock.now();
      const answers = await sendAll<Settlement, boolean>(settlements, (parcel, one) =>
        packSettlement(parcel, one, now),
      );
      return answers.map((isSettled) => (isSettled ? 'settled' : 'lost'));
    },
    due: async () => new Map(await ask<[string, number][]>({ do: 'due' })),
    hasten: (request) => ask({ do: 'hasten', ...request }),
  };
}

function createLedger(reader: Reader, ask: Channel['ask'], hint: (target: string) => void): Ledger {
  return {
    events: (query) => reader.ask('events', query),
    event: (id) => reader.ask('event', id),
    deliveries: (query) => reader.ask('deliveries', query),
    deliveriesOf: (eventId) => reader.ask('deliveriesOf', eventId),
    delivery: (id) => reader.ask('delivery', id),
    attempts: (deliveryId) => reader.ask('attempts', deliveryId),
    ahead: async (ids) => new Map(await reader.ask('ahead', ids)),
    recount: () => reader.ask('recount', undefined),
    backlog: async () => new Map(await reader.ask('backlog', undefined)),
    failing: async () => new Map(await reader.ask('failing', undefined)),
    balance: () => reader.ask('balance', undefined),
    async replay(request) {
      const { targets, ...replayed } = await ask<ReplayAnswer>({ do: 'replay', ...request });
      for (const target of targets) hint(target);
      return replayed;
    },
    prune: (request) => ask({ do: 'prune', ...request }),
    expire: (request) => ask({ do: 'expire', ...request }),
  };
}

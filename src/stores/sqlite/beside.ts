/** The store as a command sees it beside a running relay: it reads, may replay and hasten, and changes shared state. */
import type { DatabaseSync } from 'node:sqlite';
import { type Fleet, type Replayed, type ReplayRequest, type Store, StoreUnavailable } from '../store.ts';
import type { Tally } from './counters.ts';
import { emptyGroup } from './desk.ts';
import { prepareHasten } from './hasten.ts';
import { prepareLedger } from './ledger.ts';
import { damage, openBeside } from './open-database.ts';
import { prepareReplay, prepareTally } from './replay.ts';
import { prepareShared } from './shared-state.ts';
import { prepareMove } from './siblings.ts';

/** A file has one relay. */
export const ONLY_RELAY: Fleet = { size: () => 1, holdsLeases: () => true, onLost: () => () => {}, offsetMs: () => 0 };

/** What it is asked rejects with a StoreRefused, too: STORE_CORRUPT, where only then the file is found to be damaged. */
export function openBesideRelay(file: string): Store {
  const db = openBeside(file, 'read');
  const ledger = prepareLedger(db);
  const shared = prepareShared(db);
  const read = async <T>(ask: () => T): Promise<T> => {
    try {
      return ask();
    } catch (error) {
      throw damage(file, error) ?? new StoreUnavailable(`the store cannot be read: ${(error as Error).message}`);
    }
  };
  const refuse = async (): Promise<never> => {
    throw new StoreUnavailable('the store is open for reading only');
  };
  return {
    inbox: { save: refuse },
    queue: {
      claim: refuse,
      settle: refuse,
      due: refuse,
      hasten: async (request) => writeBeside(file, (db) => prepareHasten(db)({ group: emptyGroup() }, request)),
      onHint: () => () => {},
    },
    ledger: {
      events: (query) => read(() => ledger.events(query)),
      event: (id) => read(() => ledger.event(id)),
      deliveries: (query) => read(() => ledger.deliveries(query)),
      deliveriesOf: (eventId) => read(() => ledger.deliveriesOf(eventId)),
      delivery: (id) => read(() => ledger.delivery(id)),
      attempts: (deliveryId) => read(() => ledger.attempts(deliveryId)),
      ahead: (ids) => read(() => new Map(ledger.ahead(ids))),
      balance: () => read(() => ledger.balance()),
      recount: () => read(() => ledger.recount()),
      backlog: () => read(() => new Map(ledger.backlog())),
      failing: () => read(() => new Map(ledger.failing())),
      replay: async (request) => writeBeside(file, (db) => replayIn(db, request)),
      prune: refuse,
      expire: refuse,
    },
    shared: {
      get: (key) => read(() => shared.get(key)),
      list: (prefix) => read(() => shared.list(prefix)),
      put: async (key, value, version) => writeBeside(file, (db) => prepareShared(db).put(key, value, version)),
    },
    fleet: ONLY_RELAY,
    check: refuse,
    async [Symbol.asyncDispose]() {
      if (db.isOpen) db.close();
    },
  };
}

/** Writes in a short transaction of its own; a relay that runs sees it when it next asks. */
function writeBeside<T>(file: string, write: (db: DatabaseSync) => T): T {
  const db = openBeside(file, 'write');
  try {
    db.exec('BEGIN IMMEDIATE');
    const done = write(db);
    db.exec('COMMIT');
    return done;
  } catch (error) {
    throw damage(file, error) ?? new StoreUnavailable(`the store cannot be written: ${(error as Error).message}`);
  } finally {
    db.close();
  }
}

function replayIn(db: DatabaseSync, request: ReplayRequest): Replayed {
  const tally: Tally = new Map();
  const { replayed, hastened } = prepareReplay(db, prepareMove(db))(tally, request);
  prepareTally(db)(tally);
  return { replayed, hastened };
}

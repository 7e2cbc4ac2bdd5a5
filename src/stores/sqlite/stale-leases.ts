/** Gives back what the process before this one had leased: a file has one relay, so none of those leases is anyone's. */
import type { DatabaseSync } from 'node:sqlite';
import { READY } from '../states.ts';

export interface StaleLeases {
  readonly left: number;
  /** Gives so many more of them back, inside the caller's transaction. */
  release(limit: number): void;
  /** Keeps or forgets what was given back since the transaction began. */
  end(isCommitted: boolean): void;
}

/** Notes the leases that are there now: those that are given out later are not touched. */
export function findStaleLeases(db: DatabaseSync): StaleLeases {
  let stale = db.prepare('SELECT seq, lease FROM deliveries WHERE state = 2 AND line = 1').all();
  let given = 0;
  const giveBack = db.prepare(
    `UPDATE deliveries SET line = ${READY}, lease = lease + 1, attempts = attempts + 1, ready_at = due_at
     WHERE seq = ? AND lease = ? AND state = 2 AND line = 1`,
  );
  return {
    get left() {
      return stale.length;
    },
    release(limit) {
      for (const row of stale.slice(given, given + limit)) {
        given += 1;
        giveBack.run(row.seq as number, row.lease as number);
      }
    },
    end(isCommitted) {
      if (isCommitted && given > 0) stale = stale.slice(given);
      given = 0;
    },
  };
}

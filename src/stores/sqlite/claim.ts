/** Leases what is due of a target, and tells when each target has something due. */
import type { DatabaseSync } from 'node:sqlite';
import { BEHIND, LEASED, READY } from '../states.ts';
import type { ClaimRequest } from '../store.ts';
import { LEASED_COLUMNS, LEASED_TABLES } from './columns.ts';
import type { Desk } from './desk.ts';
import type { Order } from './order.ts';

/** Rows of `LEASED_COLUMNS`, each with the lease's number as it is now. */
export type ClaimAnswer = readonly (readonly unknown[])[];

export function prepareClaim(db: DatabaseSync, order: Order): (desk: Desk, wanted: ClaimRequest) => ClaimAnswer {
  const active = db.prepare(
    'SELECT count(*) AS n FROM (SELECT 1 FROM deliveries WHERE state = 2 AND line = 1 AND target = ? AND ready_at > ? LIMIT ?)',
  );
  const due = db.prepare(
    `SELECT seq, due_at, order_key FROM deliveries
     WHERE state = 2 AND line = ? AND target = ? AND ready_at <= ? ORDER BY ready_at, seq LIMIT ?`,
  );
  // where it was leased already, that lease has ended without a word
  const lease = db.prepare(
    'UPDATE deliveries SET attempts = attempts + (line = 1), line = 1, ready_at = ?, lease = lease + 1 WHERE seq = ?',
  );
  const stepBack = db.prepare(
    'UPDATE deliveries SET attempts = attempts + (line = 1), line = 2, ready_at = due_at WHERE seq = ?',
  );
  const read = db.prepare(`SELECT ${LEASED_COLUMNS} FROM ${LEASED_TABLES} WHERE d.seq = ?`, { returnArrays: true });

  /** Candidates of a target, oldest due first: never more than `room` of each line, so that a long backlog costs no more than a short one. */
  const find = (target: string, lines: readonly number[], now: number, room: number) =>
    lines
      .flatMap((line) => due.all(line, target, now, room))
      .sort((a, b) => (a.due_at as number) - (b.due_at as number) || (a.seq as number) - (b.seq as number));

  return (desk, { target, limit, now, leaseUntil, ordered, concurrency }) => {
    const leases = Number.isFinite(concurrency) ? (active.get(target, now, concurrency)?.n as number) : 0;
    const room = Math.min(limit, concurrency - leases);
    const lines = ordered ? [READY, LEASED] : [READY, LEASED, BEHIND];
    const claimed: unknown[][] = [];
    let mayBeMore = room > 0;
    while (mayBeMore) {
      mayBeMore = false;
      for (const candidate of find(target, lines, now, room - claimed.length)) {
        if (claimed.length === room) break;
        const seq = candidate.seq as number;
        // an earlier one of its key has come back since it was put in line
        if (ordered && order.place({ seq, target, orderKey: candidate.order_key as string | null }) === BEHIND) {
          stepBack.run(seq);
          mayBeMore = true;
          continue;
        }
        lease.run(leaseUntil, seq);
        claimed.push(read.get(seq) as unknown as unknown[]);
      }
      mayBeMore &&= claimed.length < room;
    }
    desk.group.writes += claimed.length;
    return claimed;
  };
}

/** The earliest time of each target that has anything waiting: one index probe for each target. */
export function prepareDue(db: DatabaseSync): () => [target: string, at: number][] {
  const next = db.prepare(
    `SELECT target, ready_at FROM deliveries
     WHERE state = 2 AND line = ? AND target > ? ORDER BY target, ready_at LIMIT 1`,
  );
  return () => {
    const earliest = new Map<string, number>();
    for (const line of [READY, LEASED]) {
      for (let row = next.get(line, ''); row; row = next.get(line, row.target as string)) {
        const target = row.target as string;
        const at = row.ready_at as number;
        earliest.set(target, Math.min(earliest.get(target) ?? at, at));
      }
    }
    return [...earliest];
  };
}

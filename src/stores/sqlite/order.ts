/**
 * Keeps the line of each order key: who may go, who stands behind another. Of each target and order key, the first waiting one is `READY` or
 * `LEASED`. A later one may be, too, where it or an earlier one has been replayed, or was leased without regard to order; a claim that meets
 * it puts it behind.
 */
import type { DatabaseSync } from 'node:sqlite';
import { BEHIND, READY } from '../states.ts';

export interface InLine {
  readonly seq: number;
  readonly target: string;
  readonly orderKey: string | null;
}

export interface Order {
  /** Where a waiting delivery without a lease stands: `BEHIND` where an earlier one of its key waits. */
  place(delivery: InLine): number;
  /** After a delivery has finished: the next of its key may go. */
  advance(delivery: InLine): void;
}

export function prepareOrder(db: DatabaseSync): Order {
  const line = 'FROM deliveries WHERE state = 2 AND order_key IS NOT NULL AND target = ? AND order_key = ?';
  const earlier = db.prepare(`SELECT 1 ${line} AND seq < ? LIMIT 1`);
  const next = db.prepare(`SELECT seq, line ${line} ORDER BY seq LIMIT 1`);
  const move = db.prepare('UPDATE deliveries SET line = ?, ready_at = due_at WHERE seq = ?');
  return {
    place: ({ seq, target, orderKey }) =>
      orderKey !== null && earlier.get(target, orderKey, seq) !== undefined ? BEHIND : READY,
    advance({ target, orderKey }) {
      if (orderKey === null) return;
      const first = next.get(target, orderKey);
      if (first?.line === BEHIND) move.run(READY, first.seq as number);
    },
  };
}

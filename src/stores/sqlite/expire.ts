/** Ends deliveries that wait for a target that no longer exists. */
import type { DatabaseSync } from 'node:sqlite';
import type { Reason } from '../../model/outcome.ts';
import { deliveryStateCode } from '../states.ts';
import type { Desk } from './desk.ts';
import type { Order } from './order.ts';
import type { Moved } from './siblings.ts';

export interface ExpireRequest {
  readonly target: string;
  readonly before: number;
  readonly now: number;
  readonly reason: Reason;
  readonly limit: number;
}

export function prepareExpire(
  db: DatabaseSync,
  order: Order,
  move: (tally: Desk['group']['tally'], moved: Moved) => void,
): (desk: Desk, request: ExpireRequest) => { readonly expired: number; readonly more: boolean } {
  const find = db.prepare(
    `SELECT seq, position, siblings, order_key AS orderKey FROM deliveries WHERE state = 2 AND target = ?
     AND (line IN (0, 2) OR (line = 1 AND ready_at <= ?)) AND created_at < ? ORDER BY seq LIMIT ?`,
  );
  const end = db.prepare(
    `UPDATE deliveries SET state = ${deliveryStateCode('expired')}, line = 0, finished_at = ?, reason = ? WHERE seq = ?`,
  );
  return (desk, { target, before, now, reason, limit }) => {
    const rows = find.all(target, now, before, limit);
    const why = JSON.stringify(reason);
    for (const row of rows) {
      const { seq, position, siblings } = row as { seq: number; position: number; siblings: number };
      move(desk.group.tally, { seq, position, siblings, from: 'waiting', to: 'expired' });
      end.run(now, why, seq);
      order.advance({ seq, target, orderKey: row.orderKey as string | null });
    }
    desk.group.writes += rows.length;
    return { expired: rows.length, more: rows.length === limit };
  };
}

/** Makes what waits for a later try due now. */
import type { DatabaseSync } from 'node:sqlite';
import { BEHIND, READY } from '../states.ts';
import type { HastenRequest } from '../store.ts';
import type { Desk } from './desk.ts';

export function prepareHasten(
  db: DatabaseSync,
): (desk: Pick<Desk, 'group'>, request: HastenRequest) => { readonly hastened: number; readonly more: boolean } {
  const update = db.prepare(
    `UPDATE deliveries SET ready_at = ?1, due_at = ?1 WHERE seq IN (
       SELECT seq FROM deliveries WHERE state = 2 AND line = ?2 AND target = ?3 AND ready_at > ?1 ORDER BY ready_at LIMIT ?4)`,
  );
  return (desk, { target, now, limit }) => {
    let hastened = 0;
    for (const line of [READY, BEHIND]) hastened += Number(update.run(now, line, target, limit - hastened).changes);
    desk.group.writes += hastened;
    return { hastened, more: hastened === limit };
  };
}

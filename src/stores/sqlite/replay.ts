/** Makes deliveries due: finished ones again, waiting ones before their time. */
import type { DatabaseSync } from 'node:sqlite';
import { eventIdOfDelivery } from '../../kit/ids.ts';
import { deliveryStateCode, deliveryStateOf, LEASED, READY, WAITING } from '../states.ts';
import type { Replayed, ReplayRequest } from '../store.ts';
import type { Tally } from './counters.ts';
import type { Moved } from './siblings.ts';

export interface ReplayAnswer extends Replayed {
  readonly targets: readonly string[];
}

export function prepareReplay(
  db: DatabaseSync,
  move: (tally: Tally, moved: Moved) => void,
): (tally: Tally, request: ReplayRequest) => ReplayAnswer {
  const find = prepareFindDelivery(db);
  const read = db.prepare('SELECT state, line, position, siblings, target FROM deliveries WHERE seq = ?');
  const update = db.prepare(
    `UPDATE deliveries SET state = 2, line = ${READY}, lease = lease + 1, ready_at = ?, due_at = ?, round = 0, replays = replays + 1,
     progress = CASE WHEN state = ${deliveryStateCode('dead')} AND NOT ? THEN progress ELSE 0 END WHERE seq = ?`,
  );
  const hasten = db.prepare(
    `UPDATE deliveries SET ready_at = min(ready_at, ?1), due_at = min(due_at, ?1), progress = CASE WHEN ?2 THEN 0 ELSE progress END WHERE seq = ?3`,
  );
  // Under the negative number of the last attempt that may have sent it. One that is there already was sent; this one never was.
  const keep = db.prepare(
    `UPDATE OR IGNORE records SET number = -(SELECT attempts FROM deliveries WHERE seq = delivery) WHERE delivery = ? AND number = 0`,
  );
  const forget = db.prepare('DELETE FROM records WHERE delivery = ? AND number = 0');

  return (tally, { ids, retranslate, now }) => {
    const targets = new Set<string>();
    let replayed = 0;
    let hastened = 0;
    for (const id of new Set(ids)) {
      const seq = find(id);
      const row = seq === undefined ? undefined : read.get(seq);
      if (seq === undefined || !row || (row.state === WAITING && row.line === LEASED)) continue;
      const target = row.target as string;
      if (row.state === WAITING) {
        hasten.run(now, retranslate ? 1 : 0, seq);
        hastened += 1;
      } else {
        const { position, siblings } = row as { position: number; siblings: number };
        move(tally, { seq, position, siblings, from: deliveryStateOf(row.state as number), to: 'waiting' });
        update.run(now, now, retranslate ? 1 : 0, seq);
        replayed += 1;
      }
      if (retranslate) {
        keep.run(seq);
        forget.run(seq);
      }
      targets.add(target);
    }
    return { replayed, hastened, targets: [...targets] };
  };
}

/** The number of the delivery with an id; undefined where there is none. */
export function prepareFindDelivery(db: DatabaseSync): (id: string) => number | undefined {
  const eventOf = db.prepare('SELECT first_delivery AS first, delivery_count AS count FROM events WHERE id = ?');
  const withOwnId = db.prepare('SELECT seq FROM deliveries WHERE seq >= ? AND seq < ? AND own_id = ?');
  const byPosition = db.prepare('SELECT seq FROM deliveries WHERE seq = ? AND position = ? AND own_id IS NULL');
  return (id) => {
    const eventId = eventIdOfDelivery(id);
    const event = eventId === undefined ? undefined : eventOf.get(eventId);
    if (!event) return undefined;
    const { first, count } = event as { first: number; count: number };
    const position = Number(id.slice(id.lastIndexOf('_') + 1)) - 1;
    const row = withOwnId.get(first, first + count, id) ?? byPosition.get(first + position, position);
    return row ? (row.seq as number) : undefined;
  };
}

/** Writes collected changes of counters: the last thing in a transaction. */
export function prepareTally(db: DatabaseSync): (tally: Tally) => void {
  const change = db.prepare('UPDATE counters SET value = value + ? WHERE name = ?');
  return (tally) => {
    for (const [name, by] of tally) if (by !== 0) change.run(by, name);
  };
}

/** Moves a delivery from one state to another in the ledger's sums, and with it its event, which counts under the weightiest of its deliveries. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../model/delivery.ts';
import { deliveryStateOf } from '../states.ts';
import { count, DELIVERIES, EVENTS, eventCounter, type Tally } from './counters.ts';

export interface Moved {
  readonly seq: number;
  readonly position: number;
  readonly siblings: number;
  readonly from: DeliveryState;
  readonly to: DeliveryState;
}

/** To be called before the row itself is updated. */
export function prepareMove(db: DatabaseSync): (tally: Tally, moved: Moved) => void {
  const statesOf = db.prepare('SELECT seq, state FROM deliveries WHERE seq >= ? AND seq < ?');
  return (tally, { seq, position, siblings, from, to }) => {
    if (from === to) return;
    count(tally, DELIVERIES[from], -1);
    count(tally, DELIVERIES[to], 1);
    if (siblings === 1) {
      count(tally, EVENTS[from], -1);
      count(tally, EVENTS[to], 1);
      return;
    }
    const first = seq - position;
    const rows = statesOf.all(first, first + siblings);
    const others = rows.filter((row) => row.seq !== seq).map((row) => deliveryStateOf(row.state as number));
    count(tally, eventCounter([...others, from], false), -1);
    count(tally, eventCounter([...others, to], false), 1);
  };
}

/** Writes what came of a leased delivery, if the lease is still its worker's. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState, Settlement } from '../../model/delivery.ts';
import { deliveryStateCode, READY, WAITING } from '../states.ts';
import { type Desk, leaseOfToken, seqOfToken } from './desk.ts';
import type { Order } from './order.ts';
import type { Moved } from './siblings.ts';
import type { ParcelReader } from './wire.ts';

export type SettlementKind = Settlement['result']['kind'];
export const SETTLEMENTS: readonly SettlementKind[] = [
  'delivered',
  'retry',
  'dead',
  'dropped',
  'released',
  'continued',
];

/** True: settled. False: the lease is lost, and nothing was written. */
export type SettleAnswer = boolean;

export function prepareSettle(
  db: DatabaseSync,
  order: Order,
  move: (tally: Desk['group']['tally'], moved: Moved) => void,
): (desk: Desk, parcel: ParcelReader) => SettleAnswer {
  const read = db.prepare(
    'SELECT state, lease, position, siblings, target, order_key, due_at FROM deliveries WHERE seq = ?',
    { returnArrays: true },
  );
  const finishing =
    'UPDATE deliveries SET state = ?, line = 0, finished_at = ?, attempts = attempts + ?, round = ?, progress = ?, reason = ? WHERE seq = ?';
  const finish = db.prepare(finishing);
  const finishAlone = db.prepare(
    `${finishing} AND state = ${WAITING} AND lease = ? AND siblings = 1 AND order_key IS NULL`,
  );
  // also where an earlier one of its key waits: its target may keep no order any more, and a claim that keeps one puts it behind
  const wait = db.prepare(
    `UPDATE deliveries SET line = ${READY}, lease = lease + 1, ready_at = ?, due_at = ?, attempts = attempts + ?, round = ?, progress = ?,
     reason = coalesce(?, reason) WHERE seq = ?`,
  );
  const goOn = db.prepare('UPDATE deliveries SET attempts = attempts + ?, round = ?, progress = ? WHERE seq = ?');
  const record = db.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)');

  return (desk, parcel) => {
    const token = parcel.number();
    const kind = SETTLEMENTS[parcel.number()] as SettlementKind;
    const at = parcel.number();
    const reason = parcel.textOrNull();
    const progress = parcel.number();
    const round = parcel.number();
    const requests = parcel.textOrNull();
    const bodies = parcel.bytes(parcel.number());
    const attempts = parcel.number();

    const { tally } = desk.group;
    const seq = seqOfToken(token);
    const lease = leaseOfToken(token);
    const writeRecords = (): void => {
      desk.group.writes += 1;
      if (requests !== null) record.run(seq, 0, requests, bodies);
      for (let i = 0; i < attempts; i++) {
        record.run(seq, parcel.number(), parcel.text(), parcel.bytes(parcel.number()));
      }
    };

    // most are the only one of their event and in no order: nothing of them has to be read
    if (isEnd(kind)) {
      const written = finishAlone.run(deliveryStateCode(kind), at, attempts, round, progress, reason, seq, lease);
      if (written.changes === 1) {
        writeRecords();
        move(tally, { seq, position: 0, siblings: 1, from: 'waiting', to: kind });
        return true;
      }
    }
    const row = read.get(seq) as unknown as [number, number, number, number, string, string | null, number];
    if (!row || row[0] !== WAITING || row[1] !== lease) return false;
    const [, , position, siblings, target, orderKey, dueAt] = row;
    writeRecords();
    if (kind === 'continued') {
      goOn.run(attempts, round, progress, seq);
    } else if (isEnd(kind)) {
      move(tally, { seq, position, siblings, from: 'waiting', to: kind });
      finish.run(deliveryStateCode(kind), at, attempts, round, progress, reason, seq);
      order.advance({ seq, target, orderKey });
    } else {
      const due = kind === 'retry' ? at : dueAt;
      wait.run(due, due, attempts, round, progress, reason, seq);
    }
    return true;
  };
}

function isEnd(kind: SettlementKind): kind is Extract<SettlementKind, DeliveryState> {
  return kind === 'delivered' || kind === 'dead' || kind === 'dropped';
}

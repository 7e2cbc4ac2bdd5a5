/** Saves an event with its deliveries, unless its source has sent that key before. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../model/delivery.ts';
import { BEHIND, deliveryStateCode, eventStateOf, LEASED, READY } from '../states.ts';
import { count, DELIVERIES, eventCounter } from './counters.ts';
import type { Desk } from './desk.ts';
import { hashKey } from './recent-keys.ts';
import type { ParcelReader } from './wire.ts';

/** The number of the first delivery; with the positions that are held, where those are not the wanted ones; a duplicate's first id. */
export type SaveAnswer = number | string | { readonly first: number; readonly held: readonly number[] };

export function prepareSave(db: DatabaseSync): (desk: Desk, parcel: ParcelReader) => SaveAnswer {
  const sameKey = db.prepare('SELECT id FROM events WHERE seq = ? AND source = ? AND key = ?');
  const insertEvent = db.prepare(`INSERT INTO events VALUES (${'?, '.repeat(15)}?)`);
  const insertDelivery = db.prepare(`INSERT INTO deliveries VALUES (${'?, '.repeat(20)}?)`);
  const ahead = db.prepare(
    'SELECT 1 FROM deliveries WHERE state = 2 AND order_key IS NOT NULL AND target = ? AND order_key = ? LIMIT 1',
  );

  const duplicateOf = (desk: Desk, hash: number, source: string, key: string): string | undefined => {
    for (const seq of desk.keys.candidates(hash)) {
      const first = sameKey.get(seq, source, key);
      if (first) return first.id as string;
    }
    return undefined;
  };

  return (desk, parcel) => {
    const id = parcel.text();
    const source = parcel.text();
    const key = parcel.text();
    const format = parcel.text();
    const type = parcel.text();
    const time = parcel.text();
    const receivedAt = parcel.number();
    const state = parcel.number();
    const method = parcel.text();
    const path = parcel.text();
    const search = parcel.text();
    const headers = parcel.text();
    const body = parcel.bytes(parcel.number());
    const holdUntil = parcel.number();
    const deliveries = parcel.number();

    const hash = hashKey(source, key);
    const duplicate = duplicateOf(desk, hash, source, key);
    if (duplicate !== undefined) return duplicate;

    const { last, group } = desk;
    last.event += 1;
    const seq = last.event;
    const first = last.delivery + 1;
    last.delivery += deliveries;
    // biome-ignore format: in the order of the columns
    insertEvent.run(seq, id, source, key, format, type, time, receivedAt, state, first, deliveries, method, path, search, headers, body);
    desk.keys.add(hash, seq);
    group.hashes.push(hash);
    group.minAt = Math.min(group.minAt, receivedAt);
    group.maxAt = Math.max(group.maxAt, receivedAt);
    group.writes += 1;

    let allAsWanted = true;
    const held: number[] = [];
    const states: DeliveryState[] = [];
    for (let position = 0; position < deliveries; position++) {
      const ownId = parcel.textOrNull();
      const rule = parcel.text();
      const target = parcel.text();
      const mapping = parcel.textOrNull();
      const orderKey = parcel.textOrNull();
      const dead = parcel.textOrNull();
      const wanted = parcel.number() === 1;
      const deliveryState: DeliveryState = dead === null ? 'waiting' : 'dead';
      const isBehind = dead === null && orderKey !== null && ahead.get(target, orderKey) !== undefined;
      const isHeld = wanted && dead === null && !isBehind;
      if (isHeld) held.push(position);
      if (isHeld !== wanted) allAsWanted = false;
      const line = isHeld ? LEASED : isBehind ? BEHIND : READY;
      // finished_at has no meaning yet; a value of the same width keeps the row from growing when it gets one
      // biome-ignore format: in the order of the columns
      insertDelivery.run(
        first + position, seq, position, deliveries, deliveryStateCode(deliveryState), line, isHeld ? holdUntil : receivedAt, receivedAt,
        isHeld ? 1 : 0, receivedAt, receivedAt, 0, 0, 0, 0, target, rule, mapping, orderKey, ownId, dead,
      );
      states.push(deliveryState);
      count(group.tally, DELIVERIES[deliveryState], 1);
    }
    count(group.tally, 'accepted', 1);
    count(group.tally, eventCounter(states, eventStateOf(state) === 'ignored'), 1);
    return allAsWanted ? first : { first, held };
  };
}

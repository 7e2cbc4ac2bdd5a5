/** Saves a batch of events with their deliveries in one statement, unless their source has sent that key before. */
import type { Client } from 'pg';
import type { LeasedDelivery, NewDelivery } from '../../model/delivery.ts';
import { waitingDelivery } from '../new-delivery.ts';
import { type Arrival, type Saved, StoreUnavailable } from '../store.ts';
import { byteArray, textArray } from './array-column.ts';
import { isOfData } from './connections.ts';
import { type Desk, tokenOf } from './desk.ts';
import { lockTargets } from './order.ts';
import { type Incoming, type IsHeld, parametersOf, saveStatement } from './save-rows.ts';

const SAVE = saveStatement({ siblings: false });
const SAVE_SIBLINGS = saveStatement({ siblings: true });

/**
 * Runs a batch; the answers stand in its order, an Error for what this database cannot hold. A batch may be run again when it is not known
 * whether it was committed: an event that is found to be its own duplicate was saved by the run before.
 */
export async function saveBatch(client: Client, desk: Desk, batch: readonly Incoming[]): Promise<(Saved | Error)[]> {
  if (batch.length > 1 && batch.some(({ arrival }) => isHeldInOrder(arrival))) return oneByOne(client, desk, batch);
  try {
    return await runBatch(client, desk, batch);
  } catch (error) {
    if (!(error instanceof Error) || !isOfData(error)) throw error;
    return batch.length === 1 ? [error] : oneByOne(client, desk, batch);
  }
}

async function oneByOne(client: Client, desk: Desk, batch: readonly Incoming[]): Promise<(Saved | Error)[]> {
  const answers: (Saved | Error)[] = [];
  for (const one of batch) answers.push(...(await saveBatch(client, desk, [one])));
  return answers;
}

async function runBatch(client: Client, desk: Desk, batch: readonly Incoming[]): Promise<Saved[]> {
  const [only] = batch;
  if (!only || !isHeldInOrder(only.arrival)) return insert(client, desk, batch, () => false);
  await client.query('BEGIN');
  try {
    const isBehind = await lookBehind(client, only.arrival);
    const saved = await insert(client, desk, batch, isBehind);
    await client.query('COMMIT');
    return saved;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const isHeldInOrder = ({ deliveries, hold }: Arrival): boolean =>
  hold.size > 0 && deliveries.some(({ id, orderKey }) => orderKey !== null && hold.has(id));

/** Tells which deliveries of the arrival stand behind another of their key. Until the transaction ends, no other of these targets comes in between. */
async function lookBehind(client: Client, { deliveries }: Arrival): Promise<(delivery: NewDelivery) => boolean> {
  const inOrder = deliveries.filter(({ orderKey, dead }) => orderKey !== null && dead === null);
  await lockTargets(
    client,
    inOrder.map(({ target }) => target),
  );
  const { rows } = await client.query(
    `SELECT i.target, i.order_key FROM unnest($1::text[], $2::text[]) i (target, order_key) WHERE EXISTS (
       SELECT 1 FROM dragoman.deliveries d WHERE d.state = 2 AND d.target = i.target AND d.order_key = i.order_key)`,
    [textArray(inOrder.map(({ target }) => target)), textArray(inOrder.map(({ orderKey }) => orderKey))],
  );
  const taken = new Set(rows.map((row) => JSON.stringify([row.target, row.order_key])));
  const first = new Map<string, string>();
  for (const { id, target, orderKey } of inOrder) {
    const key = JSON.stringify([target, orderKey]);
    if (!first.has(key)) first.set(key, id);
  }
  return ({ id, target, orderKey }) => {
    const key = JSON.stringify([target, orderKey]);
    return orderKey !== null && (taken.has(key) || first.get(key) !== id);
  };
}

async function insert(
  client: Client,
  desk: Desk,
  batch: readonly Incoming[],
  isBehind: (delivery: NewDelivery) => boolean,
): Promise<Saved[]> {
  const isHeld = ({ hold }: Arrival, one: NewDelivery) => hold.has(one.id) && one.dead === null && !isBehind(one);
  const values = parametersOf(batch, desk, isHeld);
  const siblings = batch.some(({ arrival }) => arrival.deliveries.length > 1);
  const [name, text] = siblings ? ['save-siblings', SAVE_SIBLINGS] : ['save', SAVE];
  const { rows } = await client.query({ name, text, values });
  const ids = rows[0]?.ids as string[] | null;
  if (ids === null) return batch.map(({ arrival }) => savedOf(arrival, isHeld));
  const saved = new Set(ids);
  const repeats = batch.filter(({ arrival }) => !saved.has(arrival.event.id));
  const firsts = await firstsOf(client, repeats);
  return batch.map(({ arrival, keyHash }) => {
    const first = saved.has(arrival.event.id) ? arrival.event.id : firsts.get(keyHash.toString('hex'));
    if (first === undefined) throw new StoreUnavailable('the first event of a repeat was deleted meanwhile');
    return first === arrival.event.id ? savedOf(arrival, isHeld) : { kind: 'duplicate', id: first };
  });
}

async function firstsOf(client: Client, repeats: readonly Incoming[]): Promise<Map<string, string>> {
  const { rows } = await client.query({
    name: 'firsts',
    text: `SELECT replace(key_hash::text, '-', '') AS hash, id FROM dragoman.events WHERE key_hash = ANY($1::uuid[])`,
    values: [
      byteArray(
        repeats.map(({ keyHash }) => keyHash),
        'uuid',
      ),
    ],
  });
  return new Map(rows.map((row) => [row.hash as string, row.id as string]));
}

function savedOf(arrival: Arrival, isHeld: IsHeld): Saved {
  const { event, deliveries, holdUntil } = arrival;
  const held: LeasedDelivery[] = [];
  for (const [position, made] of deliveries.entries()) {
    if (!isHeld(arrival, made)) continue;
    const token = tokenOf({
      position,
      isOrdered: made.orderKey !== null,
      hasSiblings: deliveries.length > 1,
      lease: 1,
    });
    held.push({ event, lease: { token, until: holdUntil }, delivery: waitingDelivery(made, event) });
  }
  return { kind: 'saved', held };
}

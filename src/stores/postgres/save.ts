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
import { allDone } from './settle.ts';

const SAVE = saveStatement({ siblings: false });
const SAVE_SIBLINGS = saveStatement({ siblings: true });

/**
 * Runs a batch; the answers stand in its order, an Error for what this database cannot hold. A batch may be run again when it is not known
 * whether it was committed: an event that is found to be its own duplicate was saved by the run before. An empty one tries whether events can be saved.
 */
export async function saveBatch(client: Client, desk: Desk, batch: readonly Incoming[]): Promise<(Saved | Error)[]> {
  try {
    return await runBatch(client, desk, batch);
  } catch (error) {
    if (!(error instanceof Error) || !isOfData(error) || batch.length === 0) throw error;
    return batch.length === 1 ? [error] : oneByOne(client, desk, batch);
  }
}

async function oneByOne(client: Client, desk: Desk, batch: readonly Incoming[]): Promise<(Saved | Error)[]> {
  const answers: (Saved | Error)[] = [];
  for (const one of batch) answers.push(...(await saveBatch(client, desk, [one])));
  return answers;
}

async function runBatch(client: Client, desk: Desk, batch: readonly Incoming[]): Promise<Saved[]> {
  if (!batch.some(({ arrival }) => isHeldInOrder(arrival))) return insert(client, desk, batch, () => false);
  const deliveries = batch.flatMap(({ arrival }) => arrival.deliveries);
  try {
    const [, isBehind] = await allDone([client.query('BEGIN'), lookBehind(client, deliveries)] as const);
    const saved = await insert(client, desk, batch, isBehind);
    const isNew = saved.map(({ kind }) => kind === 'saved');
    const isMixed = isNew.includes(false) && isNew.includes(true);
    await client.query(isMixed ? 'ROLLBACK' : 'COMMIT');
    if (!isMixed) return saved;
    // what was taken to stand behind a repeat stands behind nothing
    const rest = await runBatch(
      client,
      desk,
      batch.filter((_, index) => isNew[index]),
    );
    return saved.map((one) => (one.kind === 'saved' ? (rest.shift() ?? one) : one));
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const isHeldInOrder = ({ deliveries, hold }: Arrival): boolean =>
  deliveries.some(({ orderKey }, position) => orderKey !== null && hold[position]);

/**
 * Tells which deliveries stand behind another of their key, be it stored or among the ones before them. Until the transaction ends, no other of
 * these targets comes in between.
 */
async function lookBehind(
  client: Client,
  deliveries: readonly NewDelivery[],
): Promise<(delivery: NewDelivery) => boolean> {
  const first = new Map<string, NewDelivery>();
  for (const one of deliveries) {
    const place = placeOf(one);
    if (one.orderKey !== null && one.dead === null && !first.has(place)) first.set(place, one);
  }
  const firsts = [...first.values()];
  const targets = firsts.map(({ target }) => target);
  const [, { rows }] = await allDone([
    lockTargets(client, targets),
    client.query<Pick<NewDelivery, 'target' | 'orderKey'>>({
      name: 'taken',
      text: `SELECT i.target, i.order_key AS "orderKey" FROM unnest($1::text[], $2::text[]) i (target, order_key)
        CROSS JOIN LATERAL (SELECT FROM dragoman.deliveries d WHERE d.state = 2 AND d.target = i.target AND d.order_key = i.order_key LIMIT 1) d`,
      values: [textArray(targets), textArray(firsts.map(({ orderKey }) => orderKey))],
    }),
  ] as const);
  const taken = new Set(rows.map(placeOf));
  return (one) => one.orderKey !== null && (taken.has(placeOf(one)) || first.get(placeOf(one))?.id !== one.id);
}

const placeOf = ({ target, orderKey }: Pick<NewDelivery, 'target' | 'orderKey'>): string =>
  JSON.stringify([target, orderKey]);

async function insert(
  client: Client,
  desk: Desk,
  batch: readonly Incoming[],
  isBehind: (delivery: NewDelivery) => boolean,
): Promise<Saved[]> {
  const isHeld = ({ hold, deliveries }: Arrival, position: number): boolean => {
    const one = deliveries[position] as NewDelivery;
    return hold[position] === true && one.dead === null && !isBehind(one);
  };
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
    if (!isHeld(arrival, position)) continue;
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

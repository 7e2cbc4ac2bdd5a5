/** What admin and commands read: pages from new to old, each found by a cursor and an index, never by counting. */
import type { DatabaseSync } from 'node:sqlite';
import { deliveryId } from '../../kit/ids.ts';
import type { AcceptedEvent, Attempt, Delivery } from '../../model/delivery.ts';
import { deliveryStateCode } from '../states.ts';
import type { Balance, DeliveryQuery, EventQuery, EventSummary, Page } from '../store.ts';
import {
  attemptsOf,
  DELIVERY_COLUMNS,
  DELIVERY_TABLES,
  deliveryOf,
  EVENT_COLUMNS,
  eventOf,
  type RecordRow,
  type Row,
} from './columns.ts';
import { readBalance, recount } from './counters.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listEvents } from './list-events.ts';
import { prepareFindDelivery } from './replay.ts';

export interface LedgerReads {
  events(query: EventQuery): Page<EventSummary>;
  event(id: string): AcceptedEvent | undefined;
  deliveries(query: DeliveryQuery): Page<Delivery>;
  deliveriesOf(eventId: string): Delivery[];
  delivery(id: string): Delivery | undefined;
  attempts(deliveryId: string): Attempt[];
  ahead(ids: readonly string[]): [id: string, first: string][];
  balance(): Balance;
  recount(): Balance;
  backlog(): [target: string, { readonly waiting: number; readonly oldestAt: number }][];
  failing(): [target: string, { readonly dead: number; readonly newest: string }][];
}

export function prepareLedger(db: DatabaseSync): LedgerReads {
  const rows = { returnArrays: true };
  const find = prepareFindDelivery(db);
  const event = db.prepare(`SELECT ${EVENT_COLUMNS} FROM events e WHERE e.id = ?`, rows);
  const delivery = db.prepare(`SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERY_TABLES} WHERE d.seq = ?`, rows);
  const deliveriesOf = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERY_TABLES}
     WHERE e.id = ? AND d.seq >= e.first_delivery AND d.seq < e.first_delivery + e.delivery_count ORDER BY d.seq`,
    rows,
  );
  const records = db.prepare(
    'SELECT number, head, body FROM records WHERE delivery = ? AND number <> 0 ORDER BY number DESC',
    rows,
  );
  const first = db.prepare(
    `SELECT first.seq, e.id, first.position, first.own_id FROM deliveries d
     JOIN deliveries first ON first.seq = (SELECT min(f.seq) FROM deliveries f INDEXED BY deliveries_order
       WHERE f.state = 2 AND f.order_key IS NOT NULL AND f.target = d.target AND f.order_key = d.order_key)
     JOIN events e ON e.seq = first.event WHERE d.seq = ? AND d.state = 2 AND d.order_key IS NOT NULL`,
    rows,
  );
  const backlog = db.prepare(
    `SELECT b.target, b.waiting, d.created_at FROM
      (SELECT target, count(*) AS waiting, min(seq) AS oldest FROM deliveries INDEXED BY deliveries_line
       WHERE state = 2 GROUP BY target) b
     JOIN deliveries d ON d.seq = b.oldest`,
    rows,
  );
  const failing = db.prepare(
    `SELECT f.target, f.dead, e.id, d.position, d.own_id FROM
      (SELECT target, sum(dead) AS dead, max(seq) AS newest FROM
        (SELECT target, seq, 1 AS dead FROM deliveries INDEXED BY deliveries_unhappy WHERE state > 3 AND state = ${deliveryStateCode('dead')}
         UNION ALL SELECT target, seq, 0 FROM deliveries INDEXED BY deliveries_line WHERE state = 2 AND reason IS NOT NULL)
       GROUP BY target) f
     JOIN deliveries d ON d.seq = f.newest JOIN events e ON e.seq = d.event`,
    rows,
  );
  return {
    events: (query) => listEvents(db, query),
    event(id) {
      const row = event.get(id) as unknown as Row | undefined;
      return row && eventOf(row);
    },
    deliveries: (query) => listDeliveries(db, query),
    deliveriesOf: (eventId) => (deliveriesOf.all(eventId) as unknown as Row[]).map((row) => deliveryOf(row)),
    delivery(id) {
      const seq = find(id);
      const row = seq === undefined ? undefined : (delivery.get(seq) as unknown as Row | undefined);
      return row && deliveryOf(row);
    },
    attempts(deliveryId) {
      const seq = find(deliveryId);
      return seq === undefined ? [] : attemptsOf(records.all(seq) as unknown as RecordRow[]);
    },
    ahead: (ids) =>
      ids.flatMap((id): [string, string][] => {
        const seq = find(id);
        const row = seq === undefined ? undefined : first.get(seq);
        if (!row) return [];
        const [firstSeq, eventId, position, ownId] = row as unknown as [number, string, number, string | null];
        return firstSeq === seq ? [] : [[id, ownId ?? deliveryId(eventId, position + 1)]];
      }),
    balance: () => readBalance(db),
    recount: () => recount(db),
    backlog: () =>
      (backlog.all() as unknown as [string, number, number][]).map(([target, waiting, oldestAt]) => [
        target,
        { waiting, oldestAt },
      ]),
    failing: () =>
      (failing.all() as unknown as [string, number, string, number, string | null][]).map(
        ([target, dead, eventId, position, ownId]) => [
          target,
          { dead, newest: ownId ?? deliveryId(eventId, position + 1) },
        ],
      ),
  };
}

/** The admin API's events and deliveries: lists by filter, and one of them with everything that happened to it. */
import type { Delivery } from '../model/delivery.ts';
import type { ApiPorts, EventRow } from './api-ports.ts';
import type * as api from './api-schema.ts';
import type { Handlers } from './handlers.ts';
import { readTimes } from './parse-when.ts';
import { iso, presentDelivery, presentDetail, presentEnvelope, presentRaw } from './present-event.ts';
import { answer, type Refused, refuse, unknown } from './reply.ts';

const DEFAULT_LIMIT = 50;

type EventHandlers = Pick<
  Handlers,
  'listEvents' | 'showEvent' | 'explainEvent' | 'listDeliveries' | 'showDelivery' | 'listRejections'
>;

export function eventHandlers(ports: ApiPorts): EventHandlers {
  const { ledger, mask, clock } = ports;
  return {
    async listEvents({ query }) {
      const { since: _since, until: _until, limit = DEFAULT_LIMIT, ...filter } = query as api.EventFilter;
      const times = readTimes(query as api.EventFilter, clock.now());
      if ('wrong' in times) return wrongTime(times.wrong);
      const { items, next } = await ledger.events({ ...filter, ...times, limit });
      return answer<api.EventPage>({ items: items.map(presentRow), next: next ?? null });
    },
    async showEvent({ name }) {
      const event = await ledger.event(name);
      if (!event) return unknown('event', name);
      const deliveries = await detailsOf(ports, await ledger.deliveriesOf(name));
      return answer<api.EventDetail>({
        event: presentEnvelope(event),
        request: presentRaw(event.request, mask),
        data: ports.dataOf(event),
        explanation: ports.explain(event),
        deliveries,
      });
    },
    async explainEvent({ name }) {
      const event = await ledger.event(name);
      return event ? answer<api.Explanation>(ports.explain(event)) : unknown('event', name);
    },
    async listDeliveries({ query }) {
      const { since: _since, until: _until, limit = DEFAULT_LIMIT, ...filter } = query as api.DeliveryFilter;
      const times = readTimes(query as api.DeliveryFilter, clock.now());
      if ('wrong' in times) return wrongTime(times.wrong);
      const { items, next } = await ledger.deliveries({ ...filter, ...times, limit });
      const held = await ports.held(items);
      return answer<api.DeliveryPage>({
        items: items.map((one) => presentDelivery(one, held.get(one.id))),
        next: next ?? null,
      });
    },
    async showDelivery({ name }) {
      const delivery = await ledger.delivery(name);
      if (!delivery) return unknown('delivery', name);
      const [detail] = await detailsOf(ports, [delivery]);
      return answer(detail);
    },
    listRejections({ query }) {
      const { source, code, limit = 100 } = query as { source?: string; code?: string; limit?: number };
      return answer<api.RejectionList>(ports.rejections.list({ source, code, limit }));
    },
  };
}

export function wrongTime(name: string): Refused {
  return refuse(400, 'REQUEST_INVALID', `${name} is no moment: write 2026-01-31T12:00:00Z, or 2h for two hours ago`);
}

async function detailsOf(
  { ledger, mask, held }: ApiPorts,
  deliveries: readonly Delivery[],
): Promise<api.DeliveryDetail[]> {
  const holding = await held(deliveries);
  return Promise.all(
    deliveries.map(async (delivery) =>
      presentDetail(delivery, { tries: await ledger.attempts(delivery.id), held: holding.get(delivery.id), mask }),
    ),
  );
}

function presentRow({ deliveries, receivedAt, ...row }: EventRow): api.EventSummary {
  const { id, key, source, format, type, time, state } = row;
  return { id, key, source, format, type, time, received_at: iso(receivedAt), state, deliveries };
}

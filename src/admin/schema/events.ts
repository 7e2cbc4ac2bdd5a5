/** The admin API's events and deliveries: what came, what it became, where it went and why not. */
import Type from 'typebox';
import { explanation } from './explanation.ts';
import {
  anyJson,
  body,
  count,
  DELIVERY_STATES,
  deliveryState,
  EVENT_STATES,
  eventState,
  headers,
  instant,
  named,
  oneOf,
  orNull,
  page,
  reason,
  record,
  type Shape,
  text,
} from './parts.ts';

const envelope = {
  id: text('`evt_…`'),
  key: text(
    "The sender's id, or one derived from the event: a second event of the source with this key is a duplicate.",
  ),
  source: named('The source that took it.'),
  format: named('Its format.'),
  type: text('Its event type.'),
  time: instant('When it happened.'),
  received_at: instant('When it came through the door.'),
  state: eventState,
};

export const eventSummary = record(
  {
    ...envelope,
    deliveries: Type.Partial(
      record(
        Object.fromEntries(DELIVERY_STATES.map((state) => [state, count()])) as Record<
          (typeof DELIVERY_STATES)[number],
          ReturnType<typeof count>
        >,
      ),
      { description: 'How many of its deliveries are in which state; a state without any is left out.' },
    ),
  },
  { title: 'EventSummary' },
);
export type EventSummary = Shape<typeof eventSummary>;

export const eventPage = page(eventSummary, 'EventPage');
export type EventPage = Shape<typeof eventPage>;

export const eventFilter = Type.Object({
  source: Type.Optional(named('Only of this source.')),
  type: Type.Optional(text('Only of this event type.')),
  state: Type.Optional(
    oneOf([...EVENT_STATES, ...DELIVERY_STATES], { description: 'In this state, or with a delivery in it.' }),
  ),
  text: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Stands in the id, the key or the body.' }),
  ),
  since: Type.Optional(text('Received then or later: ISO 8601, epoch milliseconds, or so long ago (`2h`).')),
  until: Type.Optional(text('Received before then.')),
  before: Type.Optional(text('The cursor `next` of the page before.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
export type EventFilter = Shape<typeof eventFilter>;

export const rawRequest = record(
  {
    method: Type.String(),
    path: Type.String(),
    search: text('The query without `?`, as received, without credentials.'),
    headers,
    body,
  },
  { title: 'RawRequest' },
);
export type RawRequest = Shape<typeof rawRequest>;

export const sentRequest = record(
  {
    event: text('The event type that it stands for.'),
    method: Type.String(),
    url_suffix: text("Path behind the target's URL; empty where there is none."),
    query: Type.Array(record({ name: Type.String(), value: Type.String() }), {
      description: "Added to the target's query.",
    }),
    headers,
    body: orNull(body),
  },
  { title: 'SentRequest', description: "A request of a target, relative to the target's URL." },
);
export type SentRequest = Shape<typeof sentRequest>;

export const attempt = record(
  {
    number: Type.Integer({ minimum: 1, description: 'Over all requests and replays of its delivery.' }),
    request: count("Which of the delivery's requests, from 0."),
    method: Type.String(),
    url: text('What was dialled, without credentials.'),
    headers,
    started_at: instant(),
    duration_ms: Type.Number({ minimum: 0 }),
    response: orNull(record({ status: Type.Integer(), headers, body })),
    error: orNull(reason),
    sent: orNull(sentRequest),
  },
  {
    title: 'Attempt',
    description:
      '`sent` is what went out where the delivery has been translated anew since; null where it is `requests[request]` of the delivery.',
  },
);
export type Attempt = Shape<typeof attempt>;

export const held = record(
  {
    reason: oneOf(['gone', 'disabled', 'stopped', 'paused', 'asked', 'breaker_open', 'behind', 'rate'], {
      description:
        'Its target is no longer configured, switched off, stopped, paused by an operator, paused because it asked for it, or left alone after failures; another delivery of its order key comes first, or others do because its target has a rate.',
    }),
    until: orNull(instant('Null where someone has to end it, or another delivery.')),
    behind: orNull(
      record(
        { id: Type.String(), event_id: Type.String() },
        { description: 'The delivery that comes first; null for any other reason.' },
      ),
    ),
    message: text('A sentence, with what to do.'),
  },
  { title: 'Held' },
);
export type Held = Shape<typeof held>;

const deliveryMembers = {
  id: text('`dlv_…`: the `webhook-id` of every attempt.'),
  event_id: Type.String(),
  rule: Type.String(),
  target: Type.String(),
  mapping: orNull(named('Null where the body is forwarded byte for byte.')),
  order_key: orNull(Type.String()),
  state: deliveryState,
  attempts: count('Attempts made so far.'),
  round: count('How many pauses of the long retry schedule lie behind it.'),
  progress: count('How many of its requests have arrived.'),
  replays: count(),
  created_at: instant(),
  due_at: instant('When it is tried next, while it waits.'),
  held: orNull(held),
  finished_at: orNull(instant()),
  reason: orNull(reason),
};
export const delivery = record(deliveryMembers, { title: 'Delivery' });
export type Delivery = Shape<typeof delivery>;

export const deliveryDetail = record(
  {
    ...deliveryMembers,
    requests: orNull(Type.Array(sentRequest, { description: 'What it was translated to; null before its first try.' })),
    tries: Type.Array(attempt, { description: 'In the order in which they were made.' }),
  },
  { title: 'DeliveryDetail' },
);
export type DeliveryDetail = Shape<typeof deliveryDetail>;

export const deliveryPage = page(delivery, 'DeliveryPage');
export type DeliveryPage = Shape<typeof deliveryPage>;

export const deliveryFilter = Type.Object({
  state: Type.Optional(deliveryState),
  target: Type.Optional(Type.String()),
  rule: Type.Optional(Type.String()),
  since: Type.Optional(text('Made then or later: ISO 8601, epoch milliseconds, or so long ago (`2h`).')),
  until: Type.Optional(text('Made before then.')),
  before: Type.Optional(text('The cursor `next` of the page before.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
export type DeliveryFilter = Shape<typeof deliveryFilter>;

export const eventDetail = record(
  {
    event: record(envelope),
    request: rawRequest,
    data: anyJson("The normalised payload; null where today's formats do not read it."),
    explanation,
    deliveries: Type.Array(deliveryDetail),
  },
  { title: 'EventDetail' },
);
export type EventDetail = Shape<typeof eventDetail>;

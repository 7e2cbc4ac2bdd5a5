/** The admin API's replay, refusals, inspector and live tail. */
import Type from 'typebox';
import {
  anyJson,
  count,
  deliveryState,
  eventState,
  headers,
  instant,
  orNull,
  reason,
  record,
  type Shape,
  text,
} from './parts.ts';

export const replayRequest = record(
  {
    ids: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 1000,
        description: "Of deliveries, or of events: all of an event's.",
      }),
    ),
    filter: Type.Optional(
      record({
        state: Type.Optional(deliveryState),
        target: Type.Optional(Type.String()),
        rule: Type.Optional(Type.String()),
        since: Type.Optional(text('Made then or later: ISO 8601, epoch milliseconds, or so long ago (`2h`).')),
        until: Type.Optional(text('Made before then.')),
      }),
    ),
    before: Type.Optional(text('`next` of the answer before: goes on from there.')),
    retranslate: Type.Optional(Type.Boolean({ description: 'Translate anew instead of sending the same bytes.' })),
    dry_run: Type.Optional(Type.Boolean({ description: 'Send nothing and say what would differ.' })),
  },
  { title: 'ReplayRequest', description: 'Either `ids` or `filter`.' },
);
export type ReplayRequest = Shape<typeof replayRequest>;

export const printedRequest = record(
  {
    event: Type.String(),
    method: Type.String(),
    url_suffix: Type.Optional(Type.String()),
    query: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
        description: 'A name that is repeated has a list.',
      }),
    ),
    headers,
    body: anyJson('JSON where it is JSON, else text; null where there is none.'),
  },
  { title: 'PrintedRequest' },
);
export type PrintedRequest = Shape<typeof printedRequest>;

export const replayPreview = record(
  {
    delivery: Type.String(),
    event: Type.String(),
    target: Type.String(),
    state: deliveryState,
    before: Type.Array(printedRequest, { description: 'What was sent; empty where it never came to that.' }),
    after: Type.Array(printedRequest),
    nothing: orNull(text('Why nothing would be sent, else null.')),
    differences: Type.Array(
      record({
        path: text('`body.url`, `query.chid`; empty where they differ as a whole.'),
        before: orNull(text('As JSON text; null where the field is not there.')),
        after: orNull(text('As JSON text; null where the field is not there.')),
      }),
    ),
  },
  { title: 'ReplayPreview' },
);
export type ReplayPreview = Shape<typeof replayPreview>;

export const replayAnswer = record(
  {
    dry_run: Type.Boolean(),
    found: count('Deliveries that the request is about, of this step.'),
    replayed: count('How many of them were finished and are due again; 0 in a dry run.'),
    hastened: count('How many waited for a later try and are due now; 0 in a dry run.'),
    waiting: count(
      'Left out because they wait, which a filter has to ask for, or because they are being sent at this moment.',
    ),
    unknown: Type.Array(Type.String(), { description: 'Ids that are not there.' }),
    previews: Type.Array(replayPreview, { description: 'Of a dry run, the first 50.' }),
    next: orNull(text('Where a long filter goes on: hand it back as `before`.')),
  },
  { title: 'ReplayAnswer' },
);
export type ReplayAnswer = Shape<typeof replayAnswer>;

export const rejection = record(
  {
    at: instant(),
    source: text("Empty where the path is no source's."),
    code: Type.String(),
    status: Type.Integer(),
    address: text('Of the sender; empty where it cannot be told.'),
    path: Type.Optional(text("What was asked for, where it is no source's; without its query.")),
    fields: Type.Optional(text('Which fields are wrong, the first five; only where a payload was read.')),
  },
  { title: 'Rejection' },
);
export type Rejection = Shape<typeof rejection>;
export const rejectionList = record(
  {
    total: count('Since the store began.'),
    by_reason: Type.Array(record({ source: Type.String(), code: Type.String(), count: count(), last_at: instant() }), {
      description: 'Most frequent first.',
    }),
    items: Type.Array(rejection, { description: 'The last 1,000, newest first. Bodies are not kept.' }),
  },
  { title: 'RejectionList' },
);
export type RejectionList = Shape<typeof rejectionList>;

export const inspectedRequest = record(
  {
    number: Type.Integer({ minimum: 1, description: 'Counts up for each inspector.' }),
    received_at: instant(),
    method: Type.String(),
    url: text('Path and query below the inspector.'),
    headers,
    body: orNull(text('Null where the bytes are no UTF-8.')),
    bytes: count('How many came.'),
    truncated: Type.Boolean({ description: 'True where only the beginning is kept, 64 KiB.' }),
  },
  { title: 'InspectedRequest' },
);
export type InspectedRequest = Shape<typeof inspectedRequest>;
export const inspectorList = record(
  { items: Type.Array(record({ name: Type.String(), received: count(), last_at: orNull(instant()) })) },
  { title: 'InspectorList' },
);
export type InspectorList = Shape<typeof inspectorList>;
export const inspectorDetail = record(
  {
    name: Type.String(),
    received: count(),
    requests: Type.Array(inspectedRequest, {
      description: 'Newest first: so many as `inspector.keep` says, and no more than 4 MiB of them.',
    }),
  },
  { title: 'InspectorDetail' },
);
export type InspectorDetail = Shape<typeof inspectorDetail>;

export const tailEvent = record(
  {
    id: Type.String(),
    source: Type.String(),
    format: Type.String(),
    type: Type.String(),
    time: instant(),
    received_at: instant(),
    state: eventState,
    deliveries: Type.Array(
      record({ id: Type.String(), rule: Type.String(), target: Type.String(), dead: orNull(reason) }),
    ),
  },
  { title: 'TailEvent', description: 'SSE event `accepted`: an event has been stored.' },
);
export type TailEvent = Shape<typeof tailEvent>;
export const tailDelivery = record(
  {
    id: Type.String(),
    event_id: Type.String(),
    target: Type.String(),
    outcome: text('`delivered`, `retry`, `dead`, `dropped`, …'),
    reason: orNull(reason),
    age_ms: Type.Number({ description: 'Since the event was received.' }),
    at: instant(),
  },
  { title: 'TailDelivery', description: 'SSE event `settled`: something came of a delivery.' },
);
export type TailDelivery = Shape<typeof tailDelivery>;
export const tailMissed = record(
  { missed: count() },
  { title: 'TailMissed', description: 'SSE event `missed`: the reader was too slow for so many events.' },
);
export type TailMissed = Shape<typeof tailMissed>;

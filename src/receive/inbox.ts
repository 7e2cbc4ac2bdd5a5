/** Behind the door: recognises a request, asks the rules what it is to become, saves both in one step, and says what to answer. */
import { hash } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { isJsonDeeperThan } from '../kit/json.ts';
import type { AcceptedEvent, EventState, LeasedDelivery, NewDelivery } from '../model/delivery.ts';
import type { EventEnvelope, EventScope, RawRequest, RecognisedEvent } from '../model/event.ts';
import type { Format } from '../model/format.ts';
import type { JsonObject } from '../model/json.ts';
import type { Source } from '../model/source.ts';
import type { Reception } from './reception.ts';
import { buildScope } from './scope.ts';
import { storableDeliveries, storableKey, storableType } from './storable.ts';

/** An event with its deliveries, to be stored in one transaction. */
export interface Arrival {
  readonly event: AcceptedEvent;
  readonly deliveries: readonly NewDelivery[];
  /** Of each delivery, in their order: whether this relay sends it itself. */
  readonly hold: readonly boolean[];
  /** Epoch milliseconds. */
  readonly holdUntil: number;
}

export type Saved =
  | { readonly kind: 'saved'; readonly held: readonly LeasedDelivery[] }
  | { readonly kind: 'duplicate'; readonly id: string };

export interface InboxPorts {
  format(name: string): Pick<Format, 'read'>;
  /** What the rules make of an event; ids are given. Must not throw: a filter that fails makes a dead delivery. */
  route(scope: EventScope): readonly NewDelivery[];
  /** Whether this relay has room to send a delivery to the target at once, from memory. */
  hasRoom(target: string): boolean;
  /** Resolves after the commit's fsync; rejects where nothing can be stored now. */
  save(arrival: Arrival): Promise<Saved>;
  /** Sees what has been stored, before it is sent; there is no scope where the event's type is unknown. */
  stored(arrival: Arrival, scope: EventScope | undefined): void;
  /** Takes over what the store has leased to this relay. The scope saves parsing the event again. */
  dispatch(held: readonly LeasedDelivery[], scope: EventScope): void;
  params(): JsonObject;
  newEventId(): string;
  readonly clock: Pick<Clock, 'now'>;
  /** How long what is held stays ours. */
  leaseMs(): number;
  readonly report: InboxReport;
}

export interface InboxReport {
  eventAccepted(event: EventFacts, deliveries: number): void;
  eventUnmatched(event: EventFacts): void;
  eventIgnored(event: EventFacts): void;
  /** `id` is the first event's. */
  eventDuplicate(event: EventFacts): void;
  storeFailed(error: string, cause: unknown): void;
}

type EventFacts = Pick<EventEnvelope, 'id' | 'source' | 'type'>;

/** How long a sender is asked to wait when nothing can be stored. */
const RETRY_AFTER_S = 5;

/** The nesting that formats allow by themselves: only a stricter source needs a look of its own. */
const FORMAT_DEPTH = 64;

const NO_DELIVERIES: readonly NewDelivery[] = [];

export function createInbox(ports: InboxPorts): (source: Source, request: RawRequest) => Promise<Reception> {
  return async (source, request) => {
    const depth = source.limits.depth;
    if (depth < FORMAT_DEPTH && isJsonDeeperThan(request.body, depth)) {
      return { kind: 'malformed', code: 'JSON_TOO_DEEP', message: `the body is nested deeper than ${depth} levels` };
    }
    const reading = ports.format(source.format).read(request, source.options);
    if (reading.kind === 'malformed' || reading.kind === 'invalid') return reading;
    const incoming =
      reading.kind === 'event'
        ? routeEvent(ports, { source, request, recognised: reading.event })
        : keepIgnored(ports, { source, request, type: reading.type });
    let saved: Saved;
    try {
      saved = await ports.save(incoming.arrival);
    } catch (error) {
      ports.report.storeFailed(error instanceof Error ? error.message : String(error), error);
      return { kind: 'unavailable', retryAfterS: RETRY_AFTER_S };
    }
    return saved.kind === 'saved' ? acceptEvent(ports, incoming, saved.held) : meetAgain(ports, incoming, saved.id);
  };
}

/** What is to be saved. */
interface Incoming {
  readonly arrival: Arrival;
  /** Undefined where the event's type is unknown. */
  readonly scope: EventScope | undefined;
}

interface EventToRoute {
  readonly source: Source;
  readonly request: RawRequest;
  readonly recognised: RecognisedEvent;
}

function routeEvent(ports: InboxPorts, { source, request, recognised }: EventToRoute): Incoming {
  const envelope = envelopeOf(ports.newEventId(), source, {
    key: storableKey(recognised.key),
    type: storableType(recognised.type),
    time: recognised.time,
    receivedAt: request.receivedAt,
  });
  const scope = buildScope({ envelope, request, recognised, params: ports.params() });
  const deliveries = storableDeliveries(ports.route(scope));
  const state = deliveries.length > 0 ? 'accepted' : 'unmatched';
  return { arrival: arrivalOf(ports, { envelope, request, state, deliveries }), scope };
}

/** An event of an unknown type: kept, so that it can be looked at, and counted. Its bytes are its key. */
function keepIgnored(
  ports: InboxPorts,
  { source, request, type }: { readonly source: Source; readonly request: RawRequest; readonly type: string },
): Incoming {
  const envelope = envelopeOf(ports.newEventId(), source, {
    key: `ignored:${hash('sha256', Buffer.concat([Buffer.from(`${request.method} ${request.search}\n`), request.body]))}`,
    type: storableType(type),
    time: new Date(request.receivedAt).toISOString(),
    receivedAt: request.receivedAt,
  });
  const arrival = arrivalOf(ports, { envelope, request, state: 'ignored', deliveries: NO_DELIVERIES });
  return { arrival, scope: undefined };
}

/** Hands on what has been stored. */
function acceptEvent(ports: InboxPorts, { arrival, scope }: Incoming, held: readonly LeasedDelivery[]): Reception {
  const { event, deliveries } = arrival;
  const { id, type, state } = event;
  ports.stored(arrival, scope);
  if (scope && held.length > 0) ports.dispatch(held, scope);
  if (state === 'accepted') ports.report.eventAccepted(factsOf(event), deliveries.length);
  else if (state === 'unmatched') ports.report.eventUnmatched(factsOf(event));
  else ports.report.eventIgnored(factsOf(event));
  return state === 'ignored' ? { kind: 'ignored', id, type } : { kind: 'accepted', id };
}

/** The sender's repeat of an event that was stored before, under the first one's id. */
function meetAgain(ports: InboxPorts, { arrival }: Incoming, id: string): Reception {
  const { event } = arrival;
  ports.report.eventDuplicate(factsOf(event, id));
  return event.state === 'ignored' ? { kind: 'ignored', id, type: event.type } : { kind: 'duplicate', id };
}

function envelopeOf(
  id: string,
  source: Source,
  event: Pick<EventEnvelope, 'key' | 'type' | 'time' | 'receivedAt'>,
): EventEnvelope {
  const { key, type, time, receivedAt } = event;
  return { id, key, source: source.name, format: source.format, type, time, receivedAt };
}

function factsOf({ id, source, type }: EventEnvelope, firstId = id): EventFacts {
  return { id: firstId, source, type };
}

interface ArrivalParts {
  readonly envelope: EventEnvelope;
  readonly request: RawRequest;
  readonly state: EventState;
  readonly deliveries: readonly NewDelivery[];
}

function arrivalOf(ports: InboxPorts, { envelope, request, state, deliveries }: ArrivalParts): Arrival {
  const hold = deliveries.map(({ dead, target }) => dead === null && ports.hasRoom(target));
  const { id, key, source, format, type, time, receivedAt } = envelope;
  const event: AcceptedEvent = { id, key, source, format, type, time, receivedAt, state, request };
  return { event, deliveries, hold, holdUntil: ports.clock.now() + ports.leaseMs() };
}

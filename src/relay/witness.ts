/** Sees what happens on the events' path and tells it to the overview, the live tail and the list of refusals. */
import type { Rejections } from '../admin/rejections.ts';
import type { Tail } from '../admin/tail.ts';
import type { Traffic } from '../admin/traffic.ts';
import type { Clock } from '../kit/clock.ts';
import { eventIdOfDelivery } from '../kit/ids.ts';
import type { Happenings, SettledFacts } from '../observe/happenings.ts';
import type { Arrival } from '../stores/store.ts';

export interface Witness {
  /** Happenings that are logged and counted as before, and seen besides. */
  watch(happenings: Happenings): Happenings;
  /** An event has been stored. */
  stored(arrival: Arrival): void;
}

export interface WitnessPorts {
  readonly traffic: Traffic;
  readonly tail: Tail;
  readonly rejections: Rejections;
  readonly clock: Pick<Clock, 'now'>;
}

export function createWitness({ traffic, tail, rejections, clock }: WitnessPorts): Witness {
  return {
    watch: (happenings) => ({
      ...happenings,
      requestRefused(refused) {
        happenings.requestRefused(refused);
        traffic.refused(refused.source);
        rejections.add(refused);
      },
      requestAnswered(source, durationMs) {
        happenings.requestAnswered(source, durationMs);
        traffic.answered(durationMs);
      },
      deliveryAttempted(facts) {
        happenings.deliveryAttempted(facts);
        traffic.attempted(facts);
      },
      deliverySettled(facts) {
        happenings.deliverySettled(facts);
        traffic.settled(facts);
        if (tail.isWatched()) tail.settled(presentSettled(facts, clock.now()));
      },
    }),
    stored(arrival) {
      traffic.accepted(arrival.event.source, arrival.deliveries);
      if (tail.isWatched()) tail.accepted(presentArrival(arrival));
    },
  };
}

function presentArrival({ event, deliveries }: Arrival): Parameters<Tail['accepted']>[0] {
  const { id, source, format, type, time, state } = event;
  return {
    id,
    source,
    format,
    type,
    time,
    received_at: new Date(event.receivedAt).toISOString(),
    state,
    deliveries: deliveries.map(({ id: delivery, rule, target, dead }) => ({ id: delivery, rule, target, dead })),
  };
}

function presentSettled(facts: SettledFacts, now: number): Parameters<Tail['settled']>[0] {
  const { delivery, target, outcome, code, message, ageMs } = facts;
  return {
    id: delivery,
    event_id: eventIdOfDelivery(delivery) ?? '',
    target,
    outcome,
    reason: code === '' ? null : { code, message },
    age_ms: ageMs,
    at: new Date(now).toISOString(),
  };
}

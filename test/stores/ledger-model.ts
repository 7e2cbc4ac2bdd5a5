/** A store as simple as it can be, to compare real ones with: everything in lists, everything counted anew. */
import { expect } from 'vitest';
import type { DeliveryState, LeasedDelivery, NewDelivery, Settlement } from '../../src/model/delivery.ts';
import type { Arrival, Balance, ClaimRequest, Saved, Store } from '../../src/stores/store.ts';

/** The kept sums and the counted ones must be the same, and add up. */
export async function expectAgreement(store: Store): Promise<Balance> {
  const [kept, counted] = await Promise.all([store.ledger.balance(), store.ledger.recount()]);
  expect(kept).toEqual(counted);
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, one) => total + one, 0);
  expect(kept.unmatched + kept.ignored + sum(kept.events)).toBe(kept.accepted);
  return kept;
}

interface ModelDelivery {
  readonly made: NewDelivery;
  readonly createdAt: number;
  state: DeliveryState;
  dueAt: number;
  lease: { token: number; until: number } | null;
}

interface ModelEvent {
  readonly arrival: Arrival;
  readonly deliveries: readonly ModelDelivery[];
  isPruned: boolean;
}

const WEIGHT: readonly DeliveryState[] = ['waiting', 'dead', 'expired', 'delivered', 'dropped'];
const NONE: Readonly<Record<DeliveryState, number>> = { waiting: 0, delivered: 0, dropped: 0, dead: 0, expired: 0 };

export class LedgerModel {
  readonly events: ModelEvent[] = [];

  get deliveries(): ModelDelivery[] {
    return this.events.flatMap((event) => (event.isPruned ? [] : event.deliveries));
  }

  find(id: string): ModelDelivery | undefined {
    return this.deliveries.find((one) => one.made.id === id);
  }

  /** Notes a saved event; tells what the store should have answered. */
  save(arrival: Arrival, answer: Saved): { readonly duplicate?: string; readonly held?: readonly string[] } {
    const { source, key, receivedAt } = arrival.event;
    const first = this.events.find(
      ({ arrival: { event }, isPruned }) => !isPruned && event.source === source && event.key === key,
    );
    if (first) return { duplicate: first.arrival.event.id };
    const tokens = new Map(answer.kind === 'saved' ? answer.held.map((one) => [one.delivery.id, one.lease.token]) : []);
    const deliveries: ModelDelivery[] = [];
    this.events.push({ arrival, deliveries, isPruned: false });
    const held: string[] = [];
    for (const [position, made] of arrival.deliveries.entries()) {
      const one: ModelDelivery = {
        ...{ made, createdAt: receivedAt, state: made.dead ? 'dead' : 'waiting', dueAt: receivedAt, lease: null },
      };
      deliveries.push(one);
      if (!arrival.hold[position] || made.dead || !this.isFirst(one)) continue;
      held.push(made.id);
      one.lease = { token: tokens.get(made.id) ?? 0, until: arrival.holdUntil };
    }
    return { held };
  }

  /** True where no earlier delivery of its target and order key is unfinished. */
  isFirst(one: ModelDelivery): boolean {
    if (one.made.orderKey === null) return true;
    const first = this.deliveries.find(
      ({ made, state }) =>
        state === 'waiting' && made.target === one.made.target && made.orderKey === one.made.orderKey,
    );
    return first === one;
  }

  /** Ids that may be given out, and how many of them must be. */
  claimable({ target, now, ordered, limit, concurrency }: ClaimRequest): {
    readonly ids: string[];
    readonly count: number;
  } {
    const waiting = this.deliveries.filter((one) => one.state === 'waiting' && one.made.target === target);
    const active = waiting.filter((one) => one.lease && one.lease.until > now).length;
    const ids = waiting
      .filter((one) => (one.lease?.until ?? one.dueAt) <= now && (!ordered || this.isFirst(one)))
      .map((one) => one.made.id);
    return { ids, count: Math.max(0, Math.min(ids.length, limit, concurrency - active)) };
  }

  claim(leased: readonly LeasedDelivery[]): void {
    for (const { delivery, lease } of leased) {
      const one = this.find(delivery.id);
      if (one) one.lease = { ...lease };
    }
  }

  settle({ deliveryId, lease, result }: Settlement): 'settled' | 'lost' {
    const one = this.find(deliveryId);
    if (one?.state !== 'waiting' || one.lease?.token !== lease.token) return 'lost';
    if (result.kind === 'continued') return 'settled';
    one.lease = null;
    if (result.kind === 'retry') one.dueAt = result.at;
    else if (result.kind !== 'released') one.state = result.kind;
    return 'settled';
  }

  replay(ids: readonly string[], now: number): number {
    let replayed = 0;
    for (const id of new Set(ids)) {
      const one = this.find(id);
      if (one?.state === 'waiting' && !one.lease) one.dueAt = Math.min(one.dueAt, now);
      if (!one || one.state === 'waiting') continue;
      Object.assign(one, { state: 'waiting', dueAt: now, lease: null });
      replayed += 1;
    }
    return replayed;
  }

  hasten(target: string, now: number): number {
    const later = this.deliveries.filter(
      (one) =>
        one.state === 'waiting' &&
        one.made.target === target &&
        one.dueAt > now &&
        (!one.lease || one.lease.until <= now),
    );
    for (const one of later) one.dueAt = now;
    return later.length;
  }

  expire(target: string, before: number, now: number): number {
    const old = this.deliveries.filter(
      (one) =>
        one.state === 'waiting' &&
        one.made.target === target &&
        one.createdAt < before &&
        (!one.lease || one.lease.until <= now),
    );
    for (const one of old) one.state = 'expired';
    return old.length;
  }

  prune(before: number): number {
    const old = this.events.filter(
      (event) =>
        !event.isPruned &&
        event.arrival.event.receivedAt < before &&
        event.deliveries.every((one) => one.state !== 'waiting'),
    );
    for (const event of old) event.isPruned = true;
    return old.length;
  }

  balance(): Balance {
    const [events, deliveries] = [{ ...NONE }, { ...NONE }];
    let [unmatched, ignored] = [0, 0];
    for (const event of this.events) {
      for (const one of event.deliveries) deliveries[one.state] += 1;
      const state = WEIGHT.find((weight) => event.deliveries.some((one) => one.state === weight));
      if (state) events[state] += 1;
      else if (event.arrival.event.state === 'ignored') ignored += 1;
      else unmatched += 1;
    }
    const pruned = this.events.filter((event) => event.isPruned).length;
    return { accepted: this.events.length, unmatched, ignored, events, deliveries, pruned };
  }

  /**
   * For each target the earliest time that `due` may name, and the latest. What has a lease that has run out is due since that lease's end,
   * or since its own time where a claim has met it behind another of its key and taken the lease off it.
   */
  due(now: number): Map<string, { readonly from: number; to: number }> {
    const bounds = new Map<string, { from: number; to: number }>();
    for (const one of this.deliveries) {
      if (one.state !== 'waiting') continue;
      const until = one.lease?.until ?? one.dueAt;
      const since = until > now ? until : one.dueAt;
      const bound = bounds.get(one.made.target) ?? { from: since, to: Number.POSITIVE_INFINITY };
      bound.from = Math.min(bound.from, since);
      if (this.isFirst(one)) bound.to = Math.min(bound.to, until);
      bounds.set(one.made.target, bound);
    }
    return bounds;
  }
}

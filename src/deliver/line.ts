/** A target's own line: what is leased and waits its turn, what is under way, and when more is fetched. Lines share nothing that can fill up. */
import type { Clock, Timer } from '../kit/clock.ts';
import type { Lease, LeasedDelivery } from '../model/delivery.ts';
import type { EventScope } from '../model/event.ts';
import type { Target } from '../model/target.ts';
import { createHealth, type Health } from './health.ts';
import { LINE_MS, leaseMsFor, tryMsFor } from './lease-time.ts';
import { createPacer } from './pacing.ts';
import type { DeliverReport, QueuePort } from './ports.ts';
import { type SendPorts, type Sent, send } from './send.ts';
import type { Settler } from './settler.ts';
import type { TargetStates } from './target-state.ts';
import { createThroughput } from './throughput.ts';

export interface Line {
  readonly health: Health;
  /** True where a delivery that is just being accepted may be held in memory. */
  hasRoom(): boolean;
  accept(leased: readonly LeasedDelivery[], scope: EventScope | undefined): void;
  /** The store has something for this target: fetch it as soon as there is room. */
  moreIsDue(): void;
  /** Sends what may be sent now. */
  pump(): void;
  configure(target: Target): void;
  /** Hands back what waits and takes no more; resolves once nothing is under way. */
  close(): Promise<void>;
  counts(): { readonly held: number; readonly inFlight: number; readonly perSecond: number };
}

export interface LinePorts {
  readonly queue: QueuePort;
  readonly settler: Settler;
  readonly states: TargetStates;
  readonly sending: SendPorts;
  readonly clock: Clock;
  readonly report: DeliverReport;
  readonly budget: Budget;
  fleetSize(): number;
  onStoreFailure(error: unknown): void;
  onStoreAnswer(): void;
}

/** What all lines together hold in memory. */
export interface Budget {
  entries: number;
  bytes: number;
}

interface Held {
  readonly leased: LeasedDelivery;
  readonly scope: EventScope | undefined;
  readonly bytes: number;
  /** Replaced where the delivery is leased anew while it is held. */
  lease: Lease;
  /** Monotonic milliseconds. */
  leaseEnds: number;
}

const MOST_HELD = 1000;
const LARGEST_CLAIM = 500;
const MOST_HELD_BY_ALL: Budget = { entries: 10_000, bytes: 48 * 2 ** 20 };
/** What an event takes in memory beside its body, about. */
const ENTRY_BYTES = 2048;

export function createLine(first: Target, ports: LinePorts): Line {
  const { queue, settler, states, clock, budget } = ports;
  const { name } = first;
  let target = first;
  let fleet = Math.max(1, ports.fleetSize());
  let pacer = createPacer(target.rate, fleet);
  const health = createHealth({ target: () => target, states, clock, report: ports.report });
  /** In the order in which they are sent. */
  const held = new Map<string, Held>();
  const inFlight = new Map<string, Held>();
  const throughput = createThroughput(clock);
  let isMore = false;
  let claiming = false;
  let closed = false;
  let rateTimer: Timer | undefined;
  const wakers = new Set<() => void>();
  const emptied: (() => void)[] = [];

  const concurrency = (): number => Math.max(1, Math.floor(target.concurrency / fleet));

  /** How many deliveries get their turn while their lease still has time. */
  function capacity(): number {
    const byTime = (concurrency() * LINE_MS * 0.6) / throughput.meanMs();
    const byRate = target.rate ? (target.rate.count / fleet / target.rate.perMs) * LINE_MS * 0.6 : MOST_HELD;
    return Math.max(1, Math.min(MOST_HELD, Math.floor(Math.min(byTime, byRate))));
  }

  const isBudgetSpent = (): boolean =>
    budget.entries >= MOST_HELD_BY_ALL.entries || budget.bytes >= MOST_HELD_BY_ALL.bytes;

  function hold(leased: LeasedDelivery, scope: EventScope | undefined): void {
    const { id } = leased.delivery;
    const leaseEnds = clock.monotonic() + leased.lease.until - clock.now();
    const mine = held.get(id) ?? inFlight.get(id);
    if (mine) {
      // Leased anew because the wall clock has jumped: it is sent once, under the newer lease.
      mine.lease = leased.lease;
      mine.leaseEnds = leaseEnds;
      return;
    }
    if (settler.adopt(id, leased.lease)) return;
    const bytes = ENTRY_BYTES + 2 * leased.event.request.body.length;
    held.set(id, { leased, scope, bytes, lease: leased.lease, leaseEnds });
    budget.entries++;
    budget.bytes += bytes;
  }

  function unhold(entry: Held): void {
    held.delete(entry.leased.delivery.id);
    budget.entries--;
    budget.bytes -= entry.bytes;
  }

  function release(entry: Held): void {
    unhold(entry);
    const { progress, round } = entry.leased.delivery;
    finish(entry, { result: { kind: 'released' }, attempts: [], progress, round, requests: null });
  }

  function finish(entry: Held, sent: Sent): void {
    const { delivery, event } = entry.leased;
    settler.settle({ deliveryId: delivery.id, lease: entry.lease, ...sent }, (result) => {
      if (result === 'lost') ports.report.leaseLost({ delivery: delivery.id, target: name });
      else if (sent.result.kind !== 'released') {
        const reason = sent.result.kind === 'delivered' ? { code: '', message: '' } : sent.result.reason;
        const ageMs = Math.max(0, clock.now() - event.receivedAt);
        ports.report.deliverySettled({
          delivery: delivery.id,
          rule: delivery.rule,
          target: name,
          outcome: sent.result.kind,
          ...reason,
          ageMs,
        });
      }
      // The next delivery of the same key can be claimed now.
      if (target.orderBy) isMore = true;
      if (isMore) pump();
    });
  }

  async function start(entry: Held): Promise<void> {
    unhold(entry);
    inFlight.set(entry.leased.delivery.id, entry);
    const isProbe = health.start();
    const started = clock.monotonic();
    const leaseSuffices = (): boolean => entry.leaseEnds - clock.monotonic() >= tryMsFor(target);
    const sent = await send(ports.sending, {
      leased: entry.leased,
      scope: entry.scope,
      target,
      permit,
      wait,
      mayGoOn: () =>
        !closed && leaseSuffices() && health.breaker() === 'closed' && health.condition().kind === 'running',
      judged(verdict) {
        throughput.count();
        health.judged(verdict, isProbe);
      },
    });
    throughput.took(clock.monotonic() - started);
    inFlight.delete(entry.leased.delivery.id);
    health.end(isProbe);
    finish(entry, sent);
    pump();
    if (inFlight.size === 0) for (const resolve of emptied.splice(0)) resolve();
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        wakers.delete(wake);
        resolve();
      };
      const timer = clock.after(ms, wake);
      wakers.add(wake);
    });
  }

  async function permit(): Promise<void> {
    for (let ms = pacer.take(clock.monotonic()); ms > 0 && !closed; ms = pacer.take(clock.monotonic())) await wait(ms);
  }

  function pump(): void {
    health.announce();
    if (closed) return;
    sendHeld();
    refill();
  }

  function sendHeld(): void {
    for (const entry of held.values()) {
      const most = health.admits(inFlight.size, concurrency());
      if (most === 0 && health.breaker() !== 'probing') {
        releaseAll();
        return;
      }
      if (inFlight.size >= most || settler.isFull()) return;
      if (entry.leaseEnds - clock.monotonic() < tryMsFor(target)) {
        release(entry);
        continue;
      }
      const waitMs = pacer.take(clock.monotonic());
      if (waitMs > 0) {
        pumpAfter(waitMs);
        return;
      }
      void start(entry);
    }
  }

  function releaseAll(): void {
    for (const entry of [...held.values()]) release(entry);
  }

  function pumpAfter(ms: number): void {
    rateTimer ??= clock.after(ms, () => {
      rateTimer = undefined;
      pump();
    });
  }

  function refill(): void {
    if (!isMore || claiming || closed || !states.isLoaded() || settler.isFull() || isBudgetSpent()) return;
    const most = health.admits(inFlight.size, concurrency());
    if (most === 0) return;
    const isProbe = health.breaker() !== 'closed';
    const room = isProbe ? 1 - held.size : capacity() - held.size;
    if (room < 1 || (!isProbe && held.size > capacity() / 2)) return;
    void claim(Math.min(room, LARGEST_CLAIM));
  }

  async function claim(limit: number): Promise<void> {
    claiming = true;
    isMore = false;
    try {
      const now = clock.now();
      const leased = await queue.claim({
        target: name,
        limit,
        now,
        leaseUntil: now + leaseMsFor(target, ports.sending.quickWaitMs),
        ordered: target.orderBy !== null,
        // Leases bound what relays hold in memory; how many requests are under way, each relay bounds by its part.
        concurrency: 2 * MOST_HELD * fleet,
      });
      ports.onStoreAnswer();
      isMore ||= leased.length >= limit;
      accept(leased, undefined);
    } catch (error) {
      ports.onStoreFailure(error);
    } finally {
      claiming = false;
    }
    pump();
  }

  function accept(leased: readonly LeasedDelivery[], scope: EventScope | undefined): void {
    for (const one of leased) hold(one, scope);
    if (closed) releaseAll();
  }

  return {
    health,
    hasRoom() {
      if (closed || target.orderBy || !states.isLoaded() || settler.isFull()) return false;
      if (health.breaker() !== 'closed' || health.condition().kind !== 'running') return false;
      if (held.size < capacity() && !isBudgetSpent()) return true;
      isMore = true;
      return false;
    },
    accept(leased, scope) {
      accept(leased, scope);
      pump();
    },
    moreIsDue() {
      isMore = true;
      pump();
    },
    pump,
    configure(next) {
      if (next === target && fleet === Math.max(1, ports.fleetSize())) return;
      fleet = Math.max(1, ports.fleetSize());
      target = next;
      pacer = createPacer(target.rate, fleet);
      pump();
    },
    close() {
      closed = true;
      rateTimer?.cancel();
      releaseAll();
      for (const wake of [...wakers]) wake();
      return inFlight.size === 0 ? Promise.resolve() : new Promise((resolve) => emptied.push(resolve));
    },
    counts: () => ({ held: held.size, inFlight: inFlight.size, perSecond: throughput.perSecond() }),
  };
}

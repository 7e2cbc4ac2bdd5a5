/** A target's own line: what is leased and waits its turn, what is under way, and when more is fetched. Lines share nothing that can fill up. */
import type { Clock, Timer } from '../kit/clock.ts';
import { crashPoint } from '../kit/crash-point.ts';
import type { LeasedDelivery, Settlement } from '../model/delivery.ts';
import type { EventScope } from '../model/event.ts';
import type { Target } from '../model/target.ts';
import { createHealth, type Health } from './health.ts';
import { LINE_MS, leaseMsFor, tryMsFor } from './lease-time.ts';
import { createPacer } from './pacing.ts';
import type { DeliverReport, QueuePort } from './ports.ts';
import { createSend, NO_REASON, type SendPorts, type Sent } from './send.ts';
import type { Settler } from './settler.ts';
import { type Budget, createShelf, type Held } from './shelf.ts';
import type { TargetStates } from './target-state.ts';
import { createThroughput } from './throughput.ts';
import { createWaits } from './waits.ts';

export interface Line {
  readonly health: Health;
  /** True where a delivery that is just being accepted may be held in memory. */
  hasRoom(): boolean;
  /** Takes a delivery that was stored a moment ago. */
  accept(leased: LeasedDelivery, scope: EventScope): void;
  /** The store has something for this target: fetch it as soon as there is room. */
  moreIsDue(): void;
  /** True where what waits may stand behind others in an order that the target no longer keeps: only a claim tells. */
  mayStandBehind(): boolean;
  /** Sends what may be sent now. */
  pump(): void;
  configure(target: Target): void;
  /** Gives back what waits here; the store refuses that quietly where someone else has it by now. */
  handBack(): void;
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
  holdsLeases(): boolean;
  onStoreFailure(error: unknown): void;
  onStoreAnswer(): void;
}

const MOST_HELD = 1000;
/** Times its concurrency. */
const OWN_SHARE = 4;
const LARGEST_CLAIM = 500;
export function createLine(first: Target, ports: LinePorts): Line {
  const { queue, settler, states, clock } = ports;
  const { name } = first;
  let target = first;
  let fleet = Math.max(1, ports.fleetSize());
  let pacer = createPacer(target.rate, fleet);
  const health = createHealth({ target: () => target, states, clock, report: ports.report });
  const shelf = createShelf(clock, ports.budget);
  const { waiting: held, underWay: inFlight } = shelf;
  const waits = createWaits(clock);
  const throughput = createThroughput(clock);
  let isMore = false;
  /** Since it was last in an order, nothing has been claimed. */
  let wasOrdered = true;
  let claiming = false;
  let closed = false;
  let rateTimer: Timer | undefined;
  const emptied: (() => void)[] = [];

  const concurrency = (): number => Math.max(1, Math.floor(target.concurrency / fleet));

  /** How many deliveries get their turn while their lease still has time. A target that does not answer is as slow as it has been silent. */
  function capacity(): number {
    const byTime = (concurrency() * LINE_MS * 0.6) / Math.max(throughput.meanMs(), shelf.oldestMs());
    const byRate = target.rate ? (target.rate.count / fleet / target.rate.perMs) * LINE_MS * 0.6 : MOST_HELD;
    return Math.max(1, Math.min(MOST_HELD, Math.floor(Math.min(byTime, byRate))));
  }

  /** A few of each line are always taken, so that the lines that have filled the memory keep nothing from the others. */
  const hasSpace = (): boolean => held.size < OWN_SHARE * concurrency() || !shelf.isBudgetSpent();

  function release(entry: Held): void {
    shelf.take(entry);
    const { progress, round } = entry.leased.delivery;
    finish(entry, { result: { kind: 'released' }, attempts: [], progress, round, requests: null });
  }

  function finish(entry: Held, sent: Sent): void {
    const { result } = sent;
    const { id, rule } = entry.leased.delivery;
    const { receivedAt } = entry.leased.event;
    // another relay waits for what is handed back, and of a key in order the next delivery for this one
    const when = target.orderBy || result.kind === 'released' ? 'now' : 'soon';
    // what is called later must not refer to `entry`: it would keep the whole event until all of a batch is written
    settler.settle(settlementOf(entry, sent), when, (written) => {
      if (written === 'lost') ports.report.leaseLost({ delivery: id, target: name });
      else if (result.kind !== 'released' && result.kind !== 'continued') {
        const reason = result.kind === 'delivered' ? NO_REASON : result.reason;
        const ageMs = Math.max(0, clock.now() - receivedAt);
        ports.report.deliverySettled({ delivery: id, rule, target: name, outcome: result.kind, ...reason, ageMs });
      }
      // The next delivery of the same key can be claimed now.
      if (target.orderBy) isMore = true;
      if (isMore) pump();
    });
  }

  const send = createSend(ports.sending, {
    permit,
    wait: waits.wait,
    mayGoOn,
    writeDown: (entry, sofar) =>
      new Promise((resolve) => {
        settler.settle(settlementOf(entry, sofar), 'now', (result) => resolve(result === 'settled'));
      }),
    judged(verdict, tried) {
      throughput.count();
      health.judged(verdict, tried);
    },
  });

  async function start(entry: Held): Promise<void> {
    shelf.begin(entry);
    const isProbe = health.start();
    const sent = await send(entry, target, isProbe);
    throughput.took(clock.monotonic() - entry.startedAt);
    shelf.take(entry);
    health.end(isProbe);
    finish(entry, sent);
    pump();
    if (inFlight.size === 0) for (const resolve of emptied.splice(0)) resolve();
  }

  function mayGoOn(entry: Held): boolean {
    const isWell = health.breaker() === 'closed' && health.condition().kind === 'running';
    return !closed && isWell && ports.holdsLeases() && hasTime(entry, 0);
  }

  /** Whether the lease will have time for a try in so many milliseconds. */
  function hasTime(entry: Held, inMs: number): boolean {
    return entry.leaseEnds - clock.monotonic() - inMs >= tryMsFor(target);
  }

  async function permit(entry: Held): Promise<boolean> {
    while (mayGoOn(entry)) {
      const ms = pacer.take(clock.monotonic());
      if (ms <= 0) return true;
      if (!hasTime(entry, ms)) return false;
      await waits.wait(ms);
    }
    return false;
  }

  function pump(): void {
    health.announce();
    if (closed) return;
    sendHeld();
    refill();
  }

  function sendHeld(): void {
    if (!ports.holdsLeases()) return;
    for (let entry = held.first; entry; entry = held.first) {
      const most = health.admits(inFlight.size, concurrency());
      if (most === 0 && health.breaker() !== 'probing') {
        releaseAll();
        return;
      }
      if (inFlight.size >= most || settler.isFull()) return;
      if (!hasTime(entry, 0)) {
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
    for (const entry of held.toArray()) release(entry);
  }

  function pumpAfter(ms: number): void {
    rateTimer ??= clock.after(ms, () => {
      rateTimer = undefined;
      pump();
    });
  }

  function refill(): void {
    if (!isMore || claiming || closed || !states.isLoaded() || settler.isFull() || !hasSpace()) return;
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
    const ordered = target.orderBy !== null;
    try {
      const now = clock.now();
      const leased = await queue.claim({
        target: name,
        limit,
        now,
        leaseUntil: now + leaseMsFor(target, ports.sending.quickWaitMs),
        ordered,
        // Leases bound what relays hold in memory; how many requests are under way, each relay bounds by its part.
        concurrency: 2 * MOST_HELD * fleet,
      });
      ports.onStoreAnswer();
      wasOrdered = ordered;
      crashPoint('after-claim', leased.length > 0);
      isMore ||= leased.length >= limit;
      acceptClaimed(leased);
    } catch (error) {
      ports.onStoreFailure(error);
    } finally {
      claiming = false;
    }
    pump();
  }

  /** What is claimed may be here already, or just be written down: after a jump of the wall clock, the store leases it anew. */
  function acceptClaimed(leased: readonly LeasedDelivery[]): void {
    for (const one of settler.adopt(shelf.renew(leased))) shelf.put(one, undefined);
    if (closed) releaseAll();
  }

  return {
    health,
    hasRoom() {
      if (closed || target.orderBy || !states.isLoaded() || settler.isFull()) return false;
      if (health.breaker() !== 'closed' || health.condition().kind !== 'running') return false;
      if (held.size < capacity() && hasSpace()) return true;
      isMore = true;
      return false;
    },
    accept(leased, scope) {
      shelf.put(leased, scope);
      if (closed) releaseAll();
      pump();
    },
    moreIsDue() {
      isMore = true;
      pump();
    },
    mayStandBehind: () => wasOrdered && target.orderBy === null,
    pump,
    handBack: releaseAll,
    configure(next) {
      if (next === target && fleet === Math.max(1, ports.fleetSize())) return;
      fleet = Math.max(1, ports.fleetSize());
      target = next;
      pacer = createPacer(target.rate, fleet, pacer);
      rateTimer?.cancel();
      rateTimer = undefined;
      pump();
    },
    close() {
      closed = true;
      rateTimer?.cancel();
      releaseAll();
      waits.endAll();
      return inFlight.size === 0 ? Promise.resolve() : new Promise((resolve) => emptied.push(resolve));
    },
    counts: () => ({ held: held.size, inFlight: inFlight.size, perSecond: throughput.perSecond() }),
  };
}

function settlementOf({ leased, lease }: Held, { result, attempts, progress, round, requests }: Sent): Settlement {
  return { deliveryId: leased.delivery.id, lease, result, attempts, progress, round, requests };
}

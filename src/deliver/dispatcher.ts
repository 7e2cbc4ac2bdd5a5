/** Sends what is due, a line for each target: takes over deliveries at the door, claims the others from the queue, settles all of them. */
import type { LeasedDelivery } from '../model/delivery.ts';
import type { EventScope } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import { createAttempter } from './attempt.ts';
import { createLookup } from './dns.ts';
import { hastenAll, isHeld } from './hasten-all.ts';
import type { Condition } from './health.ts';
import { createLine, type Line } from './line.ts';
import { createPoll } from './poll.ts';
import type { DispatcherPorts } from './ports.ts';
import { createSettler } from './settler.ts';
import type { Budget } from './shelf.ts';
import { createTargetStates, HEALTHY } from './target-state.ts';

export interface Dispatcher {
  /** True where a delivery to the target that is about to be saved should be held in memory and handed to `dispatch`. */
  hasRoom(target: string): boolean;
  /** Takes deliveries whose lease this relay has held from their insert on. */
  dispatch(held: readonly LeasedDelivery[], scope: EventScope): void;
  /** Begins to look into the queue. Returns at once; may be called once. */
  start(): void;
  /** `targets()` gives something new: lines of targets that are gone hand back what they hold. */
  targetsChanged(): void;
  /** Something may be due now, of one target or of any. */
  wake(target?: string): void;
  /** By an operator; for every relay on the store, and across restarts. */
  pause(target: string): Promise<void>;
  /** Also ends a pause that the target asked for, a stop and an open breaker. What waited for a later try meanwhile is due at once. */
  resume(target: string): Promise<void>;
  /** Takes what relays know of a target out of the store: it has gone for good, and no other will have its name. May be called twice. */
  forget(target: string): Promise<void>;
  status(): readonly TargetStatus[];
  /** Finishes what is under way within `deadlineMs`, hands back the rest, and closes. May be called twice. */
  stop(deadlineMs: number): Promise<void>;
}

export interface TargetStatus {
  readonly target: string;
  readonly state: Condition['kind'];
  readonly breaker: 'closed' | 'open' | 'probing';
  readonly inFlight: number;
  readonly held: number;
  readonly lastError: (Reason & { readonly at: number }) | null;
  /** Epoch milliseconds; null where it is not paused, or only an operator ends it. */
  readonly pausedUntil: number | null;
  /** Requests a second over the last 10 to 20 seconds. */
  readonly rate: number;
}

const QUICK_WAIT_MS = 1000;
const POLL_MS = 1000;

/** Of the time to stop, this part is kept for writing what came of it. */
const WRITING_PART = 0.2;

export function createDispatcher(ports: DispatcherPorts): Dispatcher {
  const { clock, queue, report, shared } = ports;
  const attempter = createAttempter({ clock, lookup: ports.lookup ?? createLookup() });
  const states = createTargetStates({ shared, clock, offsetMs: () => ports.fleetOffsetMs?.() ?? 0 });
  const store = watchStore(report.queueFailed);
  const settler = createSettler({ settle: (batch) => queue.settle(batch), clock, onFailure: store.onStoreFailure });
  const budget: Budget = { entries: 0, bytes: 0 };
  const lines = new Map<string, Line>();
  let stopping: Promise<void> | undefined;

  function lineOf(name: string): Line | undefined {
    const existing = lines.get(name);
    if (existing) return existing;
    const target = ports.targets().get(name);
    if (!target || stopping) return undefined;
    const line = createLine(target, {
      queue,
      settler,
      states,
      clock,
      report,
      budget,
      sending: {
        attempter,
        prepare: ports.prepare,
        ...(ports.traced && { traced: ports.traced }),
        clock,
        random: ports.random,
        report,
        version: ports.version,
        maxHops: ports.maxHops ?? 3,
        quickWaitMs: ports.quickWaitMs ?? QUICK_WAIT_MS,
      },
      fleetSize: () => ports.fleetSize?.() ?? 1,
      holdsLeases: () => ports.leases?.areHeld() ?? true,
      ...store,
    });
    lines.set(name, line);
    return line;
  }

  const poll = createPoll({
    clock,
    everyMs: ports.pollMs ?? POLL_MS,
    due: async () => {
      await states.refresh();
      return queue.due();
    },
    onHint: (listener) => queue.onHint(listener),
    moreIsDue: (target) => lineOf(target)?.moreIsDue(),
    mayBeDue: (target) => lineOf(target)?.mayStandBehind() ?? false,
    afterwards: () => {
      for (const [name, line] of lines) {
        const target = ports.targets().get(name);
        if (target) line.configure(target);
        line.pump();
      }
    },
    ...store,
  });

  function targetsChanged(): void {
    const targets = ports.targets();
    attempter.keepOnly(new Set(targets.keys()));
    for (const [name, line] of lines) {
      const target = targets.get(name);
      if (target) line.configure(target);
      else {
        lines.delete(name);
        void line.close();
      }
    }
    poll.now();
  }

  const stopWatching = ports.leases?.onLost(() => {
    for (const line of lines.values()) line.handBack();
  });

  async function stop(deadlineMs: number): Promise<void> {
    poll.stop();
    stopWatching?.();
    const sent = Promise.all([...lines.values()].map((line) => line.close()));
    await Promise.race([sent, new Promise<void>((resolve) => clock.after(deadlineMs * (1 - WRITING_PART), resolve))]);
    await attempter.destroy();
    // What was cut settles on the next turns of the loop.
    await Promise.race([sent, new Promise<void>((resolve) => clock.after((deadlineMs * WRITING_PART) / 4, resolve))]);
    await settler.drain((deadlineMs * WRITING_PART) / 2);
  }

  return {
    hasRoom: (target) => lineOf(target)?.hasRoom() ?? false,
    dispatch(held, scope) {
      for (const leased of held) lineOf(leased.delivery.target)?.accept(leased, scope);
    },
    start: poll.start,
    targetsChanged,
    wake(target) {
      if (target === undefined) poll.now();
      else lineOf(target)?.moreIsDue();
    },
    async pause(target) {
      await states.change(target, (before) => ({ ...before, paused: true }));
      lines.get(target)?.pump();
    },
    async resume(target) {
      // before anything is sent again: what then fails has its pause
      if (isHeld(states.of(target))) await hastenAll({ queue, target, now: clock.now() }).catch(store.onStoreFailure);
      await states.change(target, () => HEALTHY);
      lineOf(target)?.moreIsDue();
    },
    forget: states.forget,
    status() {
      return [...ports.targets().keys()].flatMap((target) => {
        const line = lineOf(target);
        if (!line) return [];
        const condition = line.health.condition();
        const { held, inFlight, perSecond } = line.counts();
        return {
          target,
          state: condition.kind,
          breaker: line.health.breaker(),
          inFlight,
          held,
          lastError: line.health.lastError,
          pausedUntil: condition.kind === 'paused' ? condition.until : null,
          rate: perSecond,
        };
      });
    },
    stop(deadlineMs) {
      stopping ??= stop(deadlineMs);
      return stopping;
    },
  };
}

/** Says once that the store cannot be reached, until it has answered again. */
function watchStore(say: (error: string) => void) {
  let isAway = false;
  return {
    onStoreFailure(error: unknown) {
      if (!isAway) say(error instanceof Error ? error.message : String(error));
      isAway = true;
    },
    onStoreAnswer() {
      isAway = false;
    },
  };
}

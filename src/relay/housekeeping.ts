/** What a relay does beside events: retention, the backlog's gauges, and a look whether the ledger still balances. */
import type { Clock, Timer } from '../kit/clock.ts';
import type { Labels } from '../observe/happenings.ts';
import type { Metrics } from '../observe/metrics.ts';
import { imbalances } from '../stores/imbalances.ts';
import type { Ledger } from '../stores/store.ts';

const PRUNE_EVERY_MS = 60_000;
const PRUNE_EVENTS = 500;
const SURVEY_EVERY_MS = 10_000;
/** Soon, so that the gauges do not say for long that nothing waits; not at once, so that a start is not held up. */
const FIRST_SURVEY_MS = 1000;

export interface HousekeepingPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly labels: Pick<Labels, 'target'>;
  /** Null keeps. */
  retention(): { readonly ms: number | null; readonly bytes: number | null };
  /** Names of the targets of now. */
  targets(): ReadonlyMap<string, unknown>;
  eventsPruned(events: number): void;
  failed(what: string, error: unknown): void;
}

export interface Housekeeping {
  /** What the last survey found wrong with the sums; empty where they agree. */
  problems(): readonly string[];
  /** Stops the timers; what is under way finishes. */
  stop(): void;
}

export function startHousekeeping(ports: HousekeepingPorts): Housekeeping {
  let problems: readonly string[] = [];
  const survey = repeat(ports.clock, { firstMs: FIRST_SURVEY_MS, everyMs: SURVEY_EVERY_MS }, async () => {
    try {
      const balance = await ports.ledger.balance();
      problems = imbalances(balance);
      ports.metrics.deadLetters.set(balance.deliveries.dead);
      await showBacklog(ports);
    } catch (error) {
      ports.failed('survey', error);
    }
  });
  const prune = repeat(ports.clock, { firstMs: PRUNE_EVERY_MS, everyMs: PRUNE_EVERY_MS }, async () => {
    try {
      await expireGone(ports);
      const events = await pruneAll(ports);
      if (events > 0) ports.eventsPruned(events);
    } catch (error) {
      ports.failed('retention', error);
    }
  });
  return {
    problems: () => problems,
    stop() {
      survey.cancel();
      prune.cancel();
    },
  };
}

/** Deletes in small steps, so that no event waits long behind one of them. */
async function pruneAll({ ledger, clock, retention }: HousekeepingPorts): Promise<number> {
  const { ms, bytes } = retention();
  const before = ms === null ? 0 : clock.now() - ms;
  let events = 0;
  for (;;) {
    const step = await ledger.prune({ before, maxBytes: bytes ?? Number.MAX_SAFE_INTEGER, limit: PRUNE_EVENTS });
    events += step.events;
    if (!step.more) return events;
  }
}

/** Ends what waits for a target that the configuration no longer has, once retention would have deleted it. */
async function expireGone({ ledger, clock, retention, targets }: HousekeepingPorts): Promise<void> {
  const { ms } = retention();
  if (ms === null) return;
  const now = clock.now();
  const known = targets();
  for (const target of (await ledger.backlog()).keys()) {
    if (known.has(target)) continue;
    const reason = { code: 'TARGET_GONE', message: `the configuration has no target "${target}" any more` };
    for (let more = true; more; )
      ({ more } = await ledger.expire({ target, before: now - ms, now, reason, limit: PRUNE_EVENTS }));
  }
}

async function showBacklog({ ledger, clock, metrics, labels }: HousekeepingPorts): Promise<void> {
  const backlog = await ledger.backlog();
  const oldest = new Map<string, number>();
  metrics.waiting.reset();
  metrics.oldestWaiting.reset();
  for (const [name, { waiting, oldestAt }] of backlog) {
    const target = labels.target(name);
    metrics.waiting.inc({ target }, waiting);
    oldest.set(target, Math.min(oldest.get(target) ?? oldestAt, oldestAt));
  }
  for (const [target, at] of oldest) metrics.oldestWaiting.set({ target }, Math.max(0, clock.now() - at) / 1000);
}

/** Does something again and again, each time so long after the last time ended. */
function repeat(
  clock: Clock,
  { firstMs, everyMs }: { readonly firstMs: number; readonly everyMs: number },
  work: () => Promise<void>,
): Timer {
  let timer = clock.after(firstMs, tick);
  let stopped = false;
  function tick(): void {
    void work().finally(() => {
      if (!stopped) timer = clock.after(everyMs, tick);
    });
  }
  return {
    cancel() {
      stopped = true;
      timer.cancel();
    },
  };
}

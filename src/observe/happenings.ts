/** What happens in a relay: one function a happening, which writes its one wide log line and counts it. Nothing else logs. */
import { byLabels, histogramByLabels } from './cells.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface EventFacts {
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

export interface AttemptFacts {
  readonly delivery: string;
  readonly rule: string;
  readonly target: string;
  readonly attempt: number;
  /** 0 where there was no answer. */
  readonly status: number;
  /** `delivered`, `retry` or `dead`. */
  readonly outcome: string;
  /** Stable code of the failure; empty where there was none. */
  readonly code: string;
  readonly message: string;
  readonly durationMs: number;
  /** The attempt's span, where attempts are traced. */
  readonly traceparent?: string;
}

export interface SettledFacts {
  readonly delivery: string;
  readonly rule: string;
  readonly target: string;
  readonly outcome: string;
  readonly code: string;
  readonly message: string;
  /** Since the event was received. */
  readonly ageMs: number;
}

export type Happenings = ReturnType<typeof createHappenings>;

/** Keeps labels to words that do not grow with what comes in. */
export interface Labels {
  /** The event's type where the source can only have so many, else a word for all others. */
  type(event: { readonly source: string; readonly type: string }): string;
  /** The target's name, or a word for all that come and go by themselves. */
  target(name: string): string;
}

export interface HappeningPorts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly labels: Labels;
}

export function createHappenings(ports: HappeningPorts) {
  return { ...doorHappenings(ports), ...deliveryHappenings(ports), ...relayHappenings(ports.log, ports.metrics) };
}

function doorHappenings({ log, metrics, labels }: HappeningPorts) {
  const received = byLabels(metrics.received, 'source');
  const accepted = byLabels(metrics.accepted, 'source', 'type');
  const unmatched = byLabels(metrics.unmatched, 'source', 'type');
  const ack = histogramByLabels(metrics.ack, 'source');
  return {
    eventAccepted(event: EventFacts, deliveries: number) {
      accepted(event.source, labels.type(event)).inc();
      log.write('info', 'event.accepted', { id: event.id, source: event.source, type: event.type, deliveries });
    },
    eventUnmatched(event: EventFacts) {
      accepted(event.source, labels.type(event)).inc();
      unmatched(event.source, labels.type(event)).inc();
      log.write('info', 'event.unmatched', event);
    },
    eventIgnored(event: EventFacts) {
      metrics.ignored.inc({ source: event.source });
      log.write('warn', 'event.ignored', event);
    },
    eventDuplicate(event: EventFacts) {
      metrics.duplicates.inc({ source: event.source, type: labels.type(event) });
      log.write('info', 'event.duplicate', event);
    },
    requestRefused(refusal: {
      readonly source: string;
      readonly code: string;
      readonly status: number;
      readonly address: string;
      readonly path?: string;
      readonly fields?: string;
    }) {
      metrics.rejected.inc({ source: refusal.source, code: refusal.code });
      log.write('warn', 'request.refused', refusal);
    },
    requestAnswered(source: string, durationMs: number) {
      received(source).inc();
      ack(source).observe(durationMs / 1000);
    },
    storeFailed(error: string) {
      log.write('error', 'store.unavailable', { error });
    },
    storeCommitted(writes: number, commitMs: number) {
      metrics.commitSeconds.observe(commitMs / 1000);
      metrics.commitWrites.observe(writes);
    },
  };
}

function deliveryHappenings({ log, metrics, labels }: HappeningPorts) {
  const attempts = byLabels(metrics.attempts, 'target', 'result');
  const attemptSeconds = histogramByLabels(metrics.attemptSeconds, 'target');
  const settled = byLabels(metrics.settled, 'target', 'outcome');
  const endToEnd = histogramByLabels(metrics.endToEnd, 'target');
  return {
    deliveryAttempted(facts: AttemptFacts) {
      const target = labels.target(facts.target);
      attempts(target, facts.outcome).inc();
      attemptSeconds(target).observe(facts.durationMs / 1000);
      log.write(facts.outcome === 'delivered' ? 'debug' : 'warn', 'delivery.attempted', facts);
    },
    deliverySettled(facts: SettledFacts) {
      const target = labels.target(facts.target);
      settled(target, facts.outcome).inc();
      if (facts.outcome === 'delivered') endToEnd(target).observe(facts.ageMs / 1000);
      const { delivery, rule, outcome, code, message, ageMs } = facts;
      const level = outcome === 'dead' ? 'error' : outcome === 'retry' ? 'debug' : 'info';
      const basics = { delivery, rule, target: facts.target, outcome, ageMs };
      log.write(level, `delivery.${outcome}`, code === '' ? basics : { ...basics, code, message });
    },
    leaseLost(facts: { readonly delivery: string; readonly target: string }) {
      metrics.leasesLost.inc({ target: labels.target(facts.target) });
      log.write('warn', 'delivery.lease_lost', facts);
    },
    breakerOpened(facts: { readonly target: string; readonly until: number; readonly reason: string }) {
      log.write('warn', 'target.breaker_opened', { ...facts, until: new Date(facts.until).toISOString() });
    },
    breakerClosed(facts: { readonly target: string }) {
      log.write('info', 'target.breaker_closed', facts);
    },
    targetPaused(facts: { readonly target: string; readonly until: number | null; readonly reason: string }) {
      const until = facts.until === null ? null : new Date(facts.until).toISOString();
      log.write('warn', 'target.paused', { ...facts, until });
    },
    targetResumed(facts: { readonly target: string }) {
      log.write('info', 'target.resumed', facts);
    },
    queueFailed(error: string) {
      log.write('error', 'queue.unavailable', { error });
    },
  };
}

function relayHappenings(log: Log, metrics: Metrics) {
  return {
    relayStarted(facts: Readonly<Record<string, unknown>>) {
      log.write('info', 'relay.started', facts);
    },
    relayStopping(signal: string) {
      log.write('info', 'relay.stopping', { signal });
    },
    relayStopped() {
      log.write('info', 'relay.stopped', {});
      log.flush();
    },
    configReloaded(facts: Readonly<Record<string, unknown>>) {
      metrics.reloads.inc({ result: 'loaded' });
      log.write('needsRestart' in facts ? 'warn' : 'info', 'config.reloaded', facts);
    },
    configRejected(problems: readonly string[]) {
      metrics.reloads.inc({ result: 'rejected' });
      log.write('error', 'config.rejected', { problems });
    },
    eventsPruned(events: number) {
      metrics.pruned.inc(events);
      log.write('info', 'events.pruned', { events });
    },
    registration(facts: Readonly<Record<string, unknown>>, failed: boolean) {
      log.write(failed ? 'warn' : 'info', 'source.registration', facts);
    },
    subscriber(what: string, facts: Readonly<Record<string, unknown>>) {
      log.write(what === 'switched_off' ? 'warn' : 'info', `subscriber.${what}`, facts);
    },
    tracesFailed(reason: string) {
      log.write('warn', 'traces.unavailable', { reason });
    },
    defect(where: string, error: unknown) {
      log.write('error', 'relay.defect', {
        where,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    },
  };
}

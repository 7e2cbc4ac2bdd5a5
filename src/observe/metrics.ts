/** The relay's Prometheus metrics, event-loop lag among them. Labels are names from the configuration or fixed words, never values that an event brings. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** All metrics of one relay, in a registry of their own. */
export function createMetrics() {
  const registry = new Registry();
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `dragoman_${name}`, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `dragoman_${name}`, help, labelNames, registers: [registry] });
  const histogram = (name: string, help: string, labelNames: string[] = [], buckets = SECONDS) =>
    new Histogram({ name: `dragoman_${name}`, help, labelNames, buckets, registers: [registry] });

  collectDefaultMetrics({ register: registry });
  return {
    registry,
    received: counter('events_received_total', 'Requests that a source took, repeats included', ['source']),
    accepted: counter('events_accepted_total', 'Events stored', ['source', 'type']),
    unmatched: counter('events_unmatched_total', 'Events stored that no rule matched', ['source', 'type']),
    ignored: counter('events_ignored_total', 'Events stored of a type that their format does not know', ['source']),
    duplicates: counter('events_duplicate_total', 'Repeats of a stored event', ['source', 'type']),
    rejected: counter('requests_rejected_total', 'Requests refused at the door', ['source', 'code']),
    ack: histogram('ack_seconds', 'From a request to its answer, storing included', ['source']),
    attempts: counter('attempts_total', 'HTTP requests made of targets', ['target', 'result']),
    attemptSeconds: histogram('attempt_seconds', 'From an attempt to the end of its answer', ['target']),
    settled: counter(
      'deliveries_settled_total',
      'Deliveries by what came of a lease; dead also where a filter failed',
      ['target', 'outcome'],
    ),
    endToEnd: histogram('end_to_end_seconds', 'From receipt to the 2xx of the target', ['target']),
    leasesLost: counter('leases_lost_total', 'Outcomes that came after the lease had gone', ['target']),
    waiting: gauge('deliveries_waiting', 'Deliveries that wait', ['target']),
    oldestWaiting: gauge('oldest_waiting_seconds', 'Age of the oldest waiting delivery', ['target']),
    breakerOpen: gauge('breaker_open', '1 while the breaker of a target is open or a probe is under way', ['target']),
    targetPaused: gauge('target_paused', '1 while a target is paused, stopped or disabled', ['target']),
    inFlight: gauge('requests_in_flight', 'Requests of targets that are under way', ['target']),
    deadLetters: gauge('dead_letters', 'Dead letters that are in the store or were when retention came'),
    ledgerProblems: gauge(
      'ledger_problems',
      'Sums of the ledger that do not add up; 0 where every event is accounted for',
    ),
    alarmsOn: gauge('alarms_on', 'Alarms that are on', ['alarm']),
    commitSeconds: histogram('store_commit_seconds', 'Time of a commit, fsync included'),
    commitWrites: histogram(
      'store_commit_writes',
      'Writes that shared a commit',
      [],
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    ),
    reloads: counter('config_reloads_total', 'Configurations loaded while running', ['result']),
    pruned: counter('events_pruned_total', 'Events that retention deleted'),
    build: gauge('build_info', 'Always 1; the version that runs', ['version']),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Drops what was counted of a target that has left for good; nothing may count under its name afterwards. */
export async function forgetTarget({ registry }: Metrics, target: string): Promise<void> {
  for (const { name } of await registry.getMetricsAsJSON()) {
    const metric = registry.getSingleMetric(name);
    const seen = new Map<string, Partial<Record<string, string | number>>>();
    for (const { labels } of (await metric?.get())?.values ?? []) {
      const { le: _, ...own } = labels as Partial<Record<string, string | number>>;
      if (own.target === target) seen.set(JSON.stringify(own), own);
    }
    for (const labels of seen.values()) metric?.remove(labels);
  }
}

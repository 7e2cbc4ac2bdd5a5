/** What went through in the last hour, counted in steps of ten seconds: the overview's picture and its curves. */
import type { Clock } from '../kit/clock.ts';
import { once, oncePerPair } from '../kit/once.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import type { Series } from './schema/overview.ts';

export interface Traffic {
  accepted(source: string, lines: readonly TrafficLine[]): void;
  refused(source: string): void;
  /** A source has been answered after so many milliseconds. */
  answered(durationMs: number): void;
  attempted(facts: { readonly rule: string; readonly target: string; readonly outcome: string }): void;
  settled(facts: {
    readonly rule: string;
    readonly target: string;
    readonly outcome: string;
    readonly ageMs: number;
  }): void;
  /** How often something happened, a minute, over the last five. */
  rates(): (key: string) => number;
  /** How often, over the last hour. */
  hour(): (key: string) => number;
  /** Epoch milliseconds; undefined where no event came since the start. */
  lastEventAt(source: string): number | undefined;
  series(): Series;
}

/** A delivery that an event made. */
export interface TrafficLine {
  readonly rule: string;
  readonly target: string;
  /** Why it died at once: its filter failed. */
  readonly dead: object | null;
}

/** Targets of subscribers come and go. */
const MOST_NAMES = 10_000;

/** The names under which things are counted: sources, rules and targets, or two of them. */
export const trafficKey = {
  source: named('source'),
  refused: named('refused'),
  rule: named('rule'),
  ruleFailed: named('rule-failed'),
  toRule: joined('to-rule'),
  toTarget: joined('to-target'),
  toTargetFailed: joined('to-target-failed'),
  delivered: named('delivered'),
  failed: named('failed'),
  dead: named('dead'),
};

function named(kind: string): (name: string) => string {
  return once((name) => `${kind}/${name}`, MOST_NAMES);
}

function joined(kind: string): (first: string, second: string) => string {
  return oncePerPair((first, second) => `${kind}/${first}/${second}`, MOST_NAMES);
}

interface Step {
  accepted: number;
  refused: number;
  delivered: number;
  failed: number;
  dead: number;
  readonly latency: Histogram;
  readonly ack: Histogram;
  readonly counts: Map<string, number>;
}

const STEP_MS = 10_000;
const STEPS = 360;
const RATE_STEPS = 30;
/** Under a minute of traffic says too little about a minute. */
const SHORTEST_RATE_MS = 60_000;

export function createTraffic(clock: Clock): Traffic {
  const startedAt = clock.monotonic();
  /** The last one is the step of now. */
  const steps: Step[] = [emptyStep()];
  let stepEnds = startedAt + STEP_MS;
  const lastEvents = new Map<string, number>();

  function now(): Step {
    if (clock.monotonic() >= stepEnds) {
      const missing = Math.floor((clock.monotonic() - stepEnds) / STEP_MS) + 1;
      for (let i = 0; i < Math.min(missing, STEPS); i++) steps.push(emptyStep());
      stepEnds += missing * STEP_MS;
      if (steps.length > STEPS) steps.splice(0, steps.length - STEPS);
    }
    return steps.at(-1) as Step;
  }

  function totals(most: number): Map<string, number> {
    now();
    const sums = new Map<string, number>();
    for (const { counts } of steps.slice(-most)) {
      for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
    }
    return sums;
  }

  return {
    accepted(source, lines) {
      const step = now();
      step.accepted++;
      lastEvents.set(source, clock.now());
      count(step, trafficKey.source(source));
      let last: string | undefined; // an event's deliveries come in the order of their rules
      for (const { rule, target, dead } of lines) {
        if (rule !== last) {
          last = rule;
          count(step, trafficKey.rule(rule));
          count(step, trafficKey.toRule(source, rule));
        }
        count(step, trafficKey.toTarget(rule, target));
        if (dead !== null) countDead(step, rule, target);
      }
    },
    refused(source) {
      const step = now();
      step.refused++;
      if (source !== '') count(step, trafficKey.refused(source));
    },
    answered: (durationMs) => now().ack.add(durationMs),
    attempted({ rule, target, outcome }) {
      if (outcome === 'delivered') return;
      const step = now();
      step.failed++;
      count(step, trafficKey.failed(target));
      count(step, trafficKey.toTargetFailed(rule, target));
    },
    settled({ rule, target, outcome, ageMs }) {
      const step = now();
      if (outcome === 'dead') countDead(step, rule, target);
      if (outcome !== 'delivered') return;
      step.delivered++;
      step.latency.add(ageMs);
      count(step, trafficKey.delivered(target));
    },
    rates() {
      const sums = totals(RATE_STEPS);
      const coveredMs = Math.min(
        clock.monotonic() - startedAt,
        (RATE_STEPS - 1) * STEP_MS + STEP_MS - (stepEnds - clock.monotonic()),
      );
      const minutes = Math.max(coveredMs, SHORTEST_RATE_MS) / 60_000;
      return (key) => Math.round(((sums.get(key) ?? 0) / minutes) * 100) / 100;
    },
    hour() {
      const sums = totals(STEPS);
      return (key) => sums.get(key) ?? 0;
    },
    lastEventAt: (source) => lastEvents.get(source),
    series() {
      now();
      const lastFrom = clock.now() - (STEP_MS - (stepEnds - clock.monotonic()));
      return {
        from: new Date(lastFrom - (steps.length - 1) * STEP_MS).toISOString(),
        step_seconds: STEP_MS / 1000,
        accepted: steps.map((step) => step.accepted),
        refused: steps.map((step) => step.refused),
        delivered: steps.map((step) => step.delivered),
        failed: steps.map((step) => step.failed),
        dead: steps.map((step) => step.dead),
        latency_p50_ms: steps.map((step) => step.latency.quantile(0.5)),
        latency_p95_ms: steps.map((step) => step.latency.quantile(0.95)),
        ack_p95_ms: steps.map((step) => step.ack.quantile(0.95)),
      };
    },
  };
}

function countDead(step: Step, rule: string, target: string): void {
  step.dead++;
  count(step, trafficKey.dead(target));
  count(step, trafficKey.ruleFailed(rule));
}

function count(step: Step, key: string): void {
  step.counts.set(key, (step.counts.get(key) ?? 0) + 1);
}

function emptyStep(): Step {
  return {
    accepted: 0,
    refused: 0,
    delivered: 0,
    failed: 0,
    dead: 0,
    latency: createHistogram(),
    ack: createHistogram(),
    counts: new Map(),
  };
}

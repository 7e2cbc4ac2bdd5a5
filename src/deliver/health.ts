/** Whether a target is to be sent to at all: its switch, pauses, 410, and the circuit breaker that follows its failures. */
import type { Clock } from '../kit/clock.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import type { Verdict } from './judge.ts';
import { breakerPauseMs } from './pacing.ts';
import type { DeliverReport } from './ports.ts';
import { fingerprint, type KnownState, stateAt, type TargetStates } from './target-state.ts';

export type Condition =
  | { readonly kind: 'running' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'stopped'; readonly reason: Reason }
  /** `until` is null where an operator paused it. */
  | { readonly kind: 'paused'; readonly until: number | null };

export interface Health {
  condition(): Condition;
  breaker(): 'closed' | 'open' | 'probing';
  /** How many deliveries may be under way: none, one more as a probe, or as many as `concurrency`. */
  admits(underWay: number, concurrency: number): number;
  /** A delivery starts; true where it is the probe of an open breaker. */
  start(): boolean;
  /** It ended, tried or not. */
  end(wasProbe: boolean): void;
  /** What came from a URL that the target no longer has says nothing of the one that it has. */
  judged(verdict: Verdict, tried: { readonly url: string; readonly isProbe: boolean }): void;
  /** Reports what has changed since the last call, by whichever relay. */
  announce(): void;
  readonly lastError: (Reason & { readonly at: number }) | null;
}

export interface HealthPorts {
  readonly target: () => Target;
  readonly states: TargetStates;
  readonly clock: Clock;
  readonly report: DeliverReport;
}

const RUNNING: Condition = { kind: 'running' };
const DISABLED: Condition = { kind: 'disabled' };

export function createHealth({ target, states, clock, report }: HealthPorts): Health {
  const { name } = target();
  let failures = 0;
  let failedUrl = '';
  let probing = false;
  let lastError: (Reason & { readonly at: number }) | null = null;
  let announced: Condition['kind'] = 'running';
  let announcedOpen = false;
  const state = (): KnownState => stateAt(states.of(name), target().url);

  function condition(): Condition {
    const { enabled } = target();
    const { stopped, paused, pausedUntil, pauseEnds } = state();
    if (!enabled) return DISABLED;
    if (stopped) return { kind: 'stopped', reason: stopped.reason };
    if (paused) return { kind: 'paused', until: null };
    const leftMs = pausedUntil === null ? 0 : pauseEnds - clock.monotonic();
    return leftMs > 0 ? { kind: 'paused', until: clock.now() + Math.ceil(leftMs) } : RUNNING;
  }

  function openBreaker(openings: number): void {
    failures = 0;
    const until = clock.now() + breakerPauseMs(target().breaker, openings);
    const url = fingerprint(target().url);
    void states.change(name, (before) => ({ ...before, breaker: { openings, until, url } }));
  }

  function countFailure(wasProbe: boolean): void {
    const { breaker } = state();
    const { url } = target();
    if (url !== failedUrl) failures = 0;
    failedUrl = url;
    if (breaker) {
      // Others may fail that were under way when it opened; only the probe tells how things are now.
      if (wasProbe) openBreaker(breaker.openings + 1);
    } else if (++failures >= target().breaker.failures) openBreaker(1);
  }

  function countAnswer(): void {
    failures = 0;
    if (state().breaker) void states.change(name, (before) => ({ ...before, breaker: null }));
  }

  return {
    condition,
    breaker() {
      if (!state().breaker) return 'closed';
      return probing ? 'probing' : 'open';
    },
    admits(underWay, concurrency) {
      if (condition().kind !== 'running') return 0;
      const { breaker, breakerEnds } = state();
      if (!breaker) return concurrency;
      return probing || clock.monotonic() < breakerEnds ? 0 : underWay + 1;
    },
    start() {
      const isProbe = state().breaker !== null;
      if (isProbe) probing = true;
      return isProbe;
    },
    end(wasProbe) {
      if (wasProbe) probing = false;
    },
    judged(verdict, { url, isProbe }) {
      if (url !== target().url) return;
      const { outcome, pauseTargetUntil, stopTarget } = verdict;
      if (outcome.kind !== 'delivered') lastError = { ...outcome.reason, at: clock.now() };
      if (stopTarget) {
        const stopped = { reason: stopTarget, url: fingerprint(url) };
        void states.change(name, (before) => ({ ...before, stopped }));
      }
      if (pauseTargetUntil !== null) {
        void states.change(name, (before) => {
          const { pausedUntil, pauseEnds } = stateAt(before, url);
          const leftMs = pausedUntil === null ? 0 : Math.max(0, Math.ceil(pauseEnds - clock.monotonic()));
          return {
            ...before,
            pausedUntil: Math.max(pauseTargetUntil, clock.now() + leftMs),
            pausedUrl: fingerprint(url),
          };
        });
      }
      if (verdict.countsAsFailure) countFailure(isProbe);
      else countAnswer();
    },
    announce() {
      const now = condition();
      if (now.kind !== announced) {
        if (now.kind === 'running') report.targetResumed({ target: name });
        else report.targetPaused({ target: name, ...describe(now) });
        announced = now.kind;
      }
      const { breaker } = state();
      if ((breaker !== null) === announcedOpen) return;
      announcedOpen = breaker !== null;
      if (breaker) report.breakerOpened({ target: name, until: breaker.until, reason: lastError?.code ?? 'unknown' });
      else report.breakerClosed({ target: name });
    },
    get lastError() {
      return lastError;
    },
  };
}

function describe(condition: Condition): { readonly until: number | null; readonly reason: string } {
  switch (condition.kind) {
    case 'paused':
      return {
        until: condition.until,
        reason: condition.until === null ? 'paused by an operator' : 'the target asked for it',
      };
    case 'stopped':
      return { until: null, reason: condition.reason.message };
    default:
      return { until: null, reason: condition.kind };
  }
}

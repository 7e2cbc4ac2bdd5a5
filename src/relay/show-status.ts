/** The gauges that say how things are at the moment at which someone asks. */
import type { TargetStatus } from '../deliver/dispatcher.ts';
import type { Labels } from '../observe/happenings.ts';
import type { Metrics } from '../observe/metrics.ts';

export interface StatusOfNow {
  readonly status: readonly TargetStatus[];
  readonly problems: readonly string[];
  /** Names of the alarms that are on, one for each thing that they are on about. */
  readonly alarms: readonly string[];
}

export function showStatus(metrics: Metrics, labels: Labels, { status, problems, alarms }: StatusOfNow): void {
  const { breakerOpen, targetPaused, inFlight, alarmsOn, ledgerProblems } = metrics;
  for (const gauge of [breakerOpen, targetPaused, inFlight, alarmsOn]) gauge.reset();
  for (const one of status) {
    const target = labels.target(one.target);
    breakerOpen.inc({ target }, one.breaker === 'closed' ? 0 : 1);
    targetPaused.inc({ target }, one.state === 'running' ? 0 : 1);
    inFlight.inc({ target }, one.inFlight);
  }
  for (const alarm of alarms) alarmsOn.inc({ alarm });
  ledgerProblems.set(problems.length);
}

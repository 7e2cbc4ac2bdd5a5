/** The targets as the admin API shows them: what is configured, without what nobody may see, and how the dispatcher finds them. */
import type { TargetFacts } from '../admin/api-ports.ts';
import { maskUrl } from '../admin/mask.ts';
import { iso } from '../admin/present-event.ts';
import type { TargetStatus } from '../deliver/dispatcher.ts';
import type { Target } from '../model/target.ts';

export interface TargetsOfNow {
  /** As they are dialled. */
  readonly targets: ReadonlyMap<string, Target>;
  /** As they are written: `inspector:NAME` among their URLs. */
  readonly configured: readonly Target[];
  readonly status: readonly TargetStatus[];
}

export function presentTargets({ targets, configured, status }: TargetsOfNow): TargetFacts[] {
  const statuses = new Map(status.map((one) => [one.target, one]));
  const urls = new Map(configured.map(({ name, url }) => [name, url]));
  return [...targets.values()].map((target) =>
    presentTarget(target, { status: statuses.get(target.name), url: urls.get(target.name) ?? target.url }),
  );
}

function presentTarget(
  target: Target,
  { status, url }: { readonly status: TargetStatus | undefined; readonly url: string },
): TargetFacts {
  const inspector = /^inspector:(.+)$/.exec(url)?.[1] ?? null;
  const { rate, orderBy } = target;
  return {
    name: target.name,
    format: target.format,
    kind: target.trust,
    url: inspector === null ? maskUrl(url) : url,
    inspector,
    state: status?.state ?? (target.enabled ? 'running' : 'disabled'),
    breaker: status?.breaker ?? 'closed',
    paused_until: status?.pausedUntil == null ? null : iso(status.pausedUntil),
    in_flight: status?.inFlight ?? 0,
    held: status?.held ?? 0,
    rate: Math.round((status?.rate ?? 0) * 100) / 100,
    last_error: status?.lastError ? { ...status.lastError, at: iso(status.lastError.at) } : null,
    concurrency: target.concurrency,
    rate_limit: rate && { count: rate.count, per_ms: rate.perMs },
    order_by: orderBy?.join('.') ?? null,
    signed: target.sign.length > 0,
  };
}

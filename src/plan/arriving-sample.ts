/** Finds a documented sample that the rules of a plan bring to a target: what a new relay is best tried with. */
import { formats } from '../formats/index.ts';
import { sampleRequest } from '../formats/sample.ts';
import type { EventScope } from '../model/event.ts';
import type { Sample } from '../model/format.ts';
import type { Source } from '../model/source.ts';
import { buildScope } from '../receive/scope.ts';
import type { Plan } from './plan.ts';
import { NO_EVENT_ID } from './test-mapping.ts';

export interface ArrivingSample {
  readonly source: Source;
  readonly sample: Sample;
  /** The first target that it reaches. */
  readonly target: string;
}

/** The first sample of the first source from which a request comes out; undefined where there is none. Pure; `now` is epoch milliseconds. */
export function findArrivingSample(plan: Plan, now: number): ArrivingSample | undefined {
  for (const source of plan.config.sources) {
    const { events = {} } = formats.get(source.format) ?? {};
    if (!source.enabled) continue;
    for (const sample of Object.values(events).flatMap(({ samples }) => samples)) {
      const scope = scopeOf(sample, { source, plan, now });
      const target = scope && targetOf(scope, plan);
      if (target !== undefined) return { source, sample, target };
    }
  }
  return undefined;
}

interface Received {
  readonly source: Source;
  readonly plan: Plan;
  readonly now: number;
}

function scopeOf(sample: Sample, { source, plan, now }: Received): EventScope | undefined {
  const request = sampleRequest(sample, now);
  const reading = formats.get(source.format)?.read(request, source.options);
  if (reading?.kind !== 'event') return undefined;
  const { event } = reading;
  const envelope = { id: NO_EVENT_ID, source: source.name, format: source.format, receivedAt: now, ...event };
  return buildScope({ envelope, request, recognised: event, params: plan.config.params });
}

function targetOf(scope: EventScope, { config, mappings, router }: Plan): string | undefined {
  const names = new Set(config.targets.filter(({ enabled }) => enabled).map(({ name }) => name));
  for (const { rule, failed } of router.route(scope)) {
    if (failed) continue;
    for (const { target, mappings: byFormat } of rule.lines) {
      const name = byFormat.get(scope.event.format) ?? null;
      const isSent = name === null || mappings.get(name)?.translate(scope).kind === 'emitted';
      if (isSent && names.has(target)) return target;
    }
  }
  return undefined;
}

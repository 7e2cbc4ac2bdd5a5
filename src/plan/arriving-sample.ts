/** Finds a documented sample that the rules of a plan bring to a target: what a new relay is best tried with. */
import { formats } from '../formats/index.ts';
import { sampleRequest } from '../formats/sample.ts';
import type { EventScope } from '../model/event.ts';
import type { Sample } from '../model/format.ts';
import type { Source } from '../model/source.ts';
import { routeEvent } from './journey.ts';
import type { Plan } from './plan.ts';
import { unsavedScope } from './unsaved-scope.ts';

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
  const { name, format } = source;
  return unsavedScope({ source: name, format, event: reading.event, request, params: plan.config.params });
}

function targetOf(scope: EventScope, plan: Plan): string | undefined {
  const enabled = plan.config.targets.filter((target) => target.enabled);
  const targets = new Map(enabled.map((target) => [target.name, target]));
  const isSent = (mapping: string | null): boolean =>
    mapping === null || plan.mappings.get(mapping)?.translate(scope).kind === 'emitted';
  const deliveries = routeEvent({ plan, scope, targets, subscribers: [] });
  return deliveries.find(({ target, mapping, dead }) => !dead && targets.has(target) && isSent(mapping))?.target;
}

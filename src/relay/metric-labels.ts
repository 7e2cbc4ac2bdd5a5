/** The labels of metrics: words of the configuration and of the formats, and subscribers while they are there; never of an event. */
import { formats } from '../formats/index.ts';
import { SUBSCRIBERS } from '../model/target.ts';
import type { Labels } from '../observe/happenings.ts';
import type { Plan } from '../plan/plan.ts';
import { subscriberIdOf } from '../subscriptions/subscriber.ts';

const OTHER = 'other';
/** For targets that the configuration no longer has. */
const GONE = 'gone';

/** Follows the plan of now; asks it anew whenever it is another one. There are never more targets than the configuration allows. */
export function metricLabels(plan: () => Plan, targets: () => ReadonlyMap<string, unknown>): Labels {
  let known: { readonly plan: Plan; readonly types: ReadonlyMap<string, ReadonlySet<string>> } | undefined;
  const typesOfNow = () => {
    const now = plan();
    if (known?.plan !== now) known = { plan: now, types: typesOf(now) };
    return known.types;
  };
  return {
    type: ({ source, type }) => (typesOfNow().get(source)?.has(type) ? type : OTHER),
    // ids of subscribers that have left are never used again
    target: (name) => (targets().has(name) ? name : subscriberIdOf(name) === undefined ? GONE : SUBSCRIBERS),
  };
}

/** What a source's format defines; of one that takes any type, and of the relay's own source, what rules name. */
function typesOf({ config, rules }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const named = (source: string): string[] =>
    rules.flatMap(({ sources, types }) => (sources === null || sources.includes(source) ? (types ?? []) : []));
  const sources = new Set([...config.sources.map(({ name }) => name), ...rules.flatMap((rule) => rule.sources ?? [])]);
  return new Map(
    [...sources].map((source) => {
      const format = formats.get(config.sources.find(({ name }) => name === source)?.format ?? 'json');
      const types = !format || format.open ? named(source) : Object.keys(format.events);
      return [source, new Set(types)];
    }),
  );
}

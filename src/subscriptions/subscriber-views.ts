/** The table of subscribers as others need it: as targets for delivery, and with the events that each gets for the rules. */
import type { Target } from '../model/target.ts';
import { byId, eventsOf, type Subscriber, targetNameOf } from './subscriber.ts';
import { subscriberTarget, type TargetSettings } from './subscriber-target.ts';

/** A subscriber as a rule's target; `events` are those that it gets. */
export interface Subscribed {
  readonly name: string;
  readonly events: ReadonlySet<string>;
}

export type SubscriberTable = ReadonlyMap<string, Subscriber>;

interface ViewPorts {
  settings(): TargetSettings | null;
  readonly eventTypes: readonly string[];
}

export interface Views {
  /** Those that are switched on. */
  readonly subscribed: readonly Subscribed[];
  readonly targets: readonly Target[];
}

/** A target stays the same object as long as nothing about it changes: its line goes on undisturbed. `last` is of the same settings. */
export function viewsOf(table: SubscriberTable, { settings, eventTypes }: ViewPorts, last?: Views): Views {
  const now = settings();
  if (!now) return { subscribed: [], targets: [] };
  const all = [...table.values()].toSorted(byId);
  const before = new Map(last?.targets.map((target) => [target.name, target]));
  const targets = all.map((one) => {
    const was = before.get(targetNameOf(one.id));
    return was?.url === one.uri && was.enabled === (one.off === null) ? was : subscriberTarget(one, now);
  });
  const subscribed = all
    .filter(({ off }) => off === null)
    .map((one) => ({ name: targetNameOf(one.id), events: new Set(eventsOf(one, eventTypes)) }));
  return { subscribed, targets };
}

export function isSameTable(a: SubscriberTable, b: SubscriberTable): boolean {
  return a.size === b.size && [...a].every(([id, one]) => isSame(one, b.get(id)));
}

/** Both come from the store or were made in the same order of fields. */
function isSame(a: Subscriber, b: Subscriber | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

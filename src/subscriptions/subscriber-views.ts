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
  readonly subscribed: readonly Subscribed[];
  readonly targets: readonly Target[];
  readonly made: ReadonlyMap<Subscriber, Target>;
}

/** A target stays the same object as long as its subscriber does: its line goes on undisturbed. */
export function viewsOf(table: SubscriberTable, ports: ViewPorts, last?: Views): Views {
  const settings = ports.settings();
  if (!settings) return { subscribed: [], targets: [], made: new Map() };
  const all = [...table.values()].toSorted(byId);
  const made = new Map(all.map((one) => [one, last?.made.get(one) ?? subscriberTarget(one, settings)]));
  const subscribed = all
    .filter(({ off }) => off === null)
    .map((one) => ({ name: targetNameOf(one.id), events: new Set(eventsOf(one, ports.eventTypes)) }));
  return { subscribed, targets: [...made.values()], made };
}

/** Whether two tables say the same; what is the same in `next` is made the object that it was. */
export function isSame(before: SubscriberTable, next: SubscriberTable): boolean {
  let same = before.size === next.size;
  for (const [id, one] of next) {
    const was = before.get(id);
    if (was === one) continue;
    if (was && JSON.stringify(was) === JSON.stringify(one)) (next as Map<string, Subscriber>).set(id, was);
    else same = false;
  }
  return same;
}

/** A subscriber: where it wants its events, which ones, and whether it still takes them. As it is kept in the shared state. */

/** `all` also means event types that the format gains later. */
export type WantedEvents = 'all' | readonly string[];

export interface Subscriber {
  /** Digits, never used again: `123456`. */
  readonly id: string;
  readonly uri: string;
  readonly events: WantedEvents;
  /** Epoch milliseconds, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The first of the failures since the last success; null where the last try was one, or there was none. */
  readonly failingSince: number | null;
  /** Why it was switched off; null where it is on. */
  readonly off: SwitchedOff | null;
}

export interface SwitchedOff {
  readonly at: number;
  readonly code: string;
  readonly message: string;
}

/** What a subscriber says of itself. */
export type Subscription = Pick<Subscriber, 'uri' | 'events'>;

const TARGET_PREFIX = 'subscriber:';

/** The name of a subscriber's target. A configured target cannot have one like it. */
export function targetNameOf(id: string): string {
  return TARGET_PREFIX + id;
}

/** The subscriber's id in the name of a target; undefined where the target is no subscriber's. */
export function subscriberIdOf(target: string): string | undefined {
  return target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : undefined;
}

/** The event types that it gets: none while it is switched off. In the order of the format. */
export function eventsOf({ events, off }: Subscriber, eventTypes: readonly string[]): readonly string[] {
  if (off) return [];
  return events === 'all' ? eventTypes : eventTypes.filter((type) => events.includes(type));
}

/** What another version of this program has written may lack a field. */
type Stored = Partial<Subscriber>;

/** The subscriber in a stored text; undefined where there is none in it. */
export function parseSubscriber(id: string, text: string): Subscriber | undefined {
  try {
    const { uri, events, createdAt = 0, updatedAt = 0, failingSince = null, off = null } = JSON.parse(text) as Stored;
    if (typeof uri !== 'string' || events === undefined) return undefined;
    return { id, uri, events, createdAt, updatedAt, failingSince, off };
  } catch {
    return undefined;
  }
}

export function subscriberText({ id: _, ...stored }: Subscriber): string {
  return JSON.stringify(stored);
}

/** By age: ids are given in ascending order. */
export function byId(a: Subscriber, b: Subscriber): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/** Subscribers in the state that all relays share: each under a key of its own, changed only by whoever knows its last version. */
import { parseSubscriber, type Subscriber, subscriberText } from './subscriber.ts';

/** The part of the store's shared state that subscriptions use, with the same promises. */
export interface SharedStatePort {
  list(prefix: string): Promise<readonly { readonly key: string; readonly value: string; readonly version: number }[]>;
  put(key: string, value: string | null, version: number): Promise<boolean>;
}

export interface SubscriberStore {
  /** All of them, as they are stored now. */
  all(): Promise<Map<string, Subscriber>>;
  /** Gives the next id to no one else, ever. */
  nextId(): Promise<string>;
  insert(subscriber: Subscriber): Promise<void>;
  /**
   * Puts what `change` makes of a stored subscriber in its place; null deletes it, the same object leaves it. `change` is asked again where
   * someone else was first. Resolves with both sides; undefined where there is no such subscriber.
   */
  modify(id: string, change: (before: Subscriber) => Subscriber | null): Promise<Modified | undefined>;
}

export interface Modified {
  readonly before: Subscriber;
  readonly after: Subscriber | null;
}

const PREFIX = 'subscriber/';
const COUNTER = 'subscribers-next-id';
const FIRST_ID = 100_001;
/** Each lost race means that someone else has won one. */
const MOST_RACES = 100;

export function createSubscriberStore(shared: SharedStatePort): SubscriberStore {
  const rowOf = async (key: string) => (await shared.list(key)).find((row) => row.key === key);
  return {
    async all() {
      const found = new Map<string, Subscriber>();
      for (const { key, value } of await shared.list(PREFIX)) {
        const subscriber = parseSubscriber(key.slice(PREFIX.length), value);
        if (subscriber) found.set(subscriber.id, subscriber);
      }
      return found;
    },
    async nextId() {
      for (let race = 0; race < MOST_RACES; race++) {
        const row = await rowOf(COUNTER);
        const id = row ? Number(row.value) : FIRST_ID;
        if (await shared.put(COUNTER, String(id + 1), row?.version ?? 0)) return String(id);
      }
      throw contended();
    },
    async insert(subscriber) {
      if (!(await shared.put(PREFIX + subscriber.id, subscriberText(subscriber), 0))) throw contended();
    },
    async modify(id, change) {
      for (let race = 0; race < MOST_RACES; race++) {
        const row = await rowOf(PREFIX + id);
        const before = row && parseSubscriber(id, row.value);
        if (!row || !before) return undefined;
        const after = change(before);
        if (after === before) return { before, after };
        if (await shared.put(row.key, after && subscriberText(after), row.version)) return { before, after };
      }
      throw contended();
    },
  };
}

function contended(): Error {
  return new Error('too many relays change the subscribers at once');
}

/** Subscribers in the state that all relays share: each under a key of its own, changed only by whoever knows its last version. */
import { modifyShared, type SharedState } from '../kit/shared-state.ts';
import { parseSubscriber, type Subscriber, subscriberText } from './subscriber.ts';

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

export function createSubscriberStore(shared: SharedState): SubscriberStore {
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
      const next = await modifyShared(shared, COUNTER, (value) => String(Number(value ?? FIRST_ID) + 1));
      return String(Number(next) - 1);
    },
    async insert(subscriber) {
      const isNew = await shared.put(PREFIX + subscriber.id, subscriberText(subscriber), 0);
      if (!isNew) throw new Error(`there is a subscriber ${subscriber.id} already`);
    },
    async modify(id, change) {
      let modified: Modified | undefined;
      await modifyShared(shared, PREFIX + id, (text) => {
        const before = text === null ? undefined : parseSubscriber(id, text);
        modified = before && { before, after: change(before) };
        if (!modified || modified.after === before) return text;
        return modified.after && subscriberText(modified.after);
      });
      return modified;
    },
  };
}

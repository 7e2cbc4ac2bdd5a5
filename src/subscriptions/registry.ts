/** The subscribers as rules and targets see them: a table in memory that follows the store, and the ways to change it. */
import type { Clock, Timer } from '../kit/clock.ts';
import type { SharedState } from '../kit/shared-state.ts';
import type { Target } from '../model/target.ts';
import { createAttemptNotes } from './attempt-notes.ts';
import { type AttemptNote, noteAttempt } from './note-attempt.ts';
import { byId, eventsOf, type Subscriber, type Subscription, subscriberIdOf, targetNameOf } from './subscriber.ts';
import { createSubscriberStore, type Modified } from './subscriber-store.ts';
import { isSameTable, type Subscribed, viewsOf } from './subscriber-views.ts';

export interface RegistrySettings {
  readonly format: string;
  /** CIDRs. */
  readonly allowPrivate: readonly string[];
  /** Subscribers at most. */
  readonly limit: number;
  readonly switchOffAfterMs: number;
}

export interface RegistryPorts {
  readonly shared: SharedState;
  readonly clock: Clock;
  /** Of the configuration of now; null where nobody can subscribe. */
  settings(): RegistrySettings | null;
  /** The event types of the format. */
  readonly eventTypes: readonly string[];
  /** `targets()` and `subscribed()` give something new. */
  changed(): void;
  /** A subscriber has updated itself: that its target said 410 is over. */
  renewed(target: string, wasOff: boolean): void;
  /** A subscriber has left; nothing more goes to its target. */
  left(target: string): void;
  report(what: SubscriberHappening, facts: SubscriberFacts): void;
  /** A subscriber's state could not be written; it is tried again. */
  failed(error: unknown): void;
}

export type SubscriberHappening = 'created' | 'updated' | 'removed' | 'switched_off' | 'switched_on';

export interface SubscriberFacts {
  readonly target: string;
  readonly events: readonly string[];
  readonly code?: string;
  readonly message?: string;
}

export interface Registry {
  /** Takes over what is stored now; rejects as the store does. */
  refresh(): Promise<void>;
  /** Begins to follow the store, a look each second. May be called once. */
  start(): void;
  stop(): void;
  /** The settings are others now. */
  settingsChanged(): void;
  /** Those that are switched on. */
  subscribed(): readonly Subscribed[];
  /** One for each subscriber; disabled while it is switched off. */
  targets(): readonly Target[];
  /** All of them by age, switched off or not, as this relay knows them. */
  list(): readonly Subscriber[];
  create(
    wanted: Subscription,
  ): Promise<{ readonly kind: 'created'; readonly subscriber: Subscriber } | { kind: 'full' }>;
  /** Also switches on again; undefined where there is none with this id. */
  update(id: string, wanted: Subscription): Promise<Subscriber | undefined>;
  /** Takes events off, or all of it where `events` is `all`; one without events left is deleted. False where there is none. */
  remove(id: string, events: 'all' | readonly string[]): Promise<boolean>;
  /** A try to deliver to a target, whoever's it is. */
  attempted(target: string, note: AttemptNote): void;
}

const FOLLOW_MS = 1000;

export function createRegistry(ports: RegistryPorts): Registry {
  const { clock, eventTypes } = ports;
  const store = createSubscriberStore(ports.shared);
  let table: ReadonlyMap<string, Subscriber> = new Map();
  let views = viewsOf(table, ports);
  /** Local writes so far: a list that began before one of them is out of date. */
  let writes = 0;
  let lists = 0;
  let newestList = 0;
  let timer: Timer | undefined;
  let stopped = false;
  const notes = createAttemptNotes({ write: writeNote, failed: ports.failed });

  function show(next: ReadonlyMap<string, Subscriber>): void {
    if (isSameTable(table, next)) return;
    table = next;
    views = viewsOf(table, ports, views);
    ports.changed();
  }

  async function refresh(): Promise<void> {
    for (let again = true; again; ) {
      const number = ++lists;
      const before = writes;
      const all = await store.all();
      again = before !== writes;
      if (again || number < newestList) continue;
      newestList = number;
      show(all);
    }
  }

  function follow(): void {
    timer = clock.after(FOLLOW_MS, () => {
      const work = ports.settings() === null ? Promise.resolve() : refresh().then(notes.flush);
      // Whoever needs the store says that it is away; the table stays as it was.
      void work.catch(() => undefined).finally(() => stopped || follow());
    });
  }

  function showOne(id: string, subscriber: Subscriber | null): void {
    writes++;
    const next = new Map(table);
    if (subscriber) next.set(id, subscriber);
    else next.delete(id);
    show(next);
  }

  async function modify(id: string, change: (before: Subscriber) => Subscriber | null): Promise<Modified | undefined> {
    const modified = await store.modify(id, change);
    if (!modified) showOne(id, null);
    else if (modified.after !== modified.before) showOne(id, modified.after);
    return modified;
  }

  function report(what: SubscriberHappening, subscriber: Subscriber): void {
    const { code, message } = subscriber.off ?? {};
    const why = code === undefined || message === undefined ? {} : { code, message };
    ports.report(what, { target: targetNameOf(subscriber.id), events: eventsOf(subscriber, eventTypes), ...why });
  }

  async function writeNote(id: string, note: AttemptNote): Promise<void> {
    const settings = ports.settings();
    if (!settings) return;
    const modified = await modify(id, (before) => noteAttempt(before, note, settings.switchOffAfterMs));
    if (modified?.after?.off && !modified.before.off) report('switched_off', modified.after);
  }

  return {
    refresh,
    start: follow,
    stop() {
      stopped = true;
      timer?.cancel();
    },
    settingsChanged() {
      views = viewsOf(table, ports);
      ports.changed();
    },
    subscribed: () => views.subscribed,
    targets: () => views.targets,
    list: () => [...table.values()].toSorted(byId),
    async create({ uri, events }) {
      const limit = ports.settings()?.limit ?? 0;
      if ((await store.all()).size >= limit) return { kind: 'full' };
      const now = clock.now();
      const id = await store.nextId();
      const subscriber = { id, uri, events, createdAt: now, updatedAt: now, failingSince: null, off: null };
      await store.insert(subscriber);
      // Of two that were created at the same moment on the last place, neither stays: the limit holds over all relays.
      if ((await store.all()).size > limit) {
        await modify(id, () => null);
        ports.left(targetNameOf(id)); // a relay that looked meanwhile has deliveries for it
        return { kind: 'full' };
      }
      showOne(id, subscriber);
      report('created', subscriber);
      return { kind: 'created', subscriber };
    },
    async update(id, { uri, events }) {
      const now = clock.now();
      const modified = await modify(id, (before) => ({
        ...before,
        uri,
        events,
        updatedAt: now,
        failingSince: null,
        off: null,
      }));
      if (!modified?.after) return undefined;
      report(modified.before.off ? 'switched_on' : 'updated', modified.after);
      ports.renewed(targetNameOf(id), modified.before.off !== null);
      return modified.after;
    },
    async remove(id, taken) {
      const modified = await modify(id, (before) => {
        if (taken === 'all') return null;
        const had = before.events === 'all' ? eventTypes : before.events;
        const events = had.filter((type) => !taken.includes(type));
        if (events.length === 0) return null;
        return events.length === had.length ? before : { ...before, events };
      });
      if (!modified) return false;
      if (modified.after === null) {
        report('removed', modified.before);
        ports.left(targetNameOf(id));
      } else if (modified.after !== modified.before) report('updated', modified.after);
      return true;
    },
    attempted(target, note) {
      const id = subscriberIdOf(target);
      const subscriber = id === undefined ? undefined : table.get(id);
      const settings = ports.settings();
      if (!subscriber || !settings) return;
      const noted = noteAttempt(subscriber, note, settings.switchOffAfterMs);
      if (noted === subscriber) return;
      notes.add(subscriber.id, noted.off ? 'off' : noted.failingSince === null ? 'well' : 'failing', note);
    },
  };
}

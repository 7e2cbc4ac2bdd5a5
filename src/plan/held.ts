/** Why a delivery that waits is not being sent, by what the store has: as the commands and the admin side both say it. */
import { type Hold, holdOf, type Looked } from '../deliver/hold.ts';
import { HEALTHY, storedTargetStates } from '../deliver/target-state.ts';
import { formatDuration } from '../kit/duration.ts';
import { showTime } from '../kit/shown.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Rate } from '../model/source.ts';
import type { Target } from '../model/target.ts';
import type { Ledger, Store } from '../stores/store.ts';
import { subscriberIdOf } from '../subscriptions/subscriber.ts';

export interface Held {
  readonly reason: Hold['kind'] | 'behind' | 'rate';
  /** Epoch milliseconds; null where someone has to end it, or other deliveries. */
  readonly until: number | null;
  /** The delivery that comes first, else null. */
  readonly behind: string | null;
  /** A sentence without its full stop, with what to do. */
  readonly message: string;
}

/** By the delivery's id; without those that have been finished, or wait for their time only. */
export type HeldOnes = ReadonlyMap<string, Held>;

export type HeldTarget = NonNullable<Looked['target']> & Pick<Target, 'orderBy' | 'rate'>;

/** What is due no longer than this is on its way. */
const SLACK_MS = 5000;

export interface Around {
  readonly store: Pick<Store, 'shared'> & { readonly ledger: Pick<Ledger, 'ahead'> };
  readonly targets: ReadonlyMap<string, HeldTarget>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Rejects as the store does; of deliveries of which none waits it asks nothing. */
export async function heldAmong(deliveries: readonly Delivery[], { store, targets, now }: Around): Promise<HeldOnes> {
  const waiting = deliveries.filter(({ state }) => state === 'waiting');
  if (waiting.length === 0) return new Map();
  const ordered = waiting.filter(({ target, orderKey }) => orderKey !== null && targets.get(target)?.orderBy);
  const [states, ahead] = await Promise.all([
    storedTargetStates(store.shared),
    ordered.length > 0 ? store.ledger.ahead(ordered.map(({ id }) => id)) : new Map<string, string>(),
  ]);
  const held = new Map<string, Held>();
  for (const { id, target, dueAt } of waiting) {
    const known = targets.get(target);
    const hold = holdOf({ target: known, state: states.get(target) ?? HEALTHY, dueAt, now });
    const first = ahead.get(id);
    if (hold) held.set(id, heldBy(hold, target));
    else if (first !== undefined) held.set(id, heldBehind(first));
    else if (known?.rate && dueAt + SLACK_MS < now) held.set(id, heldByRate(target, known.rate));
  }
  return held;
}

function heldBy(hold: Hold, target: string): Held {
  return { reason: hold.kind, until: 'until' in hold ? hold.until : null, behind: null, message: say(hold, target) };
}

function heldByRate(target: string, { count, perMs }: Rate): Held {
  const rate = `${count}/${formatDuration(perMs).replace(/^1(?=\D)/, '')}`;
  return {
    reason: 'rate',
    until: null,
    behind: null,
    message: `target ${target} takes ${rate}, and others come first`,
  };
}

function heldBehind(first: string): Held {
  const message = `${first} has the same order key and comes first: dragoman show ${first}`;
  return { reason: 'behind', until: null, behind: first, message };
}

function say(hold: Hold, name: string): string {
  const isSubscriber = subscriberIdOf(name) !== undefined;
  const target = isSubscriber ? name : `target ${name}`;
  const resume = `dragoman targets resume ${quoted(name)}`;
  switch (hold.kind) {
    case 'gone':
      return isSubscriber ? `${target} is no longer subscribed` : `${target} is no longer in the configuration`;
    case 'disabled':
      return isSubscriber ? `${target} is switched off: dragoman subscribers says why` : switchedOff(name);
    case 'stopped':
      return `${target} is stopped: ${hold.reason.message.replace(/^the target /, 'it ')}; ${resume}`;
    case 'paused':
      return `${target} is paused by an operator; ${resume}`;
    case 'asked':
      return `${target} asked for a pause until ${showTime(hold.until)}`;
    case 'breaker_open':
      return `${target} failed too often: its breaker is open until ${showTime(hold.until)}`;
    default:
      return hold satisfies never;
  }
}

/** Of a target of the configuration. */
export function switchedOff(name: string): string {
  return `target ${name} is switched off: it has "enabled: false" in the configuration`;
}

/** As a shell takes it for one word. */
function quoted(name: string): string {
  return /^[\w.:@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}

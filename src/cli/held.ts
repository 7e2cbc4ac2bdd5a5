/** Why a delivery that waits is not being sent, for the commands that look at the store beside a relay. */
import type { ConfigDraft } from '../config/draft.ts';
import { type Hold, holdOf } from '../deliver/hold.ts';
import { HEALTHY, storedTargetStates } from '../deliver/target-state.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Store } from '../stores/store.ts';
import { subscriberIdOf } from '../subscriptions/subscriber.ts';
import { storedTargets } from './stored-targets.ts';
import { showTime } from './terminal.ts';

export interface Held {
  readonly reason: Hold['kind'];
  /** Epoch milliseconds; null where someone has to end it. */
  readonly until: number | null;
  /** A sentence without its full stop, with what to do. */
  readonly message: string;
}

/** By the delivery's id; without those that have been finished, or wait for their time or their turn only. */
export type HeldOnes = ReadonlyMap<string, Held>;

export async function heldAmong(
  deliveries: readonly Delivery[],
  { store, config, now }: { readonly store: Pick<Store, 'shared'>; readonly config: ConfigDraft; readonly now: number },
): Promise<HeldOnes> {
  const waiting = deliveries.filter(({ state }) => state === 'waiting');
  if (waiting.length === 0) return new Map();
  const [states, targets] = await Promise.all([storedTargetStates(store.shared), storedTargets(config, store)]);
  const held = new Map<string, Held>();
  for (const { id, target, dueAt } of waiting) {
    const state = states.get(target) ?? HEALTHY;
    const hold = holdOf({ target: targets.get(target), state, dueAt, now });
    if (hold)
      held.set(id, { reason: hold.kind, until: 'until' in hold ? hold.until : null, message: say(hold, target) });
  }
  return held;
}

/** When a waiting delivery that nothing holds is tried: no time that has passed is called the next one. */
export function nextTry({ dueAt }: Delivery, now: number): string {
  return dueAt > now ? showTime(dueAt) : `when its turn comes, due since ${showTime(dueAt)}`;
}

function say(hold: Hold, name: string): string {
  const isSubscriber = subscriberIdOf(name) !== undefined;
  const target = isSubscriber ? name : `target ${name}`;
  const resume = `dragoman targets resume ${quoted(name)}`;
  switch (hold.kind) {
    case 'gone':
      return isSubscriber ? `${target} is no longer subscribed` : `${target} is no longer in the configuration`;
    case 'disabled':
      return isSubscriber
        ? `${target} is switched off: dragoman subscribers says why`
        : `${target} is switched off: it has "enabled: false" in the configuration`;
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

/** As a shell takes it for one word. */
function quoted(name: string): string {
  return /^[\w.:@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}

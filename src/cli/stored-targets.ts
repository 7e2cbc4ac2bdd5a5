/** The targets that a configuration and a store know, for the commands: those that are configured, and the subscribers. */
import type { ConfigDraft } from '../config/draft.ts';
import type { HeldTarget } from '../plan/held.ts';
import type { Store } from '../stores/store.ts';
import { targetNameOf } from '../subscriptions/subscriber.ts';
import { createSubscriberStore } from '../subscriptions/subscriber-store.ts';

export interface KnownTarget extends HeldTarget {
  /** Null where it is not known. */
  readonly format: string | null;
}

/** By name, in the order of the file; subscribers only where the configuration lets someone subscribe. */
export async function storedTargets(
  config: ConfigDraft,
  { shared }: Pick<Store, 'shared'>,
): Promise<ReadonlyMap<string, KnownTarget>> {
  const configured = config.targets.map((target) => [target.name, target] as const);
  const { subscriptions } = config;
  if (!subscriptions) return new Map<string, KnownTarget>(configured);
  const subscribers = [...(await createSubscriberStore(shared).all()).values()];
  const subscribed = subscribers.map(
    ({ id, uri, off }) =>
      [targetNameOf(id), { url: uri, enabled: !off, orderBy: null, rate: null, format: subscriptions.format }] as const,
  );
  return new Map<string, KnownTarget>([...configured, ...subscribed]);
}

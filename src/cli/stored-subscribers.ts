/** The subscribers in a store, for the commands: as targets, and with the events that each gets. */
import type { Config } from '../config/config.ts';
import { formats } from '../formats/index.ts';
import type { SharedState } from '../kit/shared-state.ts';
import { createSubscriberStore } from '../subscriptions/subscriber-store.ts';
import { type Views, viewsOf } from '../subscriptions/subscriber-views.ts';

/** The event types that one can subscribe to. */
export const SUBSCRIBABLE: readonly string[] = Object.keys(formats.get('sigma')?.events ?? {});

/** None where the configuration lets nobody subscribe. */
export async function storedSubscribers(shared: SharedState, config: Config): Promise<Views> {
  const table = await createSubscriberStore(shared).all();
  return viewsOf(table, { settings: () => config.subscriptions, eventTypes: SUBSCRIBABLE });
}

/** Sees to it that one webhook of ours exists at an API server: once, with the events that are wanted. */
import type { WebhookClient } from './client.ts';
import type { WantedEvents } from './subscriber.ts';
import type { Webhook } from './webhook-api.ts';

export interface WantedWebhook {
  readonly uri: string;
  readonly events: WantedEvents;
  /** The event types that the source's format knows. */
  readonly eventTypes: readonly string[];
}

export interface Registered {
  readonly result: 'created' | 'updated' | 'unchanged';
  readonly id: string;
  /** Further webhooks with our URL that were deleted. */
  readonly removed: number;
}

/** May be called again at any time: a second call changes nothing. Looks before it creates, so that a reply that was lost makes no second one. */
export async function ensureRegistered(client: WebhookClient, wanted: WantedWebhook): Promise<Registered> {
  const events = wanted.events === 'all' ? ['all'] : wanted.events;
  const [first, ...others] = (await client.list()).filter(({ uri }) => isSameUrl(uri, wanted.uri));
  if (!first) {
    const { id } = await client.create({ uri: wanted.uri, events });
    return { result: 'created', id, removed: 0 };
  }
  const isRight = hasEvents(first, wanted);
  if (!isRight) await client.update({ id: first.id, uri: wanted.uri, events });
  for (const { id } of others) await client.remove(id);
  return { result: isRight ? 'unchanged' : 'updated', id: first.id, removed: others.length };
}

/** Deletes every webhook with this URL; resolves with how many there were. */
export async function removeRegistration(client: WebhookClient, uri: string): Promise<number> {
  const ours = (await client.list()).filter((webhook) => isSameUrl(webhook.uri, uri));
  for (const { id } of ours) await client.remove(id);
  return ours.length;
}

function hasEvents(webhook: Webhook, { events, eventTypes }: WantedWebhook): boolean {
  const has = new Set(webhook.events);
  // A server may know more events than we do: whoever wants all of them has them with `all`, or with all that we know.
  if (events === 'all') return has.has('all') || eventTypes.every((type) => has.has(type));
  const given = has.has('all') ? new Set([...eventTypes, 'all']) : has;
  return given.size === new Set(events).size && events.every((type) => given.has(type));
}

/** A server may give a URL back in its normal spelling. */
function isSameUrl(a: string, b: string): boolean {
  return a === b || (URL.parse(a)?.href ?? a) === (URL.parse(b)?.href ?? b);
}

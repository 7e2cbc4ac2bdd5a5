/** `dragoman subscribers`: who has subscribed to what, and who has been switched off and why; their URLs as the dashboard shows them. */
import { maskUrl } from '../admin/mask.ts';
import { showTime } from '../kit/shown.ts';
import { byId, eventsOf, type Subscriber, targetNameOf } from '../subscriptions/subscriber.ts';
import { createSubscriberStore } from '../subscriptions/subscriber-store.ts';
import { withStore } from './stored.ts';
import { SUBSCRIBABLE } from './stored-subscribers.ts';
import { type Terminal, table } from './terminal.ts';

interface Input {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ options, terminal }: Input): Promise<void> {
  const all = await withStore(options, ({ shared }) => createSubscriberStore(shared).all());
  const subscribers = [...all.values()].toSorted(byId).map((one) => ({ ...one, uri: maskUrl(one.uri) }));
  if (options.json) for (const one of subscribers) terminal.json({ target: targetNameOf(one.id), ...one });
  else if (subscribers.length === 0) terminal.print('Nobody has subscribed.');
  else terminal.print(table(subscribers.map((one) => row(one, terminal))));
}

function row(subscriber: Subscriber, terminal: Terminal): string[] {
  const { id, uri, events } = subscriber;
  const wanted = events === 'all' ? 'all' : eventsOf({ ...subscriber, off: null }, SUBSCRIBABLE).join(',');
  return [targetNameOf(id), state(subscriber, terminal), wanted, uri];
}

function state({ off, failingSince }: Subscriber, terminal: Terminal): string {
  if (off) return terminal.paint('red', `off since ${showTime(off.at)}: ${off.message}`);
  if (failingSince !== null) return terminal.paint('yellow', `failing since ${showTime(failingSince)}`);
  return terminal.paint('green', 'on');
}

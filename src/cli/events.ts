/** `dragoman events`: what came in, newest first, and what became of it. */
import type { DeliveryState, EventState } from '../model/delivery.ts';
import type { EventSummary } from '../stores/store.ts';
import { givenTexts, parseLimit, parseWhen, parseWord, withStore } from './stored.ts';
import { showTime, type Terminal, table } from './terminal.ts';

const STATES: readonly (EventState | DeliveryState)[] = [
  'accepted',
  'unmatched',
  'ignored',
  'waiting',
  'delivered',
  'dropped',
  'dead',
  'expired',
];

export async function run({
  options,
  terminal,
}: {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}): Promise<void> {
  const since = parseWhen(options.since, Date.now());
  const state = parseWord('state', options.state, STATES);
  const page = await withStore(options, (store) =>
    store.ledger.events({
      ...givenTexts(options, ['source', 'type', 'text', 'before']),
      ...(state ? { state } : {}),
      ...(since === undefined ? {} : { since }),
      limit: parseLimit(options.limit),
    }),
  );
  if (options.json) return terminal.json(page);
  if (page.items.length === 0) return terminal.print('No events.');
  terminal.print(table([['RECEIVED', 'ID', 'SOURCE', 'TYPE', 'BECAME'], ...page.items.map(row)]));
  if (page.next) terminal.print(terminal.paint('dim', `more: --before ${page.next}`));
}

function row(event: EventSummary): string[] {
  return [showTime(event.receivedAt), event.id, event.source, event.type, became(event)];
}

function became(event: EventSummary): string {
  const counts = Object.entries(event.deliveries).filter(([, count]) => (count ?? 0) > 0);
  return counts.length === 0
    ? event.state
    : counts.map(([state, count]) => (count === 1 ? state : `${count} ${state}`)).join(', ');
}

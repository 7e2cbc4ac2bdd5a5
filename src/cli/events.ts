/** `dragoman events`: what came in, newest first, and what became of it. */
import { storedRejections } from '../admin/rejections.ts';
import type { SharedState } from '../kit/shared-state.ts';
import { showTime } from '../kit/shown.ts';
import type { DeliveryState, EventState } from '../model/delivery.ts';
import type { EventSummary } from '../stores/store.ts';
import { checkCursor, givenTexts, parseLimit, parseWord, withStore } from './stored.ts';
import { counted, type Terminal, table } from './terminal.ts';
import { refuseUnknownNames } from './unknown-names.ts';
import { parseWhen } from './when.ts';

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
  const limit = parseLimit(options.limit);
  const filter = givenTexts(options, ['source', 'type', 'text', 'before']);
  const { refused, ...page } = await withStore(options, async (store, config) => {
    checkCursor(options.before, config);
    const found = await store.ledger.events({
      ...filter,
      ...(state ? { state } : {}),
      ...(since === undefined ? {} : { since }),
      limit,
    });
    const isNone = found.items.length === 0 && found.next === undefined;
    if (isNone) await refuseUnknownNames(filter, store, config);
    return { ...found, refused: isNone ? await refusedOf(filter, store.shared) : 0 };
  });
  if (options.json) return terminal.json(page);
  if (page.items.length === 0) {
    const some = counted(refused, 'request was', 'requests were');
    return terminal.print(refused === 0 ? 'No events.' : `No events; ${some} refused: dragoman refusals`);
  }
  terminal.print(table([['RECEIVED', 'ID', 'SOURCE', 'TYPE', 'BECAME'], ...page.items.map(row)]));
  if (page.next) terminal.print(terminal.paint('dim', `more: --before ${page.next}`));
}

/** How often the door refused what may be missed here. */
async function refusedOf({ source }: { readonly source?: string }, shared: SharedState): Promise<number> {
  const { by_reason } = await storedRejections(shared, { source, limit: 1 });
  return by_reason.reduce((sum, { count }) => sum + count, 0);
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

/** `dragoman deliveries`: what went out, waits or died, newest first. */
import { showTime } from '../kit/shown.ts';
import type { Delivery, DeliveryState } from '../model/delivery.ts';
import type { Held } from '../plan/held.ts';
import { heldInStore, nextTry } from './held.ts';
import { machineDelivery } from './machine-form.ts';
import { maskedTerminal } from './masked-terminal.ts';
import { checkCursor, givenTexts, parseLimit, parseWord, withStore } from './stored.ts';
import { type Terminal, table } from './terminal.ts';
import { refuseUnknownNames } from './unknown-names.ts';
import { parseWhen } from './when.ts';

const STATES: readonly DeliveryState[] = ['waiting', 'delivered', 'dropped', 'dead', 'expired'];

export async function run({
  options,
  terminal: bare,
}: {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}): Promise<void> {
  const terminal = maskedTerminal(bare, options);
  const now = Date.now();
  const since = parseWhen(options.since, now);
  const state = parseWord('state', options.state, STATES);
  const limit = parseLimit(options.limit);
  const filter = givenTexts(options, ['target', 'rule', 'before']);
  const { held, ...page } = await withStore(options, async (store, config) => {
    checkCursor(options.before, config);
    const found = await store.ledger.deliveries({
      ...filter,
      ...(state ? { state } : {}),
      ...(since === undefined ? {} : { since }),
      limit,
    });
    if (found.items.length === 0 && found.next === undefined) await refuseUnknownNames(filter, store, config);
    return { ...found, held: await heldInStore(found.items, { store, config, now }) };
  });
  if (options.json) return terminal.json({ ...page, items: page.items.map((one) => machineDelivery(one, held)) });
  if (page.items.length === 0) return terminal.print('No deliveries.');
  terminal.print(
    table([
      ['CREATED', 'ID', 'TARGET', 'STATE', 'TRIES', 'WHY'],
      ...page.items.map((delivery) => row({ delivery, held: held.get(delivery.id), now }, terminal)),
    ]),
  );
  if (page.next) terminal.print(terminal.paint('dim', `more: --before ${page.next}`));
}

interface Row {
  readonly delivery: Delivery;
  readonly held: Held | undefined;
  readonly now: number;
}

function row({ delivery, held, now }: Row, terminal: Terminal): string[] {
  const style = delivery.state === 'dead' ? 'red' : delivery.state === 'delivered' ? 'green' : 'yellow';
  const isTriedAgain = delivery.state === 'waiting' && delivery.attempts > 0;
  const next = held?.message ?? (isTriedAgain ? `next try ${nextTry(delivery, now)}` : '');
  const why = delivery.reason ? `${delivery.reason.message}  [${delivery.reason.code}]` : '';
  return [
    showTime(delivery.createdAt),
    delivery.id,
    delivery.target,
    terminal.paint(style, delivery.state),
    String(delivery.attempts),
    [next, why].filter((text) => text !== '').join('  '),
  ];
}

/** `dragoman replay`: sends deliveries again, or before their next try, by id or by filter, the same bytes or translated anew. */
import { stringifyJson } from '../kit/json.ts';
import type { SharedState } from '../kit/shared-state.ts';
import type { Delivery, DeliveryState } from '../model/delivery.ts';
import { createJourney, type Journey } from '../plan/journey.ts';
import { makePlan } from '../plan/make-plan.ts';
import { previewReplay, type ReplayPreview } from '../plan/replay-preview.ts';
import { deliveriesById, filteredDeliveries, type ReplayFilter } from '../plan/select-deliveries.ts';
import type { Ledger, Replayed, Store } from '../stores/store.ts';
import { heldInStore } from './held.ts';
import { idMeant } from './id-meant.ts';
import { maskedTerminal } from './masked-terminal.ts';
import { problemFailure } from './problem-failure.ts';
import type { ConfigWith } from './read-config.ts';
import { parseWord, withStore } from './stored.ts';
import { storedSubscribers } from './stored-subscribers.ts';
import { counted, Failure, type Terminal } from './terminal.ts';
import { refuseUnknownNames } from './unknown-names.ts';
import { parseWhen } from './when.ts';

const STATES: readonly DeliveryState[] = ['dead', 'delivered', 'dropped', 'expired', 'waiting'];
/** Deliveries that one transaction makes due, so that a relay beside it never waits long. */
const BATCH = 500;

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ args, options, terminal: bare }: Input): Promise<void> {
  const terminal = maskedTerminal(bare, options);
  const filter = filterOf(options);
  if (args.length === 0 && Object.keys(filter).length === 0) {
    throw new Failure('there is nothing to replay', 'dragoman replay ID, or --state dead --target NAME --since 2h', 2);
  }
  if (args.length > 0 && Object.keys(filter).length > 0)
    throw new Failure('replay takes ids or a filter, not both', undefined, 2);
  await withStore(options, async (store, config) => {
    const { ledger, shared } = store;
    const chosen = args.length > 0 ? [await byId(ledger, args)] : filteredDeliveries(ledger, filter);
    const onNone = (): Promise<void> => refuseUnknownNames(filter, store, config);
    if (options.dryRun) return preview({ ledger, chosen, onNone, options, terminal }, shared);
    const sent = await replay({ ledger, chosen, onNone, options, isFiltered: args.length === 0 });
    const held = await heldOf(sent.samples, { store, config, isFiltered: args.length === 0 });
    if (options.json) {
      const { found, replayed, hastened } = sent;
      terminal.json({ found, replayed, hastened, held });
    } else
      terminal.print(
        [...sentences(sent, filter), ...held.map((why) => terminal.paint('yellow', `held: ${why}`))].join('\n'),
      );
  });
}

interface Work {
  readonly ledger: Ledger;
  readonly chosen: AsyncIterable<readonly Delivery[]> | Iterable<readonly Delivery[]>;
  /** Called where nothing is chosen; fails where a name in the filter is to blame. */
  readonly onNone: () => Promise<void>;
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

interface Sent extends Replayed {
  readonly found: number;
  /** Of those that were found. */
  readonly waiting: number;
  /** Their ids; where a filter has found them, one of each target. */
  readonly samples: readonly string[];
}

async function replay({
  ledger,
  chosen,
  onNone,
  options,
  isFiltered,
}: Omit<Work, 'terminal'> & { readonly isFiltered: boolean }): Promise<Sent> {
  const ids: string[] = [];
  const samples = new Map<string, string>();
  let waiting = 0;
  for await (const page of chosen) {
    for (const { id, target, state } of page) {
      ids.push(id);
      if (!samples.has(isFiltered ? target : id)) samples.set(isFiltered ? target : id, id);
      if (state === 'waiting') waiting += 1;
    }
  }
  if (ids.length === 0) await onNone();
  let [replayed, hastened] = [0, 0];
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = { ids: ids.slice(from, from + BATCH), retranslate: options.retranslate === true, now: Date.now() };
    const done = await ledger.replay(batch);
    replayed += done.replayed;
    hastened += done.hastened;
  }
  return { found: ids.length, waiting, replayed, hastened, samples: [...samples.values()] };
}

function sentences({ found, waiting, replayed, hastened }: Sent, { state }: ReplayFilter): string[] {
  if (found === 0) {
    if (state === 'waiting') return ['No waiting delivery fits.'];
    const others = state === undefined ? '; --state waiting is for those that wait' : '';
    return [`No finished delivery fits, so nothing is sent again${others}.`];
  }
  const finished = found - waiting;
  const left = found - replayed - hastened;
  const said: string[] = [];
  const are = (count: number): string => (count === 1 ? 'is' : 'are');
  if (finished > 0)
    said.push(
      `${replayed} of ${counted(finished, 'delivery', 'deliveries')} ${are(replayed)} due again; a running relay sends that now.`,
    );
  if (hastened > 0)
    said.push(
      `${hastened} of ${counted(waiting, 'waiting delivery', 'waiting deliveries')} ${are(hastened)} due now; a running relay sends that now.`,
    );
  if (left > 0) said.push(`${left} ${are(left)} being sent at this moment, and left alone.`);
  return said;
}

interface Opened {
  readonly store: Store;
  readonly config: ConfigWith<'store'>;
}

/** Why what is due now is not sent all the same. */
async function heldOf(
  ids: readonly string[],
  { store, config, isFiltered }: Opened & { readonly isFiltered: boolean },
): Promise<readonly string[]> {
  const { deliveries } = await deliveriesById(store.ledger, ids);
  const held = await heldInStore(deliveries, { store, config, now: Date.now() });
  // what stands in its order says nothing of the others of a target
  const told = [...held.values()].filter(({ reason }) => !isFiltered || reason !== 'behind');
  return [...new Set(told.map(({ message }) => message))];
}

async function preview({ ledger, chosen, onNone, options, terminal }: Work, shared: SharedState): Promise<void> {
  const journey = await journeyOf(options, shared);
  let shown = 0;
  for await (const page of chosen) {
    for (const delivery of page) {
      const event = await ledger.event(delivery.eventId);
      if (!event) continue;
      shown++;
      const found = previewReplay({ delivery, event, retranslate: options.retranslate === true, journey });
      if (options.json) terminal.json(found);
      else terminal.print(lines(found, terminal).join('\n'));
    }
  }
  if (shown === 0) await onNone();
  if (!options.json)
    terminal.print(terminal.paint('dim', `${counted(shown, 'delivery', 'deliveries')}; nothing was sent.`));
}

async function journeyOf(options: Record<string, unknown>, shared: SharedState): Promise<Journey> {
  const { plan, problems } = makePlan({ configPath: String(options.config), env: process.env });
  if (!plan) throw problemFailure(problems);
  const subscribers = await storedSubscribers(shared, plan.config);
  const targets = new Map([...plan.config.targets, ...subscribers.targets].map((target) => [target.name, target]));
  return createJourney({ plan: () => plan, targets: () => targets, subscribers: () => subscribers.subscribed });
}

async function byId(ledger: Ledger, ids: readonly string[]): Promise<readonly Delivery[]> {
  const { deliveries, unknown } = await deliveriesById(ledger, ids);
  const [first] = unknown;
  if (first === undefined) return deliveries;
  if (await ledger.event(first))
    throw new Failure(`there are no deliveries of ${first} to send again`, `dragoman explain ${first}`);
  throw new Failure(`there is no event or delivery ${unknown.join(', ')}`, await idMeant(first, 'show', ledger));
}

function filterOf(options: Record<string, unknown>): ReplayFilter {
  const since = parseWhen(options.since, Date.now());
  const state = parseWord('state', options.state, STATES);
  return {
    ...(state ? { state } : {}),
    ...(typeof options.target === 'string' ? { target: options.target } : {}),
    ...(typeof options.rule === 'string' ? { rule: options.rule } : {}),
    ...(since === undefined ? {} : { since }),
  };
}

function lines(found: ReplayPreview, terminal: Terminal): string[] {
  const head = `${terminal.paint('bold', found.delivery)}  to ${found.target}`;
  if (found.nothing) return [head, terminal.paint('yellow', `  ${found.nothing}`)];
  if (found.differences.length === 0) {
    return [found.before.length > 0 ? `${head}  the same bytes` : `${head}  for the first time`];
  }
  return [
    found.before.length > 0 ? head : `${head}  for the first time`,
    ...found.differences.flatMap(({ path, before, after }) => [
      ...(before === undefined ? [] : [terminal.paint('red', `  - ${path} = ${stringifyJson(before)}`)]),
      ...(after === undefined ? [] : [terminal.paint('green', `  + ${path} = ${stringifyJson(after)}`)]),
    ]),
  ];
}

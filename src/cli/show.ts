/** `dragoman show ID`: one event, or one delivery of it, with everything that happened. */
import { isDeepStrictEqual } from 'node:util';
import { eventIdOfDelivery } from '../kit/ids.ts';
import { showTime } from '../kit/shown.ts';
import type { AcceptedEvent, Attempt, Delivery } from '../model/delivery.ts';
import type { WrittenRequest } from '../model/event.ts';
import type { Held, HeldOnes } from '../plan/held.ts';
import type { Ledger } from '../stores/store.ts';
import { heldInStore, nextTry } from './held.ts';
import { idMeant } from './id-meant.ts';
import { bodyText, machineDelivery, machineRequest } from './machine-form.ts';
import { maskedTerminal } from './masked-terminal.ts';
import { withStore } from './stored.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Found {
  readonly event: AcceptedEvent;
  readonly deliveries: readonly { readonly delivery: Delivery; readonly attempts: readonly Attempt[] }[];
}

interface Shown extends Found {
  readonly held: HeldOnes;
  /** Epoch milliseconds. */
  readonly now: number;
}

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ args, options, terminal: bare }: Input): Promise<void> {
  const terminal = maskedTerminal(bare, options);
  const id = args[0] ?? '';
  const now = Date.now();
  const shown = await withStore(options, async (store, config) => {
    const found = await find(store.ledger, id);
    const deliveries = found.deliveries.map(({ delivery }) => delivery);
    return { ...found, held: await heldInStore(deliveries, { store, config, now }), now };
  });
  if (options.json) return terminal.json(machineForm(shown));
  terminal.print(
    [
      ...eventLines(shown.event, terminal),
      ...shown.deliveries.flatMap((one) => deliveryLines({ ...shown, ...one }, terminal)),
    ].join('\n'),
  );
}

async function find(ledger: Ledger, id: string): Promise<Found> {
  const eventId = eventIdOfDelivery(id) ?? id;
  const event = await ledger.event(eventId);
  if (!event) throw new Failure(`there is no event or delivery ${id}`, await idMeant(id, 'show', ledger));
  const all = await ledger.deliveriesOf(eventId);
  const wanted = id === eventId ? all : all.filter((delivery) => delivery.id === id);
  if (wanted.length === 0 && id !== eventId)
    throw new Failure(`there is no delivery ${id}`, await idMeant(id, 'show', ledger));
  const deliveries = [];
  for (const delivery of wanted) deliveries.push({ delivery, attempts: await ledger.attempts(delivery.id) });
  return { event, deliveries };
}

function eventLines(event: AcceptedEvent, terminal: Terminal): string[] {
  const { request } = event;
  return [
    `${terminal.paint('bold', event.id)}  ${event.type}  from ${event.source} (${event.format})  ${event.state}`,
    `  received  ${showTime(event.receivedAt)}    happened  ${event.time}    key  ${event.key}`,
    `  request   ${request.method} ${request.path}${request.search ? `?${request.search}` : ''}`,
    ...indented(bodyText(request.body), terminal),
  ];
}

type ShownDelivery = Found['deliveries'][number] & Pick<Shown, 'held' | 'now'>;

function deliveryLines({ delivery, attempts, held, now }: ShownDelivery, terminal: Terminal): string[] {
  const style = delivery.state === 'delivered' ? 'green' : delivery.state === 'dead' ? 'red' : 'yellow';
  const how = delivery.mapping === null ? 'forwarded' : `by mapping ${delivery.mapping}`;
  return [
    '',
    `${terminal.paint('bold', delivery.id)}  to ${delivery.target}  ${terminal.paint(style, delivery.state)}`,
    `  rule      "${delivery.rule}", ${how}`,
    ...(delivery.reason ? [`  why       ${delivery.reason.message}  [${delivery.reason.code}]`] : []),
    ...(delivery.state === 'waiting' ? [waitingLine(delivery, held.get(delivery.id), now)] : []),
    ...(delivery.requests ?? []).flatMap((request) => requestLines(request, terminal)),
    ...attempts.flatMap((attempt, index) => [
      ...(isNews(attempt, attempts[index - 1]) ? requestLines(attempt.sent, terminal, 'sent') : []),
      attemptLine(attempt, terminal),
    ]),
  ];
}

function waitingLine(delivery: Delivery, held: Held | undefined, now: number): string {
  if (held) return `  held      ${held.message}`;
  const atOnce = delivery.dueAt > now ? `; dragoman replay ${delivery.id} sends it now` : '';
  return `  next try  ${nextTry(delivery, now)}${atOnce}`;
}

/** Whether an attempt sent something, before a new translation, that the attempt above it did not. */
function isNews(attempt: Attempt, above: Attempt | undefined): attempt is Attempt & { readonly sent: WrittenRequest } {
  return attempt.sent !== undefined && !isDeepStrictEqual(attempt.sent, above?.sent);
}

function requestLines(request: WrittenRequest, terminal: Terminal, what = 'sends'): string[] {
  const query = request.query?.length ? `?${new URLSearchParams(request.query as [string, string][])}` : '';
  const body = request.body ? indented(bodyText(request.body), terminal) : [];
  const head = `  ${what.padEnd(9)} ${request.event}: ${request.method} ${request.urlSuffix ?? ''}${query}`;
  return [head.trimEnd(), ...body];
}

function attemptLine(attempt: Attempt, terminal: Terminal): string {
  const answer = attempt.response ? `${attempt.response.status}` : (attempt.error?.code ?? '');
  const good = attempt.response !== null && attempt.response.status >= 200 && attempt.response.status < 300;
  const detail =
    attempt.error?.message ??
    bodyText(attempt.response?.body ?? new Uint8Array())
      .slice(0, 120)
      .replace(/\s+/g, ' ');
  return `  try ${String(attempt.number).padEnd(5)} ${showTime(attempt.startedAt)}  ${attempt.method} ${attempt.url}  ${terminal.paint(good ? 'green' : 'red', answer)}  ${Math.round(attempt.durationMs)} ms  ${detail}`.trimEnd();
}

function indented(text: string, terminal: Terminal): string[] {
  return text === '' ? [] : text.split('\n').map((line) => terminal.paint('dim', `            ${line}`));
}

function machineForm({ event, deliveries, held }: Shown): unknown {
  return {
    event: { ...event, request: { ...event.request, body: bodyText(event.request.body) } },
    deliveries: deliveries.map(({ delivery, attempts }) => ({
      ...machineDelivery(delivery, held),
      attempts: attempts.map((attempt) => ({
        ...attempt,
        ...(attempt.sent && { sent: machineRequest(attempt.sent) }),
        response: attempt.response && { ...attempt.response, body: bodyText(attempt.response.body) },
      })),
    })),
  };
}

/** `dragoman explain`: on one screen, why an event went where it went, or why nothing arrived. */
import { existsSync } from 'node:fs';
import { formats } from '../formats/index.ts';
import { eventIdOfDelivery } from '../kit/ids.ts';
import { nearest } from '../kit/problem.ts';
import { showTime } from '../kit/shown.ts';
import type { AcceptedEvent, Delivery, DeliveryState } from '../model/delivery.ts';
import type { Format } from '../model/format.ts';
import {
  type EventExplanation,
  explainEvent,
  type LineExplanation,
  type RuleExplanation,
} from '../plan/explain-event.ts';
import { type HeldOnes, switchedOff } from '../plan/held.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { NO_EVENT_ID } from '../plan/unsaved-scope.ts';
import type { Ledger } from '../stores/store.ts';
import { conditionText, explainLines } from '../translate/explain.ts';
import { heldInStore, nextTry } from './held.ts';
import { idMeant } from './id-meant.ts';
import { maskedTerminal } from './masked-terminal.ts';
import { readAs, readPayload } from './payload.ts';
import { problemFailure } from './problem-failure.ts';
import { requestOfPayload } from './request-of-payload.ts';
import { withStore } from './stored.ts';
import { counted, Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

interface Explained {
  readonly event: AcceptedEvent;
  /** What is stored of it; empty for a payload from a file. */
  readonly deliveries: readonly Delivery[];
  readonly held: HeldOnes;
  readonly explanation: EventExplanation;
}

export async function run({ args, options, terminal: bare }: Input): Promise<void> {
  const terminal = maskedTerminal(bare, options);
  const { plan, problems } = makePlan({ configPath: String(options.config), env: process.env });
  if (!plan) throw problemFailure(problems);
  const found =
    typeof options.source === 'string' ? fromFile(args[0], options.source, plan) : await fromStore(args[0], options);
  const explained = { ...found, explanation: explainEvent(found.event, plan) };
  if (options.json) terminal.json(machineForm(explained));
  else terminal.print(page(explained, terminal).join('\n'));
}

async function fromStore(
  id: string | undefined,
  options: Record<string, unknown>,
): Promise<Omit<Explained, 'explanation'>> {
  if (id === undefined)
    throw new Failure('there is no event to explain', 'dragoman explain ID, or dragoman explain --source NAME FILE', 2);
  const eventId = eventIdOfDelivery(id) ?? id;
  return withStore(options, async (store, config) => {
    const event = await store.ledger.event(eventId);
    if (!event) throw new Failure(`there is no event ${id}`, await instead(id, store.ledger));
    const deliveries = await store.ledger.deliveriesOf(eventId);
    return { event, deliveries, held: await heldInStore(deliveries, { store, config, now: Date.now() }) };
  });
}

async function instead(id: string, ledger: Ledger): Promise<string> {
  const isFile = /\.(?:json|txt)$/i.test(id) || existsSync(id);
  return isFile ? `dragoman explain --source NAME ${id}` : idMeant(id, 'explain', ledger);
}

/** An event as the source would have made it of a payload; nothing is stored. */
function fromFile(file: string | undefined, sourceName: string, plan: Plan): Omit<Explained, 'explanation'> {
  const source = plan.config.sources.find(({ name }) => name === sourceName);
  if (!source) {
    const names = plan.config.sources.map(({ name }) => name);
    throw new Failure(`there is no source "${sourceName}"`, nearest(sourceName, names) ?? names.join(', '));
  }
  if (file !== undefined && /^(?:evt|dlv)_\w+$/.test(file) && !existsSync(file))
    throw new Failure(`${file} is no file, and an event that came knows its source`, `dragoman explain ${file}`);
  const format = formats.get(source.format) as Format;
  const request = { ...requestOfPayload(readPayload(file), format), path: source.path };
  const reading = readAs(format, request, source.options);
  if (reading.kind === 'ignored')
    throw new Failure(`format ${source.format} has no event "${reading.type}", so no rule would see it`);
  const { type, key, time } = reading.event;
  const event = {
    id: NO_EVENT_ID,
    key,
    type,
    time,
    source: source.name,
    format: source.format,
    receivedAt: request.receivedAt,
  };
  return { event: { ...event, state: 'accepted', request }, deliveries: [], held: new Map() };
}

function page(explained: Explained, terminal: Terminal): string[] {
  const { event, explanation } = explained;
  const head = `${terminal.paint('bold', event.type)}  from ${event.source} (${event.format})  received ${showTime(event.receivedAt)}`;
  if (explanation.unreadable) return [head, '', terminal.paint('yellow', explanation.unreadable)];
  const rules = explanation.rules.flatMap((rule) => ['', ...ruleLines(rule, explained, terminal)]);
  return [
    head,
    ...(rules.length > 0 ? rules : ['', 'The configuration has no rules.']),
    '',
    verdict(explained, terminal),
  ];
}

type Stored = Pick<Explained, 'deliveries' | 'held'>;

function ruleLines(rule: RuleExplanation, { deliveries, held }: Stored, terminal: Terminal): string[] {
  const mark = rule.matched ? terminal.paint('green', '✔') : terminal.paint(rule.why === 'failed' ? 'red' : 'dim', '✘');
  const lines = [`${mark} rule "${rule.rule}": ${rule.message}`, ...conditionLines(rule)];
  for (const line of rule.lines)
    lines.push(
      ...targetLines(
        line,
        { held, deliveries: deliveries.filter((one) => one.rule === rule.rule && one.target === line.target) },
        terminal,
      ),
    );
  return lines;
}

/** Every condition with its values and its place; one that is alone and decided is in the message already. */
function conditionLines({ conditions, at }: RuleExplanation): string[] {
  if (at !== null && conditions.length === 1) return [];
  return conditions.map(
    (condition) =>
      `${'  '.repeat(condition.depth + 1)}${conditionText(condition)}  (${condition.at.line}:${condition.at.column})`,
  );
}

function targetLines(
  { target, enabled, mapping, translation }: LineExplanation,
  { deliveries, held }: Stored,
  terminal: Terminal,
): string[] {
  const how = mapping === null ? 'forwarded byte for byte' : `by ${mapping}`;
  const stored = deliveries.flatMap((delivery) => {
    const { id, state, reason } = delivery;
    const why = held.get(id)?.message;
    return [
      `    ${id}  ${state}${reason ? `: ${reason.message}  [${reason.code}]` : ''}`,
      ...(why === undefined ? [] : [terminal.paint('yellow', `      held: ${why}`)]),
      ...(why === undefined && state === 'waiting' ? [`      next try ${nextTry(delivery, Date.now())}`] : []),
    ];
  });
  const off = !enabled && deliveries.length === 0 ? [terminal.paint('yellow', `    held: ${switchedOff(target)}`)] : [];
  return [`  → ${target}, ${how}`, ...translationLines(translation, terminal), ...off, ...stored];
}

function translationLines(translation: LineExplanation['translation'], terminal: Terminal): string[] {
  if (!translation) return [];
  const style = translation.result.kind === 'failed' ? 'red' : 'yellow';
  return explainLines(translation).map(
    (line) => `    ${/^(dropped|failed): /.test(line) ? terminal.paint(style, line) : line}`,
  );
}

function verdict({ event, deliveries, held, explanation: { rules } }: Explained, terminal: Terminal): string {
  const matched = rules.filter((rule) => rule.matched).length;
  if (matched === 0) return terminal.paint('yellow', 'No rule matches today, so nothing is sent.');
  const all = deliveries.length;
  if (all === 0) {
    const matching = `${matched} of ${counted(rules.length, 'rule')} ${matched === 1 ? 'matches' : 'match'} today`;
    return event.id === NO_EVENT_ID
      ? `${matching}; nothing is sent, because this payload was not received.`
      : `${matching}, but the event has no delivery.`;
  }
  const open = deliveries.filter(({ state }) => state !== 'delivered').length;
  if (open === 0)
    return terminal.paint('green', all === 1 ? 'The delivery arrived.' : `All ${all} deliveries arrived.`);
  if (!deliveries.some(({ state }) => state === 'waiting'))
    return terminal.paint('yellow', ended(event.id, deliveries));
  const some = all === 1 ? 'The delivery' : `${open} of ${all} deliveries`;
  if (held.size === 0) return `${some} did not arrive (yet).`;
  const [why, ...others] = new Set([...held.values()].map(({ message }) => message));
  if (others.length > 0 || held.size < open)
    return terminal.paint('yellow', `${some} did not arrive (yet), ${held.size} of them held.`);
  return terminal.paint('yellow', `${some} ${open === 1 ? 'is' : 'are'} held: ${why}.`);
}

/** Of an event of which nothing waits: what did not arrive, and how it still can. */
function ended(id: string, deliveries: readonly { readonly state: DeliveryState }[]): string {
  const inState = (wanted: DeliveryState): number => deliveries.filter(({ state }) => state === wanted).length;
  const are = (count: number, what: string): string =>
    deliveries.length === 1
      ? `The delivery is ${what}`
      : `${count} of ${deliveries.length} deliveries ${count === 1 ? 'is' : 'are'} ${what}`;
  const [dead, expired] = [inState('dead'), inState('expired')];
  if (dead > 0) return `${are(dead, 'dead')}: dragoman replay ${id}, once that is mended.`;
  if (expired > 0) return `${are(expired, 'given up')}.`;
  return `${are(inState('dropped'), 'dropped')}, as the mapping says.`;
}

function machineForm({ event, deliveries, held, explanation }: Explained): unknown {
  const { request: _request, ...envelope } = event;
  return {
    event: envelope,
    deliveries: deliveries.map(({ requests: _requests, ...delivery }) => ({
      ...delivery,
      held: held.get(delivery.id) ?? null,
    })),
    unreadable: explanation.unreadable,
    rules: explanation.rules,
  };
}

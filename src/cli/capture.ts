/** `dragoman capture ID`: writes a stored event, and what today's mappings make of it, into the tests beside the mappings. */
import { eventIdOfDelivery } from '../kit/ids.ts';
import type { AcceptedEvent, Delivery } from '../model/delivery.ts';
import { draftTest, type TestDraft, type TestRefusal, writeTest } from '../plan/add-test.ts';
import { makePlan } from '../plan/make-plan.ts';
import { testFileOf } from '../plan/mapping-files.ts';
import type { Plan } from '../plan/plan.ts';
import { sourceOptionsOf } from '../plan/source-options.ts';
import type { Mapping } from '../translate/mapping.ts';
import { idMeant } from './id-meant.ts';
import { problemFailure } from './problem-failure.ts';
import { withStore } from './stored.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ args, options, terminal }: Input): Promise<void> {
  const { plan, problems } = makePlan({ configPath: String(options.config), env: process.env });
  if (!plan) throw problemFailure(problems);
  const id = args[0] ?? '';
  const { event, deliveries } = await withStore(options, async ({ ledger }) => {
    const eventId = eventIdOfDelivery(id) ?? id;
    const found = await ledger.event(eventId);
    if (!found) throw new Failure(`there is no event ${id}`, await idMeant(id, 'capture', ledger));
    return { event: found, deliveries: await ledger.deliveriesOf(eventId) };
  });
  const translated = deliveries.filter(({ mapping }) => mapping !== null && plan.mappings.has(mapping));
  if (translated.length === 0)
    throw new Failure('no mapping of today translates this event', `dragoman explain ${event.id}`);
  const perMapping = new Map(translated.map((delivery) => [delivery.mapping, delivery]));
  const name = typeof options.name === 'string' ? options.name : `${event.type} as captured from ${event.id}`;
  // All of them are made before the first is written: a refusal leaves no half.
  const drafts = [...perMapping.values()].map((delivery) => draftOf({ event, delivery, plan, name }));
  for (const draft of drafts) {
    const refused = writeTest(draft);
    if (refused) throw failureOf(refused);
    terminal.print(`${draft.file}: "${name}"`);
  }
}

interface Capture {
  readonly event: AcceptedEvent;
  readonly delivery: Delivery;
  readonly plan: Plan;
  readonly name: string;
}

function draftOf({ event, delivery, plan, name }: Capture): TestDraft {
  const mapping = plan.mappings.get(delivery.mapping as string) as Mapping;
  const { targets, params } = plan.config;
  const draft = draftTest({
    path: testFileOf(mapping.file),
    name,
    request: event.request,
    mapping,
    params,
    sourceOptions: sourceOptionsOf(event.source, event.format, plan.config),
    options: targets.find((target) => target.name === delivery.target)?.options ?? {},
    plan,
  });
  if (draft.kind === 'refusal') throw failureOf(draft);
  return draft;
}

function failureOf({ code, message }: TestRefusal): Failure {
  return new Failure(`${message}  [${code}]`, ADVICE[code]);
}

const ADVICE: Readonly<Record<string, string>> = {
  TEST_EXISTS: '--name, for another one',
  TEST_HOLDS_SECRET: 'a test by hand, with another value where the secret stands',
  FILE_UNWRITABLE: 'a folder of mappings that this user may write to',
};

/** `dragoman capture ID`: writes a stored event, and what today's mappings make of it, into the tests beside the mappings. */
import { writeFileSync } from 'node:fs';
import { formats } from '../formats/index.ts';
import { eventIdOfDelivery } from '../kit/ids.ts';
import type { AcceptedEvent, Delivery } from '../model/delivery.ts';
import type { Format } from '../model/format.ts';
import { withCapturedTest } from '../plan/capture-test.ts';
import { scopeOf } from '../plan/journey.ts';
import { makePlan } from '../plan/make-plan.ts';
import { readTests, shown } from '../plan/mapping-files.ts';
import type { Plan } from '../plan/plan.ts';
import { prepareRequests } from '../translate/prepare.ts';
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
    return { event: await ledger.event(eventId), deliveries: await ledger.deliveriesOf(eventId) };
  });
  if (!event) throw new Failure(`there is no event ${id}`, 'dragoman events');
  const translated = deliveries.filter(({ mapping }) => mapping !== null && plan.mappings.has(mapping));
  if (translated.length === 0)
    throw new Failure('no mapping of today translates this event', `dragoman explain ${event.id}`);
  const perMapping = new Map(translated.map((delivery) => [delivery.mapping, delivery]));
  for (const delivery of perMapping.values())
    terminal.print(capture({ event, delivery, plan, name: options.name as string | undefined }));
}

interface Capture {
  readonly event: AcceptedEvent;
  readonly delivery: Delivery;
  readonly plan: Plan;
  readonly name: string | undefined;
}

function capture({ event, delivery, plan, name }: Capture): string {
  const mapping = plan.mappings.get(delivery.mapping as string);
  if (!mapping) throw new Failure(`there is no mapping "${delivery.mapping}"`);
  const scope = scopeOf(event, plan);
  if ('reason' in scope) throw new Failure(scope.reason.message);
  const options = plan.config.targets.find((target) => target.name === delivery.target)?.options ?? {};
  // A test has no source: ids that are derived from its name are those of a source that is called as its format.
  const tested = { ...scope, event: { ...scope.event, source: event.format } };
  const prepared = prepareRequests({
    mapping,
    scope: tested,
    target: { format: formats.get(mapping.to) as Format, options },
  });
  const file = mapping.file.replace(/\.(ya?ml)$/, '.test.$1');
  const title = name ?? `${event.type} as captured from ${event.id}`;
  const before = readTests(file) ?? { text: '' };
  if ('problem' in before) throw problemFailure([before.problem]);
  writeFileSync(
    file,
    withCapturedTest(before.text, {
      name: title,
      request: event.request,
      mapping,
      params: plan.config.params,
      options,
      prepared,
    }),
  );
  return `${shown(file)}: "${title}"`;
}

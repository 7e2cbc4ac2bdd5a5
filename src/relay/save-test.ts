/** Writes a test beside a mapping: an event, and what the mapping makes of it now. The one file that the admin API writes. */
import type * as api from '../admin/api-schema.ts';
import { type Refused, refuse } from '../admin/reply.ts';
import { formats } from '../formats/index.ts';
import type { Format } from '../model/format.ts';
import type { JsonObject } from '../model/json.ts';
import { draftTest, type TestRefusal, writeTest } from '../plan/add-test.ts';
import type { Plan } from '../plan/plan.ts';
import type { Ledger } from '../stores/store.ts';
import type { Mapping } from '../translate/mapping.ts';
import { compileText, filesOf } from './mapping-library.ts';
import { readEventInput } from './read-event-input.ts';

export interface TestToSave {
  readonly stored: Mapping;
  readonly request: api.SaveTestRequest;
  readonly plan: Plan;
  readonly ledger: Pick<Ledger, 'event'>;
}

/** When an event came in that was never received: the moment that tests take where they say none. */
const RECEIVED_AT = Date.UTC(2026, 0, 1);

export async function saveTest({ stored, request, plan, ledger }: TestToSave): Promise<api.SaveTestAnswer | Refused> {
  const mapping = mappingOf(stored, request, plan);
  if (!mapping) return refuse(422, 'MAPPING_BROKEN', 'the mapping has problems, so there is nothing to expect of it');
  const format = formats.get(mapping.from) as Format;
  const { source } = request;
  const input = await readEventInput(request.event, { format, source, plan, ledger, receivedAt: RECEIVED_AT });
  if (input.kind === 'refused') return input;
  const params: JsonObject = { ...plan.config.params, ...(request.params as JsonObject | undefined) };
  const options = plan.config.targets.find(({ name }) => name === request.target)?.options ?? {};
  const path = filesOf(stored.name, plan.config.mappingsDir).tests;
  const { name } = request;
  const { sourceOptions } = input;
  const draft = draftTest({ path, name, mapping, request: input.request, params, sourceOptions, options, plan });
  if (draft.kind === 'refusal') return refusedBy(draft);
  const refused = writeTest(draft);
  return refused ? refusedBy(refused) : { file: draft.file, text: draft.text };
}

function mappingOf(
  stored: Mapping,
  { mapping_text: text }: api.SaveTestRequest,
  { config }: Plan,
): Mapping | undefined {
  return text === undefined ? stored : compileText({ name: stored.name, text }, config.mappingsDir).mapping;
}

function refusedBy({ code, message }: TestRefusal): Refused {
  return refuse(code === 'TEST_EXISTS' ? 409 : 422, code, message);
}

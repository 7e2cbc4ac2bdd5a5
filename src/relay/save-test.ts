/** Writes a test beside a mapping: an event, and what the mapping makes of it now. The one file that the admin API writes. */
import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import type * as api from '../admin/api-schema.ts';
import { type Refused, refuse } from '../admin/reply.ts';
import { formats } from '../formats/index.ts';
import type { Format } from '../model/format.ts';
import type { JsonObject } from '../model/json.ts';
import { withCapturedTest } from '../plan/capture-test.ts';
import { readTests, shown } from '../plan/mapping-files.ts';
import type { Plan } from '../plan/plan.ts';
import { testsBeside } from '../plan/test-mapping.ts';
import { unsavedScope } from '../plan/unsaved-scope.ts';
import type { Ledger } from '../stores/store.ts';
import type { Mapping } from '../translate/mapping.ts';
import { prepareRequests } from '../translate/prepare.ts';
import { compileText, filesOf } from './mapping-library.ts';
import { requestOfInput } from './read-event-input.ts';

export interface TestToSave {
  readonly stored: Mapping;
  readonly request: api.SaveTestRequest;
  readonly plan: Plan;
  readonly ledger: Pick<Ledger, 'event'>;
}

/** When an event came in that was never received: the moment that tests take where they say none. */
const RECEIVED_AT = Date.UTC(2026, 0, 1);

export async function saveTest({ stored, request, plan, ledger }: TestToSave): Promise<api.SaveTestAnswer | Refused> {
  const files = filesOf(stored.name, plan.config.mappingsDir);
  const read = readTests(files.tests) ?? { text: '' };
  if ('problem' in read) return refuse(422, read.problem.code, `${shown(files.tests)}: ${read.problem.message}`);
  const before = read.text;
  const mapping = mappingOf(stored, request, plan);
  if (!mapping) return refuse(422, 'MAPPING_BROKEN', 'the mapping has problems, so there is nothing to expect of it');
  const test = await testText({ mapping, request, plan, ledger });
  if (typeof test !== 'string') return test;
  const written = before.trim() === '' ? test : `${before.trimEnd()}\n\n${test}`;
  const file = shown(files.tests);
  const wrong = faultOf({ before, written, file, mapping, plan, name: request.name });
  if (wrong) return wrong;
  try {
    writeWhole(files.tests, written);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(422, 'FILE_UNWRITABLE', `${file} cannot be written (${code})`);
  }
  return { file, text: test };
}

function mappingOf(
  stored: Mapping,
  { mapping_text: text }: api.SaveTestRequest,
  { config }: Plan,
): Mapping | undefined {
  return text === undefined ? stored : compileText({ name: stored.name, text }, config.mappingsDir).mapping;
}

interface TestText {
  readonly mapping: Mapping;
  readonly request: api.SaveTestRequest;
  readonly plan: Plan;
  readonly ledger: Pick<Ledger, 'event'>;
}

/** The test as a list of its own, to be put behind those that are there. */
async function testText({ mapping, request, plan, ledger }: TestText): Promise<string | Refused> {
  const from = formats.get(mapping.from) as Format;
  const to = formats.get(mapping.to) as Format;
  const input = await requestOfInput(request.event, { format: from, ledger, receivedAt: RECEIVED_AT });
  if ('kind' in input) return input;
  const reading = from.read(input, {});
  if (reading.kind !== 'event') return refuse(422, 'EVENT_INVALID', `the payload is no event of format ${from.name}`);
  const params: JsonObject = { ...plan.config.params, ...(request.params as JsonObject | undefined) };
  const { name } = from;
  const scope = unsavedScope({ source: name, format: name, event: reading.event, request: input, params });
  const options = plan.config.targets.find(({ name }) => name === request.target)?.options ?? {};
  const prepared = prepareRequests({ mapping, scope, target: { format: to, options } });
  return withCapturedTest('', { name: request.name, request: input, mapping, params, options, prepared });
}

interface Written {
  readonly before: string;
  readonly written: string;
  readonly file: string;
  readonly mapping: Mapping;
  readonly plan: Plan;
  readonly name: string;
}

/** Why the file must not become that: a name that is taken, a secret, a test that would not pass. */
function faultOf({ before, written, file, mapping, plan, name }: Written): Refused | undefined {
  const run = (text: string) => testsBeside({ mapping, file, text, params: plan.config.params });
  if (before !== '' && run(before).results.some((result) => result.name === name))
    return refuse(409, 'TEST_EXISTS', `there is a test "${name}" already`);
  if (plan.secrets.some((secret) => written.includes(secret) && !before.includes(secret)))
    return refuse(422, 'TEST_HOLDS_SECRET', 'the test would hold a secret of the configuration');
  const { results, problems } = run(written);
  const [problem] = problems;
  if (problem) return refuse(422, problem.code, `${file} cannot take a test: ${problem.message}`);
  if (results.find((result) => result.name === name)?.passed) return undefined;
  return refuse(422, 'TEST_UNSTABLE', 'what the mapping makes of this event cannot be expected in a test');
}

/** The whole file or nothing, whatever happens meanwhile. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  writeFileSync(draft, text, { flag: 'wx' });
  renameSync(draft, path);
}

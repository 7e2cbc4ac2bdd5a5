/** Adds a test to the file beside a mapping: at its end, the whole file or nothing, and only one that passes there and holds no secret. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { createMask } from '../admin/mask.ts';
import { formats } from '../formats/index.ts';
import type { Problem } from '../kit/problem.ts';
import { shownPath } from '../kit/shown.ts';
import type { Format } from '../model/format.ts';
import type { JsonObject } from '../model/json.ts';
import { type Prepared, prepareRequests } from '../translate/prepare.ts';
import { type CapturedTest, capturedTest } from './capture-test.ts';
import { readTests } from './mapping-files.ts';
import type { Plan } from './plan.ts';
import { standInParams } from './stand-ins.ts';
import { testsBeside } from './test-mapping.ts';
import { unsavedScope } from './unsaved-scope.ts';

export interface TestToAdd extends Omit<CapturedTest, 'prepared'> {
  /** The file of the mapping's tests; it need not be there. */
  readonly path: string;
  readonly plan: Pick<Plan, 'config' | 'secrets' | 'filled'>;
}

/** A test that may be written, and the file that it makes. */
export interface TestDraft {
  readonly kind: 'draft';
  readonly path: string;
  /** As it is to be shown. */
  readonly file: string;
  /** The test alone. */
  readonly text: string;
  readonly whole: string;
}

export interface TestRefusal {
  readonly kind: 'refusal';
  readonly code: string;
  readonly message: string;
}

/** The test of what a mapping makes of a request now, or why the file must not take it. Writes nothing. */
export function draftTest(test: TestToAdd): TestDraft | TestRefusal {
  const { path, mapping, request, sourceOptions, options, params } = test;
  const file = shownPath(path);
  const read = readTests(path) ?? { text: '' };
  if ('problem' in read) return cannotTake(file, read.problem);
  const before = read.text;
  const from = formats.get(mapping.from) as Format;
  const to = formats.get(mapping.to) as Format;
  const reading = from.read(request, sourceOptions);
  if (reading.kind !== 'event') return refusal('EVENT_INVALID', `the payload is no event of format ${from.name}`);
  const { name } = from;
  const preparedWith = (given: JsonObject): Prepared => {
    const scope = unsavedScope({ source: name, format: name, event: reading.event, request, params: given });
    return prepareRequests({ mapping, scope, target: { format: to, options } });
  };
  const real = preparedWith(params);
  const harmless = standInParams(params, mapping, test.plan);
  const standIn = preparedWith(harmless);
  const text = capturedTest(
    isAlike(real, standIn) ? { ...test, params: harmless, prepared: standIn } : { ...test, prepared: real },
  );
  const draft: TestDraft = { kind: 'draft', path, file, text, whole: withTest(before, text) };
  return faultOf(draft, before, test) ?? draft;
}

/** Whether a test with the one says of the mapping what a test with the other would. */
function isAlike(one: Prepared, other: Prepared): boolean {
  if (one.kind === 'requests') {
    const outline = ({ requests }: typeof one): string[] => requests.map(({ event, method }) => `${method} ${event}`);
    return other.kind === 'requests' && isDeepStrictEqual(outline(one), outline(other));
  }
  return one.kind === other.kind && one.reason.code === other.reason.code;
}

/** Undefined where it is done; else the file is what it was. */
export function writeTest({ path, file, whole }: TestDraft): TestRefusal | undefined {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, whole, { flag: 'wx' });
    renameOver(draft, path);
    return undefined;
  } catch (error) {
    return refusal('FILE_UNWRITABLE', `${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

function renameOver(draft: string, path: string): void {
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** What stands in the file stays as it is, byte for byte; the test is indented as the list there is. */
function withTest(before: string, test: string): string {
  if (before.trim() === '') return test;
  const indent = /^ *(?=- )/m.exec(before)?.[0] ?? '';
  return `${before.trimEnd()}\n\n${test.replace(/^(?=.)/gm, indent)}`;
}

/** Why the file must not become that: a name that is taken, a secret, a test that would not pass. */
function faultOf({ file, text, whole }: TestDraft, before: string, test: TestToAdd): TestRefusal | undefined {
  const { mapping, name, plan } = test;
  const run = (tests: string) => testsBeside({ mapping, file, text: tests, params: plan.config.params });
  const { results: there, problems: wrong } = holdsNothing(before) ? { results: [], problems: [] } : run(before);
  if (wrong[0]) return cannotTake(file, wrong[0]);
  if (there.some((result) => result.name === name))
    return refusal('TEST_EXISTS', `there is a test "${name}" already in ${file}`);
  if (holdsSecret(text, plan.secrets))
    return refusal('TEST_HOLDS_SECRET', 'the test would hold a secret of the configuration');
  const { results, problems } = run(whole);
  if (problems[0]) return refusal(problems[0].code, `${file} cannot take a test: ${problems[0].message}`);
  if (results.find((result) => result.name === name)?.passed) return undefined;
  return refusal('TEST_UNSTABLE', 'what the mapping makes of this event cannot be expected in a test');
}

/** Nothing but comments. */
function holdsNothing(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
}

function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return createMask(() => secrets)(text) !== text;
}

function cannotTake(file: string, { at, code, message }: Problem): TestRefusal {
  return refusal(code, `${file} cannot take a test: ${at ? `line ${at.line}: ` : ''}${message}`);
}

function refusal(code: string, message: string): TestRefusal {
  return { kind: 'refusal', code, message };
}

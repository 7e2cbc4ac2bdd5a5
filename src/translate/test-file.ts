/** Runs the tests that stand beside a mapping: wire payloads in, the requests that the target would get out. */
import type { Problem } from '../kit/problem.ts';
import type { EventScope, RawRequest, RecognisedEvent } from '../model/event.ts';
import type { Format } from '../model/format.ts';
import type { JsonObject } from '../model/json.ts';
import type { Mapping } from './mapping.ts';
import { prepareRequests } from './prepare.ts';
import type { Difference } from './testing/difference.ts';
import { actualRequest, compareRequests } from './testing/expected-request.ts';
import { type MappingTest, readTestFile } from './testing/read-test-file.ts';

export interface MappingTestRun {
  /** As it is to be shown. */
  readonly file: string;
  readonly text: string;
  readonly mapping: Mapping;
  readonly formats: ReadonlyMap<string, Format>;
  /** The configuration's; a test's own `params` come before them. */
  readonly params: JsonObject;
  readonly buildScope: (parts: {
    readonly format: string;
    readonly event: RecognisedEvent;
    readonly request: RawRequest;
    readonly params: JsonObject;
  }) => EventScope;
}

export interface MappingTestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly differences: readonly Difference[];
}

export interface MappingTestResults {
  readonly results: readonly MappingTestResult[];
  /** What is wrong with the file itself; tests with mistakes are not run. */
  readonly problems: readonly Problem[];
}

/** Pure. A test that fails is a result, a test that cannot be read is a problem. */
export function runMappingTests(run: MappingTestRun): MappingTestResults {
  const from = run.formats.get(run.mapping.from);
  const to = run.formats.get(run.mapping.to);
  if (!from || !to) throw new Error(`mapping ${run.mapping.name} is of formats that are not there`);
  const { tests, problems } = readTestFile({ file: run.file, text: run.text, format: from, to, mapping: run.mapping });
  const results = tests.map((test) => {
    const found = runTest(test, { run, from, to });
    return { name: test.name, passed: found.length === 0, differences: found };
  });
  return { results, problems };
}

interface Formats {
  readonly run: MappingTestRun;
  readonly from: Format;
  readonly to: Format;
}

function runTest(test: MappingTest, { run, from, to }: Formats): Difference[] {
  const reading = from.read(test.request, test.sourceOptions);
  if (reading.kind !== 'event') return compareRefusal(test, reading);
  const params = { ...run.params, ...test.params };
  const scope = run.buildScope({ format: from.name, event: reading.event, request: test.request, params });
  const lacking = [...run.mapping.params].find(([name, { required }]) => required && params[name] === undefined);
  if (lacking) return [{ path: `params.${lacking[0]}`, expected: lacking[1].about, actual: undefined }];
  const prepared = prepareRequests({ mapping: run.mapping, scope, target: { format: to, options: test.options } });
  const { expected } = test;
  switch (prepared.kind) {
    case 'requests':
      if (expected.kind === 'requests') return compareRequests(expected.requests, prepared.requests);
      return [{ path: '', expected: wanted(expected), actual: prepared.requests.map(actualRequest) }];
    case 'dropped':
      if (expected.kind === 'drop' && prepared.reason.message.includes(expected.reason)) return [];
      return [{ path: '', expected: wanted(expected), actual: `dropped: ${prepared.reason.message}` }];
    case 'dead': {
      const { code, message } = prepared.reason;
      if (expected.kind === 'error' && (code === expected.error || message.includes(expected.error))) return [];
      return [{ path: '', expected: wanted(expected), actual: `error ${code}: ${message}` }];
    }
  }
}

type Refusal = Exclude<ReturnType<Format['read']>, { readonly kind: 'event' }>;

function compareRefusal({ expected }: MappingTest, reading: Refusal): Difference[] {
  const text = refusalText(reading);
  if (expected.kind === 'error' && text.includes(expected.error)) return [];
  return [{ path: 'event', expected: wanted(expected), actual: text }];
}

function refusalText(reading: Refusal): string {
  switch (reading.kind) {
    case 'ignored':
      return `ignored: the format has no event ${reading.type}`;
    case 'malformed':
      return `malformed: ${reading.code}: ${reading.message}`;
    case 'invalid':
      return `invalid: ${reading.problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`;
  }
}

function wanted(expected: MappingTest['expected']): unknown {
  switch (expected.kind) {
    case 'requests':
      return expected.requests;
    case 'drop':
      return expected.reason === '' ? 'dropped' : `dropped: …${expected.reason}…`;
    case 'error':
      return `error …${expected.error}…`;
  }
}

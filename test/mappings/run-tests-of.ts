/** Runs the tests that stand beside a mapping, as `dragoman test` does. */
import { formats } from '../../src/formats/index.ts';
import { formatProblem } from '../../src/kit/problem.ts';
import { buildScope } from '../../src/receive/scope.ts';
import type { Mapping } from '../../src/translate/mapping.ts';
import { type MappingTestResult, runMappingTests } from '../../src/translate/test-file.ts';

export interface TestedMapping {
  readonly passed: number;
  readonly failures: readonly MappingTestResult[];
  readonly problems: readonly string[];
}

export function runTestsOf(mapping: Mapping, test: { readonly path: string; readonly text: string }): TestedMapping {
  const { results, problems } = runMappingTests({
    file: test.path,
    text: test.text,
    mapping,
    formats,
    params: {},
    buildScope({ format, event, request, params }) {
      const { receivedAt } = request;
      const envelope = { id: 'evt_00000000000000000000000000', source: format, format, receivedAt, ...event };
      return buildScope({ envelope, request, recognised: event, params });
    },
  });
  const failures = results.filter(({ passed }) => !passed);
  return { passed: results.length - failures.length, failures, problems: problems.map(formatProblem) };
}

/** A mapping's own tests, run with the formats of this house. */
import { formats } from '../formats/index.ts';
import type { JsonObject } from '../model/json.ts';
import { buildScope } from '../receive/scope.ts';
import type { Mapping } from '../translate/mapping.ts';
import { type MappingTestResults, runMappingTests } from '../translate/test-file.ts';

/** An event that was never stored has no id of its own; this one shows that. */
export const NO_EVENT_ID = 'evt_00000000000000000000000000';

export interface TestsBeside {
  readonly mapping: Mapping;
  /** As it is to be shown. */
  readonly file: string;
  readonly text: string;
  /** The configuration's. */
  readonly params: JsonObject;
}

export function testsBeside(tests: TestsBeside): MappingTestResults {
  return runMappingTests({
    ...tests,
    formats,
    buildScope: ({ format, event, request, params }) =>
      buildScope({
        envelope: { id: NO_EVENT_ID, source: format, format, receivedAt: request.receivedAt, ...event },
        request,
        recognised: event,
        params,
      }),
  });
}

/** A mapping's own tests, run with the formats of this house. */
import { formats } from '../formats/index.ts';
import type { JsonObject } from '../model/json.ts';
import type { Mapping } from '../translate/mapping.ts';
import { type MappingTestResults, runMappingTests } from '../translate/test-file.ts';
import { unsavedScope } from './unsaved-scope.ts';

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
    buildScope: (parts) => unsavedScope({ ...parts, source: parts.format }),
  });
}

/** `dragoman test [NAME…]`: runs the tests that stand beside the mappings and shows each difference field by field. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { formatProblem, nearest, type Problem } from '../kit/problem.ts';
import { loadMappingsFrom, mappingFiles, shown } from '../plan/make-plan.ts';
import { buildScope } from '../receive/scope.ts';
import { type MappingTestResult, runMappingTests } from '../translate/test-file.ts';
import { problemReport } from './problem-report.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

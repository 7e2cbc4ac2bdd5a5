/** Conditions in json-logic, as `when` and `$if` have them. */
import type { Position } from '../../kit/problem.ts';
import type { YamlEntry } from '../../kit/yaml.ts';
import type { CompiledLogic, LogicUse } from '../logic.ts';
import { type Run, RunError } from '../run.ts';
import type { StructureContext } from './structure.ts';

/** Its mistakes are reported and its paths count as read. */
export function compileCondition(
  { value }: YamlEntry,
  context: StructureContext,
  use: LogicUse = 'condition',
): CompiledLogic | undefined {
  const { logic, problems } = context.compileLogic(value, [context.scope], use);
  for (const problem of problems) context.report(problem);
  for (const path of logic?.paths ?? []) context.onPath(path.split('.'), value.at);
  return logic;
}

/** Whether a condition holds. One that throws stops the run, with the place. */
export function holds(logic: CompiledLogic, run: Run, at: Position): boolean {
  try {
    return logic.truthy(run.scope);
  } catch (error) {
    throw logicError(error, at);
  }
}

export function logicError(error: unknown, at: Position): RunError {
  return new RunError('MAPPING_LOGIC', `json-logic: ${(error as Error).message}`, at);
}

/** Conditions in json-logic, as `when` and `$if` have them. */
import type { Position } from '../../kit/problem.ts';
import type { YamlEntry } from '../../kit/yaml.ts';
import type { CompiledLogic, LogicUse } from '../logic.ts';
import { placed, type Run, RunError, spend, ValueError } from '../run.ts';
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

/** Whether a condition holds. One that throws, or takes what the run has left, stops the run, with the place. */
export function holds(logic: CompiledLogic, run: Run, at: Position): boolean {
  return worked(run, at, () => logic.truthy(run.scope, run.meter));
}

/** What json-logic works out on the run's meter. */
export function worked<T>(run: Run, at: Position, work: () => T): T {
  try {
    const value = work();
    spend(run.meter, 0);
    return value;
  } catch (error) {
    if (error instanceof ValueError) throw placed(error, at);
    throw new RunError('MAPPING_LOGIC', `json-logic: ${(error as Error).message}`, at);
  }
}

/** A list of problems as every command ends with it: each with its place, and how many there are. */
import { formatProblem, type Problem } from '../kit/problem.ts';
import { counted, Failure } from './terminal.ts';

/** The failure of a command whose configuration or mappings have problems. */
export function problemFailure(problems: readonly Problem[]): Failure {
  const count = counted(problems.length, 'problem');
  return new Failure(`${count} in the configuration\n${problems.map(formatProblem).join('\n')}`);
}

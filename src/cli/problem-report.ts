/** A list of problems as every command prints it: each with its place, and how many there are. */
import { formatProblem, type Problem } from '../kit/problem.ts';

export function problemReport(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `Error: ${count} in the configuration\n${problems.map(formatProblem).join('\n')}`;
}

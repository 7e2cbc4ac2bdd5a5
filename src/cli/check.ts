/** `dragoman check`: everything that `serve` would refuse, without serving. */
import { makePlan } from '../plan/make-plan.ts';
import { problemFailure } from './problem-failure.ts';
import { counted, type Terminal } from './terminal.ts';

export function run({
  options,
  terminal,
}: {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}): void {
  const { plan, problems } = makePlan({ configPath: String(options.config), env: process.env });
  if (options.json) {
    terminal.json({ ok: problems.length === 0, problems });
    if (problems.length > 0) process.exitCode = 1;
    return;
  }
  if (!plan) throw problemFailure(problems);
  const { sources, targets, rules } = plan.config;
  terminal.print(
    `${terminal.paint('green', 'ok')}  ${counted(sources.length, 'source')}, ${counted(targets.length, 'target')}, ${counted(rules.length, 'rule')}, ${counted(plan.mappings.size, 'mapping')}`,
  );
}

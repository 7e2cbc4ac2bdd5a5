/** Runs one expression on data whose fields are all unknown to the checker. */
import type { Problem } from '../../src/kit/problem.ts';
import type { Schema } from '../../src/model/schema.ts';
import { compileExpression } from '../../src/translate/expression/compile.ts';
import type { CompiledExpression } from '../../src/translate/expression/compiled.ts';
import { createMeter } from '../../src/translate/run.ts';

export const OPEN_SCOPE: Schema = {
  type: 'object',
  properties: { data: {} },
  required: ['data'],
  additionalProperties: false,
};

export function compileFor(
  text: string,
  scope: Schema,
): { compiled: CompiledExpression | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const compiled = compileExpression(text, {
    scope,
    position: (index) => ({ file: 'test.yaml', line: 1, column: index + 1 }),
    report: (problem) => void problems.push(problem),
    onPath: () => undefined,
  });
  return { compiled, problems };
}

export function evaluateExpression(text: string, data: unknown): unknown {
  const { compiled, problems } = compileFor(text, OPEN_SCOPE);
  if (!compiled || problems.length > 0) throw new Error(JSON.stringify(problems));
  return compiled.evaluate({ scope: { data }, meter: createMeter(), trace: null });
}

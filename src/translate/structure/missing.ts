/** Missing values: reported at load where a field may be missing and nothing handles it, and named where a run stops at one. */
import type { Position } from '../../kit/problem.ts';
import type { CompiledExpression } from '../expression/compiled.ts';
import { MISSING, type Run, RunError } from '../run.ts';
import type { StructureContext } from './structure.ts';

export function reportOptional({ missing }: CompiledExpression, { report }: StructureContext): void {
  for (const { text, at } of missing) {
    const advice = text.startsWith('the result')
      ? '| default X behind it, or a ? to leave the field out'
      : `${text}? to leave the field out, or ${text} | default X`;
    report({ at, code: 'MAPPING_OPTIONAL_VALUE', message: `${text} may be missing`, try: advice });
  }
}

/** What to throw where a value is missing: names the paths of the expression that have no value in this event. */
export function missingValue(compiled: CompiledExpression, run: Run, at: Position): RunError {
  const silent = { ...run, trace: null };
  const lacking = compiled.reads.filter(({ read }) => read(silent) === MISSING).map(({ text }) => text);
  const names = [...new Set(lacking.length > 0 ? lacking : compiled.missing.map(({ text }) => text))];
  const verb = names.length > 1 ? 'are' : 'is';
  return new RunError('MAPPING_MISSING_VALUE', `${names.join(' and ') || 'the value'} ${verb} missing`, at);
}

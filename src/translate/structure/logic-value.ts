/** `{ $logic: json-logic }`: any value that json-logic can work out. */
import type { YamlMap } from '../../kit/yaml.ts';
import { type Evaluate, type Run, RunError, spendValue } from '../run.ts';
import { compileCondition, worked } from './condition.ts';
import { requiredEntry } from './keys.ts';
import type { Structure, StructureContext } from './structure.ts';

export function compileLogicValue(node: YamlMap, context: StructureContext): Structure | undefined {
  const where = requiredEntry(node, '$logic');
  const logic = compileCondition(where, context, 'value');
  if (!logic) return undefined;
  const { at } = where.value;
  const work = ({ scope, meter }: Run): unknown => {
    const value = logic.evaluate(scope, meter);
    spendValue(meter, value);
    return value;
  };
  const evaluate: Evaluate = (run) => {
    const value = worked(run, at, () => work(run));
    if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new RunError('MAPPING_MISSING_VALUE', 'the json-logic gives no value', at);
    }
    if (run.trace !== null) {
      const operands = logic.trace(run.scope).flatMap((step) => step.operands);
      for (const { path, value: read } of operands) if (path !== null) run.trace.path(path, read ?? undefined);
      run.trace.leaf(at, value);
    }
    return value;
  };
  return { evaluate, at, schema: {}, omits: false };
}

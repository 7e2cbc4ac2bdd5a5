/** `{ $switch: ${…}, cases: { value: … }, default: … }`: the piece of the case that the value is. */
import { nearest } from '../../kit/problem.ts';
import type { YamlEntry, YamlMap } from '../../kit/yaml.ts';
import type { CompiledExpression } from '../expression/compiled.ts';
import { anyOf } from '../operators/operator.ts';
import { type Evaluate, MISSING, RunError } from '../run.ts';
import { entry, requiredEntry } from './keys.ts';
import { missingValue, reportOptional } from './missing.ts';
import type { Structure, StructureContext } from './structure.ts';
import { compileKey, keyText, readBy } from './subject.ts';

export function compileSwitch(node: YamlMap, context: StructureContext): Structure | undefined {
  const subject = requiredEntry(node, '$switch').value;
  const compiled = compileKey(subject, '$switch', context);
  const cases = compileCases(requiredEntry(node, 'cases'), compiled, context);
  const defaultEntry = entry(node, 'default');
  const otherwise = defaultEntry && context.compile(defaultEntry.value, context);
  if (!compiled || !cases || (defaultEntry && !otherwise)) return undefined;
  if (!otherwise) reportOptional(compiled, context);
  const { at } = subject;
  const evaluate: Evaluate = (run) => {
    const value = compiled.evaluate(run);
    const isMissing = value === MISSING || value === undefined;
    const found = isMissing ? undefined : cases.get(keyText(value, at));
    if (found) return found.evaluate(run);
    if (otherwise) return otherwise.evaluate(run);
    if (value === undefined) return undefined;
    if (value === MISSING) throw missingValue(compiled, run, at);
    const message = `none of the cases is ${readBy(compiled)}, and there is no default`;
    throw new RunError('MAPPING_BAD_VALUE', message, at);
  };
  const branches = [...cases.values(), ...(otherwise ? [otherwise] : [])];
  const omits = branches.some((one) => one.omits) || (!otherwise && compiled.omits);
  return { evaluate, at: node.at, schema: anyOf(branches.map((one) => one.schema)), omits, branches };
}

function compileCases(
  { value: node }: YamlEntry,
  subject: CompiledExpression | undefined,
  context: StructureContext,
): ReadonlyMap<string, Structure> | undefined {
  if (node.kind !== 'map' || node.entries.length === 0) {
    const message = 'cases holds one key for each value';
    context.report({ at: node.at, code: 'MAPPING_SHAPE', message, try: 'cases: { normal: …, low-latency: … }' });
    return undefined;
  }
  const possible = subject && possibleValues(subject);
  const cases = new Map<string, Structure>();
  for (const { key, keyAt, value } of node.entries) {
    const structure = context.compile(value, context);
    if (structure) cases.set(key, structure);
    if (!possible || possible.includes(key)) continue;
    const advice = nearest(key, possible) ?? `one of ${possible.join(', ')}`;
    context.report({ at: keyAt, code: 'MAPPING_CASE', message: `the value is never ${key}`, try: advice });
  }
  return cases.size < node.entries.length ? undefined : cases;
}

function possibleValues({ schema }: CompiledExpression): readonly string[] | undefined {
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  return values?.map(String);
}

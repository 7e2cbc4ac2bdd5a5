/** `{ $if: json-logic, then: …, else: … }`: without else the key is left out. */
import type { YamlMap } from '../../kit/yaml.ts';
import { anyOf } from '../operators/operator.ts';
import { compileCondition, holds } from './condition.ts';
import { entry, requiredEntry } from './keys.ts';
import type { Structure, StructureContext } from './structure.ts';

export function compileIf(node: YamlMap, context: StructureContext): Structure | undefined {
  const { at } = node;
  const condition = requiredEntry(node, '$if');
  const logic = compileCondition(condition, context);
  // A fragment's condition may well be settled by the place where it is used.
  if (logic?.constant !== undefined && context.inside.length === 0) {
    const message = `this is ${logic.constant ? 'always' : 'never'} true`;
    const advice = 'correct the condition, or keep only the part that counts';
    context.report({ at: condition.value.at, code: 'MAPPING_CONDITION', message, try: advice });
  }
  const then = context.compile(requiredEntry(node, 'then').value, context);
  const elseEntry = entry(node, 'else');
  const otherwise = elseEntry && context.compile(elseEntry.value, context);
  if (!logic || !then || (elseEntry && !otherwise)) return undefined;
  const branches = otherwise ? [then, otherwise] : [then];
  return {
    evaluate: (run) => (holds(logic, run, at) ? then.evaluate(run) : otherwise?.evaluate(run)),
    at,
    schema: anyOf(branches.map((branch) => branch.schema)),
    omits: !otherwise || branches.some((branch) => branch.omits),
    branches,
  };
}

/** Written lists: a piece that gives nothing is left out. */
import type { YamlList } from '../../kit/yaml.ts';
import { anyOf } from '../operators/operator.ts';
import { type Evaluate, spend } from '../run.ts';
import type { Structure, StructureContext } from './structure.ts';

export function compileList(node: YamlList, context: StructureContext): Structure | undefined {
  const compiled = node.items.map((item) => context.compile(item, context));
  const items = compiled.filter((item) => item !== undefined);
  if (items.length < compiled.length) return undefined;
  const evaluate: Evaluate = (run) => {
    const made: unknown[] = [];
    for (let i = 0; i < items.length; i++) {
      if (run.trace !== null) run.trace.enter(i);
      const value = (items[i] as Structure).evaluate(run);
      if (value !== undefined) made.push(value);
      if (run.trace !== null) run.trace.leave();
    }
    spend(run.meter, items.length);
    return made;
  };
  const schema = { type: 'array', items: anyOf(items.map((item) => item.schema)) } as const;
  return { evaluate, at: node.at, schema, omits: false, items };
}

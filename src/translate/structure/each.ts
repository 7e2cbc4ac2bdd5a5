/** `{ $each: data.list, as: item, do: … }`: a list with what is made of each item. */
import type { YamlMap } from '../../kit/yaml.ts';
import type { Evaluate } from '../run.ts';
import { requiredEntry } from './keys.ts';
import { compileLoop, overItems } from './loop.ts';
import type { Structure, StructureContext } from './structure.ts';

export function compileEach(node: YamlMap, context: StructureContext): Structure | undefined {
  const loop = compileLoop(node, context);
  const body = loop && context.compile(requiredEntry(node, 'do').value, loop.inner);
  if (!loop || !body) return undefined;
  const evaluate: Evaluate = (run) => {
    const items = loop.items(run);
    if (items === undefined) return undefined;
    const made: unknown[] = [];
    overItems(run, items, loop.name, (index) => {
      run.trace?.enter(index);
      const value = body.evaluate(run);
      if (value !== undefined) made.push(value);
      run.trace?.leave();
      return false;
    });
    return made;
  };
  return { evaluate, at: node.at, schema: { type: 'array', items: body.schema }, omits: loop.omits, each: body };
}

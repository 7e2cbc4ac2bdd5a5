/** Leaves: literals, one whole `${…}` that keeps its type, or text with `${…}` in it. */
import type { Position } from '../../kit/problem.ts';
import type { YamlValue } from '../../kit/yaml.ts';
import { compileExpression } from '../expression/compile.ts';
import { type Evaluate, MISSING, placed, type Run, spendValue } from '../run.ts';
import { splitTemplate, type TemplatePart } from '../template.ts';
import { schemaOfLiteral } from '../value-types.ts';
import { expressionContext } from './expression-context.ts';
import { compileJoined } from './joined.ts';
import { missingValue, reportOptional } from './missing.ts';
import { pathAsText } from './path-as-text.ts';
import type { Structure, StructureContext } from './structure.ts';

export function compileLeaf(node: YamlValue, context: StructureContext): Structure | undefined {
  const { value, at } = node;
  if (typeof value !== 'string') return constant(value, at);
  const split = splitTemplate(value);
  if ('unclosedAt' in split) {
    const message = 'this ${ has no closing }';
    const advice = 'close it with }, or write $${ for the text itself';
    context.report({ at: node.positionOf(split.unclosedAt), code: 'MAPPING_UNCLOSED', message, try: advice });
    return undefined;
  }
  const { parts } = split;
  if (refusePath(node, value, { parts, context })) return undefined;
  if (parts.every((part) => part.kind === 'text')) return constant(parts.map((part) => part.text).join(''), at);
  const [only] = parts;
  if (only?.kind === 'expression' && parts.length === 1) return compileWhole(node, only, context);
  return compileJoined(node, parts, context);
}

/** True where a path stands outside of `${…}`, which is reported. */
function refusePath(
  node: YamlValue,
  value: string,
  { parts, context }: { readonly parts: readonly TemplatePart[]; readonly context: StructureContext },
): boolean {
  let outside = value;
  for (const part of parts) {
    if (part.kind !== 'expression') continue;
    const [open, close] = [part.at - 2, part.at + part.text.length + 1];
    outside = outside.slice(0, open) + ' '.repeat(close - open) + outside.slice(close);
  }
  const found = pathAsText(outside, context.scope);
  if (!found) return false;
  const message = `"${found.written}" is text here, and not the field of the event`;
  const at = node.positionOf(found.index);
  context.report({ at, code: 'MAPPING_EXPRESSION', message, try: `\${${found.path}}` });
  return true;
}

function constant(value: unknown, at: Position): Structure {
  const evaluate: Evaluate = (run) => {
    if (run.trace !== null) run.trace.leaf(at, value);
    return value;
  };
  return { evaluate, at, schema: schemaOfLiteral(value), omits: false };
}

/** What is missing and not handled stops the run here. */
function compileWhole(
  node: YamlValue,
  part: { readonly text: string; readonly at: number },
  context: StructureContext,
): Structure | undefined {
  const compiled = compileExpression(part.text, expressionContext(node, part.at, context));
  if (!compiled) return undefined;
  reportOptional(compiled, context);
  const at = node.positionOf(part.at);
  const read = compiled.evaluate;
  const evaluate: Evaluate = (run) => {
    const value = read(run);
    if (value === MISSING) throw missingValue(compiled, run, at);
    if (typeof value === 'object' || (typeof value === 'string' && value.length > 256)) charge(run, value, at);
    if (run.trace !== null) run.trace.leaf(at, value);
    return value;
  };
  return { evaluate, at, schema: compiled.schema, omits: compiled.omits };
}

function charge(run: Run, value: unknown, at: Position): void {
  try {
    spendValue(run.meter, value);
  } catch (error) {
    throw placed(error, at);
  }
}

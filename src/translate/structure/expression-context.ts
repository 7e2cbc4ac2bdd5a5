/** What an expression sees that stands in a leaf of a mapping. */
import type { YamlValue } from '../../kit/yaml.ts';
import type { ExpressionContext } from '../expression/compiled.ts';
import type { StructureContext } from './structure.ts';

/** The context of an expression that begins at the index `offset` of a leaf's text. */
export function expressionContext(node: YamlValue, offset: number, context: StructureContext): ExpressionContext {
  const { scope, report, onPath } = context;
  return { scope, report, onPath, position: (index) => node.positionOf(offset + index) };
}

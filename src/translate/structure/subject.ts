/** What `$each`, `$switch` and `$table` look at: one whole `${…}`, or for `$each` also a bare path. */
import type { Position } from '../../kit/problem.ts';
import type { YamlNode } from '../../kit/yaml.ts';
import { compileExpression } from '../expression/compile.ts';
import type { CompiledExpression } from '../expression/compiled.ts';
import type { ValueType } from '../operators/operator.ts';
import { describe, RunError } from '../run.ts';
import { splitTemplate } from '../template.ts';
import { typeName, unfitType } from '../value-types.ts';
import { expressionContext } from './expression-context.ts';
import type { StructureContext } from './structure.ts';

export interface SubjectForm {
  /** `data.recordUrl` may stand for `${data.recordUrl}`. */
  readonly bare: boolean;
}

export function compileSubject(
  node: YamlNode,
  { bare }: SubjectForm,
  context: StructureContext,
): CompiledExpression | undefined {
  const text = node.kind === 'value' && typeof node.value === 'string' ? node.value : undefined;
  const found = text === undefined ? undefined : expressionIn(text, bare);
  if (found && node.kind === 'value') {
    return compileExpression(found.text, expressionContext(node, found.at, context));
  }
  const [, path] = /^(?:\{\{\s*)?([\w.]+)(?:\s*\}\})?$/.exec(text ?? '') ?? [];
  const advice = path === undefined ? '${data.…}' : `\${${path}}`;
  context.report({ at: node.at, code: 'MAPPING_SUBJECT', message: 'one whole ${…} has to stand here', try: advice });
  return undefined;
}

const SINGLE: readonly ValueType[] = ['string', 'number', 'boolean'];

/** What a row or a case is found by: a single value, for whose text there is `keyText`. `who` looks for it. */
export function compileKey(node: YamlNode, who: string, context: StructureContext): CompiledExpression | undefined {
  const compiled = compileSubject(node, { bare: false }, context);
  const unfit = compiled && unfitType(compiled.schema, SINGLE);
  if (unfit === undefined) return compiled;
  const message = `${who} goes by a single value, and this is ${typeName(unfit)}`;
  const advice = unfit === 'array' ? '| first, | join ",", or $each for each of its items' : 'one of its fields';
  context.report({ at: node.at, code: 'MAPPING_SUBJECT', message, try: advice });
  return undefined;
}

export function keyText(value: unknown, at: Position): string {
  if (typeof value !== 'object' || value === null) return String(value);
  throw new RunError('MAPPING_BAD_VALUE', `${describe(value)} is no single value`, at);
}

/** What a row or a case is looked for by, without its value, which is the sender's: `this data.room_id`. */
export function readBy({ reads }: CompiledExpression): string {
  return `this ${[...new Set(reads.map(({ text }) => text))].join(' and ') || 'value'}`;
}

function expressionIn(text: string, bare: boolean): { readonly text: string; readonly at: number } | undefined {
  const split = splitTemplate(text);
  if ('unclosedAt' in split) return undefined;
  const [only] = split.parts;
  if (split.parts.length === 1 && only?.kind === 'expression') return only;
  return bare && split.parts.every((part) => part.kind === 'text') ? { text, at: 0 } : undefined;
}

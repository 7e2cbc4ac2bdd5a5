/** Expressions compiled to closures, and their types worked out on the way: one pass is both the compiler and the checker. */
import type { Schema } from '../../model/schema.ts';
import { anyOf } from '../operators/operator.ts';
import { type Evaluate, MISSING } from '../run.ts';
import { compileCall } from './call.ts';
import { type CompiledExpression, type ExpressionContext, literalExpression } from './compiled.ts';
import { type Expression, parseExpression } from './parse.ts';
import { compilePath, lookUp } from './path.ts';
import { ExpressionError } from './tokens.ts';
import { unknownPath } from './unknown-path.ts';

/** Undefined where the expression has mistakes; each is reported. */
export function compileExpression(text: string, context: ExpressionContext): CompiledExpression | undefined {
  try {
    return compileTree(parseExpression(text), context);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const at = context.position(error.at);
    const advice = error.advice === undefined ? {} : { try: error.advice };
    context.report({ at, code: 'MAPPING_EXPRESSION', message: error.message, ...advice });
    return undefined;
  }
}

export function compileTree(tree: Expression, context: ExpressionContext): CompiledExpression | undefined {
  switch (tree.kind) {
    case 'literal':
      return literalExpression(tree.value);
    case 'path':
      return compilePathExpression(tree, context);
    case 'list':
      return compileList(tree.items, context);
    case 'either':
      return compileEither(tree.options, context);
    case 'optional':
      return compileOptional(tree.of, context);
    case 'call':
      return compileCall(tree, context, compileTree);
  }
}

function compilePathExpression(
  tree: Expression & { kind: 'path' },
  context: ExpressionContext,
): CompiledExpression | undefined {
  const found = lookUp(context.scope, tree.steps, (index) => isQuoted(tree, index));
  if (found.kind === 'unknown') {
    const at = context.position(tree.stepsAt[found.step] ?? tree.at);
    context.report({ at, ...unknownPath({ tree, scope: context.scope, ...found }) });
    return undefined;
  }
  const at = context.position(tree.at);
  context.onPath(tree.steps, at);
  const missing = found.optional ? [{ text: tree.text, at }] : [];
  const read = compilePath(tree.steps, tree.text);
  return { evaluate: read, schema: found.schema, missing, omits: false, reads: [{ text: tree.text, read }] };
}

/** `raw.payload["newField"]`: whoever writes a step so means it. */
function isQuoted({ text, at, stepsAt }: Expression & { kind: 'path' }, index: number): boolean {
  return /^["']/.test(text.slice((stepsAt[index] ?? at) - at));
}

function compileList(items: readonly Expression[], context: ExpressionContext): CompiledExpression | undefined {
  const compiled = items.map((item) => compileTree(item, context));
  const whole = compiled.filter((item) => item !== undefined);
  if (whole.length < compiled.length) return undefined;
  const schema: Schema = { type: 'array', items: anyOf(whole.map((item) => item.schema)) };
  if (whole.every((item) => item.literal !== undefined)) {
    const value = Object.freeze(whole.map((item) => item.literal?.value));
    return literalExpression(value, schema);
  }
  const missing = whole.flatMap((item) => item.missing);
  const evaluate: Evaluate = (run) => {
    const values: unknown[] = [];
    for (const item of whole) {
      const value = item.evaluate(run);
      if (value === MISSING) return MISSING;
      if (value !== undefined) values.push(value);
    }
    return values;
  };
  return { evaluate, schema, missing, omits: false, reads: whole.flatMap((item) => item.reads) };
}

function compileEither(options: readonly Expression[], context: ExpressionContext): CompiledExpression | undefined {
  const compiled = options.map((option) => compileTree(option, context)).filter((option) => option !== undefined);
  if (compiled.length < options.length) return undefined;
  const evaluators = compiled.map((option) => option.evaluate);
  const evaluate: Evaluate = (run) => {
    let value: unknown = MISSING;
    for (const one of evaluators) {
      value = one(run);
      if (value !== MISSING && value !== undefined) return value;
    }
    return value;
  };
  const sure = compiled.some((option) => option.missing.length === 0 && !option.omits);
  const omits = !sure && (compiled.at(-1)?.omits ?? false);
  const last = compiled.at(-1)?.missing.at(-1);
  const text = compiled.flatMap((option) => option.missing.map((lacking) => lacking.text)).join(' ?? ');
  const missing = sure || omits || !last ? [] : [{ text, at: last.at }];
  return {
    evaluate,
    schema: anyOf(compiled.map((option) => option.schema)),
    missing,
    omits,
    reads: compiled.flatMap((option) => option.reads),
  };
}

function compileOptional(of: Expression, context: ExpressionContext): CompiledExpression | undefined {
  const inner = compileTree(of, context);
  if (!inner) return undefined;
  const { evaluate } = inner;
  return {
    evaluate: (run) => {
      const value = evaluate(run);
      return value === MISSING ? undefined : value;
    },
    schema: inner.schema,
    missing: [],
    omits: true,
    reads: inner.reads,
  };
}

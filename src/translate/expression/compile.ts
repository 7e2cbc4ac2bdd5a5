/** Expressions compiled to closures, and their types worked out on the way: one pass is both the compiler and the checker. */
import type { Position, Problem } from '../../kit/problem.ts';
import type { Schema } from '../../model/schema.ts';
import { operators } from '../operators/index.ts';
import { anyOf } from '../operators/operator.ts';
import { type Evaluate, MISSING } from '../run.ts';
import { schemaOfLiteral } from '../value-types.ts';
import { compileCall } from './call.ts';
import { type Expression, parseExpression } from './parse.ts';
import { compilePath, lookUp } from './path.ts';
import { ExpressionError } from './tokens.ts';

/** What stands around an expression. */
export interface ExpressionContext {
  /** What can be read here. */
  readonly scope: Schema;
  /** The place of a character of the expression. */
  readonly position: (index: number) => Position;
  readonly report: (problem: Problem) => void;
  /** Told of every path that is read. */
  readonly onPath: (steps: readonly string[], at: Position) => void;
}

export interface CompiledExpression {
  readonly evaluate: Evaluate;
  /** What the value is where there is one. */
  readonly schema: Schema;
  /** What may be missing without being handled. */
  readonly missing: readonly Lacking[];
  /** A `?` may leave the value out. */
  readonly omits: boolean;
  /** The paths that are read, to name those that have no value when a run stops. */
  readonly reads: readonly PathRead[];
  readonly literal?: { readonly value: unknown };
}

export interface PathRead {
  readonly text: string;
  readonly read: Evaluate;
}

export interface Lacking {
  readonly text: string;
  readonly at: Position;
}

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
    case 'literal': {
      const { value } = tree;
      return {
        evaluate: () => value,
        schema: schemaOfLiteral(value),
        missing: [],
        omits: false,
        reads: [],
        literal: { value },
      };
    }
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
  const found = lookUp(context.scope, tree.steps);
  if (found.kind === 'unknown') {
    const at = context.position(tree.stepsAt[found.step] ?? tree.at);
    context.report({ at, ...unknownPath(tree, found, context) });
    return undefined;
  }
  const at = context.position(tree.at);
  context.onPath(tree.steps, at);
  const missing = found.optional ? [{ text: tree.text, at }] : [];
  const read = compilePath(tree.steps, tree.text);
  return { evaluate: read, schema: found.schema, missing, omits: false, reads: [{ text: tree.text, read }] };
}

function unknownPath(
  tree: Expression & { kind: 'path' },
  found: { readonly step: number; readonly suggestion: string | undefined },
  context: ExpressionContext,
): { readonly code: string; readonly message: string; readonly try?: string } {
  const { steps, text } = tree;
  const code = 'MAPPING_UNKNOWN_PATH';
  if (steps[0] === 'params' && found.step === 1) {
    const advice =
      found.suggestion === undefined
        ? `declare it under params: { ${steps[1]}: { about: … } }`
        : `did you mean ${found.suggestion}?`;
    return { code: 'MAPPING_UNDECLARED_PARAM', message: `the mapping declares no param ${steps[1]}`, try: advice };
  }
  if (steps[0] === 'with') {
    const message =
      found.step === 0
        ? `${text} is only there in a fragment that is used with it`
        : `the fragment is not given ${text}`;
    return { code, message, try: `{ $use: …, with: { ${steps[1] ?? 'name'}: … } }` };
  }
  if (steps.length === 1) {
    const [word] = steps as [string];
    const operator = operators.has(word) ? word : undefined;
    if (operator !== undefined) {
      return {
        code,
        message: `${word} is an operator, not a value`,
        try: `put it behind a value: \${data.… | ${word}}`,
      };
    }
    const roots = Object.keys(context.scope.properties ?? {}).join(', ');
    const advice =
      found.suggestion === undefined ? `one of ${roots}, or "${word}" in quotes` : `did you mean ${found.suggestion}?`;
    return { code, message: `${word} is not known here`, try: advice };
  }
  const upTo = steps.slice(0, found.step + 1).join('.');
  const message = `${upTo === text ? text : `${text}: ${upTo}`} is not there in this event`;
  return found.suggestion === undefined
    ? { code, message }
    : { code, message, try: `did you mean ${found.suggestion}?` };
}

function compileList(items: readonly Expression[], context: ExpressionContext): CompiledExpression | undefined {
  const compiled = items.map((item) => compileTree(item, context));
  const whole = compiled.filter((item) => item !== undefined);
  if (whole.length < compiled.length) return undefined;
  const schema: Schema = { type: 'array', items: anyOf(whole.map((item) => item.schema)) };
  if (whole.every((item) => item.literal !== undefined)) {
    const value = Object.freeze(whole.map((item) => item.literal?.value));
    return { evaluate: () => value, schema, missing: [], omits: false, reads: [], literal: { value } };
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

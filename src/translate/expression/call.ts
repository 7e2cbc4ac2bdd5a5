/** `value | operator argument`: checked against the operator's definition, typed by it, and compiled to one closure. */
import type { Schema } from '../../model/schema.ts';
import { operators } from '../operators/index.ts';
import { itemsOf, type Operator } from '../operators/operator.ts';
import { compileApplication } from './apply.ts';
import { type Call, checkArgument, checkCount, checkTypes, definitionOf, isWord, reportUnknown } from './check-call.ts';
import { type CompiledExpression, type ExpressionContext, literalExpression } from './compiled.ts';
import type { Expression } from './parse.ts';

type CompileTree = (tree: Expression, context: ExpressionContext) => CompiledExpression | undefined;

/** Undefined where it has mistakes; each is reported. */
export function compileCall(
  call: Call,
  context: ExpressionContext,
  compile: CompileTree,
): CompiledExpression | undefined {
  const input = compile(call.input, context);
  const operator = operators.get(call.name);
  if (!operator) return reportUnknown(call, context);
  if (!checkCount(call, operator, context)) return undefined;
  const given = call.args.map((arg, index) => {
    const definition = definitionOf(operator, index);
    if (isWord(arg, definition, context)) return literalExpression(arg.text);
    const compiled = compile(arg, definition.perItem ? withItem(context, input?.schema ?? {}) : context);
    return compiled && checkArgument({ call, operator, definition, arg, compiled, context }) ? compiled : undefined;
  });
  const args = given.filter((arg) => arg !== undefined);
  if (!input || args.length < given.length || !checkTypes({ call, operator, input, args, context })) return undefined;
  const evaluate = compileApplication({ call, operator, input, args, context });
  return evaluate && { evaluate, ...typed({ call, operator, input, args, context }) };
}

interface Parts {
  readonly call: Call;
  readonly operator: Operator;
  readonly input: CompiledExpression;
  readonly args: readonly CompiledExpression[];
  readonly context: ExpressionContext;
}

/** What is known of the result. What is missing inside a per-item argument stops that item, so it is not missing here. */
function typed({ call, operator, input, args, context }: Parts): Omit<CompiledExpression, 'evaluate'> {
  const { gives, takesMissing, mayMiss } = operator;
  const schemas = args.map((arg) => arg.schema);
  const plain = args.filter((_, index) => !definitionOf(operator, index).perItem);
  const mayBeNothing = typeof mayMiss === 'function' ? mayMiss(input.schema, schemas) : mayMiss;
  const own = mayBeNothing ? [{ text: `the result of | ${call.name}`, at: context.position(call.at) }] : [];
  return {
    schema: typeof gives === 'function' ? gives(input.schema, schemas) : gives,
    missing: [...(takesMissing ? [] : input.missing), ...plain.flatMap((arg) => arg.missing), ...own],
    omits: (!takesMissing && input.omits) || plain.some((arg) => arg.omits),
    reads: [...input.reads, ...plain.flatMap((arg) => arg.reads)],
  };
}

function withItem(context: ExpressionContext, input: Schema): ExpressionContext {
  const { scope } = context;
  const properties = { ...scope.properties, it: itemsOf(input) };
  return { ...context, scope: { ...scope, properties, required: [...(scope.required ?? []), 'it'] } };
}

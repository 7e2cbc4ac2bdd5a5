/** `value | operator argument`: checked against the operator's definition and compiled to one closure. */
import { nearest } from '../../kit/problem.ts';
import type { Schema } from '../../model/schema.ts';
import { foreignNames } from '../operators/foreign-names.ts';
import { operators } from '../operators/index.ts';
import { type Argument, itemsOf, type Operator } from '../operators/operator.ts';
import { type Evaluate, type Meter, MISSING, type Run, RunError, spend, ValueError } from '../run.ts';
import { typeName, typeNames, unfitType } from '../value-types.ts';
import type { CompiledExpression, ExpressionContext } from './compile.ts';
import type { Expression } from './parse.ts';

type Call = Expression & { kind: 'call' };
type CompileTree = (tree: Expression, context: ExpressionContext) => CompiledExpression | undefined;

export function compileCall(
  call: Call,
  context: ExpressionContext,
  compile: CompileTree,
): CompiledExpression | undefined {
  const input = compile(call.input, context);
  const operator = operators.get(call.name);
  if (!operator) {
    context.report({ at: context.position(call.at), code: 'MAPPING_UNKNOWN_OPERATOR', ...unknownOperator(call.name) });
    return undefined;
  }
  if (!takesArguments(call, operator, context)) return undefined;
  const args = call.args.map((arg, index) => {
    const definition = definitionOf(operator, index);
    if (isWord(arg, definition, context)) return literal(arg.text);
    const inner = definition.perItem ? withItem(context, input?.schema ?? {}) : context;
    const compiled = compile(arg, inner);
    return compiled && checkArgument({ call, definition, arg, compiled, context }) ? compiled : undefined;
  });
  if (!input || args.some((arg) => arg === undefined)) return undefined;
  const unfit = unfitType(input.schema, operator.takes);
  if (unfit !== undefined) {
    const message = `| ${call.name} takes ${typeNames(operator.takes)}, and this is ${typeName(unfit)}`;
    const advice = adviceForInput(unfit, operator);
    context.report({ at: context.position(call.at), code: 'MAPPING_OPERATOR_INPUT', message, ...advice });
    return undefined;
  }
  return assemble({ call, operator, input, args: args as CompiledExpression[], context });
}

/** A text that may stand without quotes: `| time iso`. */
function isWord(
  arg: Expression,
  { choices, words }: Argument,
  { scope }: ExpressionContext,
): arg is Expression & { kind: 'path' } {
  if (arg.kind !== 'path' || arg.steps.length > 1 || Object.hasOwn(scope.properties ?? {}, arg.text)) return false;
  return (choices ?? words)?.includes(arg.text) ?? false;
}

function literal(value: string): CompiledExpression {
  return { evaluate: () => value, schema: { const: value }, missing: [], omits: false, reads: [], literal: { value } };
}

interface Parts {
  readonly call: Call;
  readonly operator: Operator;
  readonly input: CompiledExpression;
  readonly args: readonly CompiledExpression[];
  readonly context: ExpressionContext;
}

function assemble(parts: Parts): CompiledExpression | undefined {
  const { call, operator, input, args, context } = parts;
  const at = context.position(call.at);
  const apply = compileApply(parts);
  if (!apply) return undefined;
  const inputMissing = operator.takesMissing ? [] : input.missing;
  // What is missing inside a per-item argument stops that item, not this value.
  const plain = args.filter((_, index) => !definitionOf(operator, index).perItem);
  for (const [index, arg] of args.entries()) {
    if (!definitionOf(operator, index).perItem) continue;
    for (const lacking of arg.missing) {
      const message = `${lacking.text} may be missing from an item`;
      context.report({
        at: lacking.at,
        code: 'MAPPING_OPTIONAL_VALUE',
        message,
        try: `${lacking.text}? or | default X`,
      });
    }
  }
  const own = operator.mayMiss ? [{ text: `the result of | ${call.name}`, at }] : [];
  const schema =
    typeof operator.gives === 'function'
      ? operator.gives(
          input.schema,
          args.map((arg) => arg.schema),
        )
      : operator.gives;
  const omits = (!operator.takesMissing && input.omits) || plain.some((arg) => arg.omits);
  const missing = [...inputMissing, ...plain.flatMap((arg) => arg.missing), ...own];
  const reads = [...input.reads, ...plain.flatMap((arg) => arg.reads)];
  return { evaluate: apply, schema, missing, omits, reads };
}

function compileApply({ call, operator, input, args, context }: Parts): Evaluate | undefined {
  const at = context.position(call.at);
  const readInput = input.evaluate;
  const takesMissing = operator.takesMissing === true;
  const finish = (run: Run, value: unknown, values: readonly unknown[], result: unknown): unknown => {
    if (run.trace !== null) run.trace.operator(call.name, { input: value, args: values, output: result });
    return result === undefined ? MISSING : result;
  };
  const fail = (error: unknown): never => {
    if (error instanceof ValueError) throw new RunError(error.code, `| ${call.name}: ${error.message}`, at);
    throw error;
  };
  if (args.every((arg, index) => arg.literal !== undefined && !definitionOf(operator, index).perItem)) {
    const values = args.map((arg) => arg.literal?.value);
    const apply = prepared(operator, values, (message) => {
      const where = call.args[0]?.at ?? call.at;
      context.report({
        at: context.position(where),
        code: 'MAPPING_OPERATOR_ARGUMENT',
        message: `| ${call.name}: ${message}`,
      });
    });
    if (!apply) return undefined;
    return (run) => {
      let value = readInput(run);
      if (value === MISSING || value === undefined) {
        if (!takesMissing) return value;
        value = undefined;
      }
      try {
        return finish(run, value, values, apply(value, run.meter));
      } catch (error) {
        return fail(error);
      }
    };
  }
  const readers = args.map((arg, index) => (definitionOf(operator, index).perItem ? perItem(arg) : arg.evaluate));
  return (run) => {
    let value = readInput(run);
    if (value === MISSING || value === undefined) {
      if (!takesMissing) return value;
      value = undefined;
    }
    const values: unknown[] = [];
    for (const read of readers) {
      const arg = read(run);
      if (arg === MISSING || arg === undefined)
        return value === undefined || !takesMissing ? arg : finish(run, value, values, value);
      values.push(arg);
    }
    try {
      return finish(run, value, values, operator.apply(value, values, run.meter));
    } catch (error) {
      return fail(error);
    }
  };
}

function prepared(
  operator: Operator,
  values: readonly unknown[],
  refuse: (message: string) => void,
): ((input: unknown, meter: Meter) => unknown) | undefined {
  if (!operator.prepare) return (input, meter) => operator.apply(input, values, meter);
  try {
    return operator.prepare(values);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    refuse(error.message);
    return undefined;
  }
}

/** A function that runs the argument with `it` in scope. Missing values inside stop the run; `?` gives undefined. */
function perItem(arg: CompiledExpression): Evaluate {
  return (run) => {
    const outer = run.scope;
    return (item: unknown): unknown => {
      spend(run.meter, 1);
      run.scope = { ...outer, it: item };
      try {
        const value = arg.evaluate(run);
        if (value !== MISSING) return value;
        const lacking = arg.missing[0]?.text ?? 'a value';
        throw new ValueError(`${lacking} is missing from an item`, 'MAPPING_MISSING_VALUE');
      } finally {
        run.scope = outer;
      }
    };
  };
}

function withItem(context: ExpressionContext, input: Schema): ExpressionContext {
  const scope = context.scope;
  const properties = { ...scope.properties, it: itemsOf(input) };
  return { ...context, scope: { ...scope, properties, required: [...(scope.required ?? []), 'it'] } };
}

function definitionOf(operator: Operator, index: number): Argument {
  const definition = operator.args[index] ?? operator.args.at(-1);
  if (!definition) throw new Error(`operator ${operator.name} has no argument ${index}`);
  return definition;
}

function takesArguments(call: Call, operator: Operator, context: ExpressionContext): boolean {
  const least = operator.args.filter((arg) => !arg.optional).length;
  const most = operator.args.at(-1)?.rest ? Number.POSITIVE_INFINITY : operator.args.length;
  const given = call.args.length;
  if (given >= least && given <= most) return true;
  const wants = operator.args.length === 0 ? 'no argument' : usageOf(operator);
  const message = `| ${call.name} is given ${given} ${given === 1 ? 'argument' : 'arguments'} and takes ${wants}`;
  const extra = call.args[most === Number.POSITIVE_INFINITY ? 0 : most];
  const where = context.position(given > most ? (extra?.at ?? call.at) : call.at);
  context.report({ at: where, code: 'MAPPING_OPERATOR_ARGUMENT', message, try: `| ${usageOf(operator)}` });
  return false;
}

/** `pad width [fill] [side]`: how an operator is written. */
export function usageOf(operator: Operator): string {
  const args = operator.args.map((arg) => {
    const name = arg.rest ? `${arg.name}…` : arg.name;
    return arg.optional ? `[${name}]` : name;
  });
  return [operator.name, ...args].join(' ');
}

interface GivenArgument {
  readonly call: Call;
  readonly definition: Argument;
  readonly arg: Expression;
  readonly compiled: CompiledExpression;
  readonly context: ExpressionContext;
}

function checkArgument({ call, definition, arg, compiled, context }: GivenArgument): boolean {
  const at = context.position(arg.at);
  const code = 'MAPPING_OPERATOR_ARGUMENT';
  const unfit = unfitType(compiled.schema, definition.types);
  const isNull =
    compiled.literal?.value === null && !definition.types.some((type) => type === 'any' || type === 'null');
  if (unfit !== undefined || isNull) {
    const message = `| ${call.name} takes ${typeNames(definition.types)} as ${definition.name}, and this is ${typeName(unfit ?? 'null')}`;
    context.report({ at, code, message });
    return false;
  }
  const { choices } = definition;
  const value = compiled.literal?.value;
  if (!choices || compiled.literal === undefined || choices.includes(value as string)) return true;
  const message = `| ${call.name} does not know ${JSON.stringify(value)} as ${definition.name}`;
  context.report({ at, code, message, try: nearest(String(value), choices) ?? `one of ${choices.join(', ')}` });
  return false;
}

function unknownOperator(name: string): { readonly message: string; readonly try: string } {
  const near = foreignNames.get(name) ?? nearest(name, operators.keys());
  const advice = near === undefined ? 'the list: dragoman operators' : `| ${near}`;
  return { message: `there is no operator "${name}"`, try: advice };
}

function adviceForInput(given: string, operator: Operator): { readonly try?: string } {
  if (operator.takes.includes('string'))
    return given === 'object' || given === 'array'
      ? { try: `| json | ${operator.name}` }
      : { try: `| string | ${operator.name}` };
  if (given === 'string' && operator.takes.includes('number'))
    return { try: `| float | ${operator.name}, or | int | ${operator.name}` };
  if (given === 'string' && operator.takes.includes('integer')) return { try: `| int | ${operator.name}` };
  if (given === 'array') return { try: `| first | ${operator.name}, or | map(it | ${operator.name})` };
  return {};
}

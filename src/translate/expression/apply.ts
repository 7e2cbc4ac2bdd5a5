/** The closure of one operator: reads its value, lets a missing one pass, and gives a failure its place in the mapping. */
import type { Argument, Operator } from '../operators/operator.ts';
import { type Evaluate, type Meter, MISSING, placed, spend, ValueError } from '../run.ts';
import { type Call, definitionOf, wrongBy } from './check-call.ts';
import type { CompiledExpression, ExpressionContext } from './compiled.ts';

interface Application {
  readonly call: Call;
  readonly operator: Operator;
  readonly input: CompiledExpression;
  readonly args: readonly CompiledExpression[];
  readonly context: ExpressionContext;
}

type Apply = (input: unknown, meter: Meter) => unknown;

/** Undefined where arguments that are known are wrong; that is reported. */
export function compileApplication(application: Application): Evaluate | undefined {
  const { operator, args } = application;
  const known = args.every((arg, index) => arg.literal !== undefined && !definitionOf(operator, index).perItem);
  if (!known) return applyToRead(application);
  const values = args.map((arg) => arg.literal?.value);
  const apply = prepareKnown(application, values);
  return apply && applyKnown(application, values, apply);
}

function prepareKnown({ call, operator, context }: Application, values: readonly unknown[]): Apply | undefined {
  if (!operator.prepare) return (input, meter) => operator.apply(input, values, meter);
  try {
    return operator.prepare(values);
  } catch (error) {
    const at = context.position(call.args[0]?.at ?? call.at);
    context.report({ at, code: 'MAPPING_OPERATOR_ARGUMENT', ...wrongBy(error, call, operator) });
    return undefined;
  }
}

function applyKnown(application: Application, values: readonly unknown[], apply: Apply): Evaluate {
  const { call, input, operator } = application;
  const { name } = call;
  const read = input.evaluate;
  const takesMissing = operator.takesMissing === true;
  const fail = failureAt(application);
  return (run) => {
    const value = read(run);
    const isMissing = value === MISSING || value === undefined;
    if (isMissing && !takesMissing) return value;
    const given = isMissing ? undefined : value;
    try {
      const output = apply(given, run.meter);
      if (run.trace !== null) run.trace.operator(name, { input: given, args: values, output });
      return output === undefined ? MISSING : output;
    } catch (error) {
      throw fail(error);
    }
  };
}

function applyToRead(application: Application): Evaluate {
  const { call, input, operator, args } = application;
  const read = input.evaluate;
  const takesMissing = operator.takesMissing === true;
  const readers = args.map((arg, index) => argumentReader(arg, definitionOf(operator, index)));
  const fail = failureAt(application);
  return (run) => {
    const value = read(run);
    const isMissing = value === MISSING || value === undefined;
    if (isMissing && !takesMissing) return value;
    const given = isMissing ? undefined : value;
    try {
      const values: unknown[] = [];
      for (const readArgument of readers) {
        const arg = readArgument(run);
        // The value of `| default` or `| or` may itself be missing, which matters only where it is asked for.
        if (arg === MISSING || arg === undefined) return takesMissing && !isMissing ? value : arg;
        values.push(arg);
      }
      const output = operator.apply(given, values, run.meter);
      if (run.trace !== null) run.trace.operator(call.name, { input: given, args: values, output });
      return output === undefined ? MISSING : output;
    } catch (error) {
      throw fail(error);
    }
  };
}

/** Gives a value that does not fit its place and its operator; anything else stays as it is. */
function failureAt({ call, context }: Application): (error: unknown) => unknown {
  const at = context.position(call.at);
  return (error) => placed(error, at, `| ${call.name}: `);
}

function argumentReader(arg: CompiledExpression, { perItem, choices, name }: Argument): Evaluate {
  if (perItem) return perItemReader(arg);
  if (!choices) return arg.evaluate;
  return (run) => {
    const value = arg.evaluate(run);
    if (value === MISSING || value === undefined || choices.includes(value as string)) return value;
    throw new ValueError(`${name} is one of ${choices.join(', ')}`);
  };
}

/** A function that runs the argument with `it` in scope. A missing value stops the run; `?` gives undefined. */
function perItemReader(arg: CompiledExpression): Evaluate {
  return (run) => {
    const outer = run.scope;
    return (item: unknown): unknown => {
      spend(run.meter, 1);
      run.scope = { ...outer, it: item };
      try {
        const value = arg.evaluate(run);
        if (value !== MISSING) return value;
        const lacking = arg.missing[0]?.text ?? arg.reads[0]?.text ?? 'a value';
        throw new ValueError(`${lacking} is missing from an item`, { code: 'MAPPING_MISSING_VALUE' });
      } finally {
        run.scope = outer;
      }
    };
  };
}

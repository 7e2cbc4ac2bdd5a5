/** Holds `| operator argument` against the operator's definition: its name, its arguments, what it takes. */
import { nameMeant } from '../../kit/name-meant.ts';
import { nearest } from '../../kit/problem.ts';
import { foreignNames } from '../operators/foreign-names.ts';
import { operators } from '../operators/index.ts';
import { type Argument, exampleOf, type Operator, usageOf, type ValueType } from '../operators/operator.ts';
import { ValueError } from '../run.ts';
import { typeName, typeNames, unfitType } from '../value-types.ts';
import type { CompiledExpression, ExpressionContext } from './compiled.ts';
import type { Expression } from './parse.ts';

export type Call = Expression & { kind: 'call' };

/** The definition of the argument at an index; the last one stands for all that follow. */
export function definitionOf(operator: Operator, index: number): Argument {
  const definition = operator.args[index] ?? operator.args.at(-1);
  if (!definition) throw new Error(`operator ${operator.name} has no argument ${index}`);
  return definition;
}

/** A text that may stand without quotes: `| time iso`. */
export function isWord(
  arg: Expression,
  { choices, words }: Argument,
  { scope }: ExpressionContext,
): arg is Expression & { kind: 'path' } {
  if (arg.kind !== 'path' || arg.steps.length > 1 || Object.hasOwn(scope.properties ?? {}, arg.text)) return false;
  return (choices ?? words)?.includes(arg.text) ?? false;
}

export function reportUnknown({ name, at }: Call, context: ExpressionContext): undefined {
  const near = nameMeant(name, { known: operators.keys(), foreign: foreignNames });
  context.report({
    at: context.position(at),
    code: 'MAPPING_UNKNOWN_OPERATOR',
    message: `there is no operator "${name}"`,
    try: near === undefined ? 'the list: dragoman operators' : `| ${near}`,
  });
  return undefined;
}

export function checkCount(call: Call, operator: Operator, context: ExpressionContext): boolean {
  const least = operator.args.filter((arg) => !arg.optional).length;
  const most = operator.args.at(-1)?.rest ? Number.POSITIVE_INFINITY : operator.args.length;
  const given = call.args.length;
  if (given >= least && given <= most) return true;
  const wants = operator.args.length === 0 ? 'none' : usageOf(operator);
  const tooMany = given > most ? call.args[most] : undefined;
  context.report({
    at: context.position(tooMany?.at ?? call.at),
    code: 'MAPPING_OPERATOR_ARGUMENT',
    message: `| ${call.name} is given ${given} ${given === 1 ? 'argument' : 'arguments'} and takes ${wants}`,
    try: `| ${usageOf(operator)}`,
  });
  return false;
}

interface GivenArgument {
  readonly call: Call;
  readonly operator: Operator;
  readonly definition: Argument;
  readonly arg: Expression;
  readonly compiled: CompiledExpression;
  readonly context: ExpressionContext;
}

export function checkArgument(given: GivenArgument): boolean {
  const { definition, arg, compiled, context } = given;
  const wrong = wrongType(given) ?? wrongChoice(given) ?? wrongValue(given);
  if (wrong) {
    context.report({ at: context.position(arg.at), code: 'MAPPING_OPERATOR_ARGUMENT', ...wrong });
    return false;
  }
  if (!definition.perItem) return true;
  for (const { text, at } of compiled.missing) {
    const message = `${text} may be missing from an item`;
    context.report({ at, code: 'MAPPING_OPTIONAL_VALUE', message, try: `${text}? or | default X` });
  }
  return compiled.missing.length === 0;
}

interface Wrong {
  readonly message: string;
  readonly try: string;
}

function wrongType({ call, operator, definition, arg, compiled }: GivenArgument): Wrong | undefined {
  const { types, name } = definition;
  const isNull = compiled.literal?.value === null && !types.some((type) => type === 'any' || type === 'null');
  const unfit = isNull ? 'null' : unfitType(compiled.schema, types);
  if (unfit === undefined) return undefined;
  const message = `| ${call.name} takes ${typeNames(types)} as ${name}, and this is ${typeName(unfit)}`;
  const converter = CONVERTERS.find(([type]) => types.includes(type))?.[1];
  const isConverted = arg.kind === 'path' && converter !== undefined && unfit !== 'array' && unfit !== 'object';
  return { message, try: isConverted ? `(${arg.text} | ${converter})` : adviceForCall(operator) };
}

/** What makes a single value one of these types. */
const CONVERTERS: readonly (readonly [type: ValueType, operator: string])[] = [
  ['string', 'string'],
  ['number', 'float'],
  ['integer', 'int'],
  ['boolean', 'bool'],
];

function wrongChoice({ call, definition: { choices, name }, compiled: { literal } }: GivenArgument): Wrong | undefined {
  if (!choices || literal === undefined || choices.includes(literal.value as string)) return undefined;
  const advice = nearest(String(literal.value), choices) ?? `one of ${choices.join(', ')}`;
  return { message: `| ${call.name} does not know ${JSON.stringify(literal.value)} as ${name}`, try: advice };
}

function wrongValue({ call, operator, definition, compiled: { literal } }: GivenArgument): Wrong | undefined {
  if (literal === undefined) return undefined;
  try {
    definition.check?.(literal.value);
    return undefined;
  } catch (error) {
    return wrongBy(error, call, operator);
  }
}

/** What an operator says of arguments that it will never take; anything but a ValueError is thrown on. */
export function wrongBy(error: unknown, call: Call, operator: Operator): Wrong {
  if (!(error instanceof ValueError)) throw error;
  return { message: `| ${call.name}: ${error.message}`, try: error.advice ?? adviceForCall(operator) };
}

function adviceForCall(operator: Operator): string {
  return exampleOf(operator) ?? `| ${usageOf(operator)}`;
}

interface TypedCall {
  readonly call: Call;
  readonly operator: Operator;
  readonly input: CompiledExpression;
  readonly args: readonly CompiledExpression[];
  readonly context: ExpressionContext;
}

/** Whether the operator can take what it is given, as far as that is known. */
export function checkTypes({ call, operator, input, args, context }: TypedCall): boolean {
  const unfit = unfitType(input.schema, operator.takes);
  const types = args.map((arg) => arg.schema);
  const clash = unfit
    ? `takes ${typeNames(operator.takes)}, and this is ${typeName(unfit)}`
    : operator.check?.(input.schema, types);
  if (clash === undefined) return true;
  const advice = (unfit && adviceFor(unfit, operator)) ?? exampleOf(operator);
  context.report({
    at: context.position(call.at),
    code: 'MAPPING_OPERATOR_INPUT',
    message: `| ${call.name} ${clash}`,
    ...(advice !== undefined && { try: advice }),
  });
  return false;
}

function adviceFor(given: string, { name, takes }: Operator): string | undefined {
  if (given === 'array' && !takes.includes('object')) return `| first | ${name}, or | map(it | ${name})`;
  if (takes.includes('string')) return given === 'object' ? `| json | ${name}` : `| string | ${name}`;
  if (given === 'string' && takes.includes('number')) return `| float | ${name}, or | int | ${name}`;
  if (given === 'string' && takes.includes('integer')) return `| int | ${name}`;
  if (given === 'string' && takes.includes('boolean')) return `| bool | ${name}`;
  return takes.includes('array') ? `| list | ${name}` : undefined;
}

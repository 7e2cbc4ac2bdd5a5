/** `dragoman operators [NAME]`: the operators of mappings and filters, from their definitions. */
import { nameMeant } from '../kit/name-meant.ts';
import { foreignNames as foreignInFilters } from '../route/foreign-names.ts';
import { OPERATORS as filterOperators } from '../route/operators.ts';
import { foreignNames } from '../translate/operators/foreign-names.ts';
import { operators } from '../translate/operators/index.ts';
import type { Operator } from '../translate/operators/operator.ts';
import { Failure, type Terminal, table } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export function run({ args, options, terminal }: Input): void {
  if (args[0] !== undefined) one(args[0], { options, terminal });
  else if (options.json) terminal.json({ mappings: [...operators.values()].map(described), filters: filterOperators });
  else all(terminal);
}

function all(terminal: Terminal): void {
  terminal.print(terminal.paint('bold', 'In mappings, after |'));
  const mappingRows = [...operators.values()].map((operator) => [
    `  ${signature(operator)}`,
    operator.family,
    operator.summary,
  ]);
  terminal.print(table(mappingRows));
  terminal.print(`\n${terminal.paint('bold', 'In filters (json-logic)')}`);
  terminal.print(table(filterOperators.map(({ name, about }) => [`  ${name}`, about])));
}

function one(name: string, { options, terminal }: Pick<Input, 'options' | 'terminal'>): void {
  const operator = operators.get(name);
  const filter = filterOperators.find((candidate) => candidate.name === name);
  if (!operator && !filter) {
    const known = [...operators.keys(), ...filterOperators.map((candidate) => candidate.name)];
    const foreign = new Map([...foreignInFilters, ...foreignNames]);
    throw new Failure(`"${name}" is no operator`, nameMeant(name, { known, foreign }) ?? 'dragoman operators');
  }
  if (options.json) {
    terminal.json({ mapping: operator ? described(operator) : null, filter: filter ?? null });
    return;
  }
  if (operator) terminal.print(page(operator, terminal));
  if (filter) terminal.print(`${terminal.paint('bold', filter.name)} (filters)  ${filter.about}`);
}

function page(operator: Operator, terminal: Terminal): string {
  const examples = operator.examples.map(({ expression, data, output }) => {
    const given = data === undefined ? '' : `  with data ${JSON.stringify(data)}`;
    return `  \${${expression}}  gives ${JSON.stringify(output)}${terminal.paint('dim', given)}`;
  });
  return [`${terminal.paint('bold', signature(operator))}  ${operator.summary}`, ...examples].join('\n');
}

/** `truncate(length, ending?)`. */
function signature({ name, args }: Operator): string {
  const list = args.map((argument) => `${argument.rest ? '…' : ''}${argument.name}${argument.optional ? '?' : ''}`);
  return list.length === 0 ? name : `${name}(${list.join(', ')})`;
}

function described({ name, family, summary, takes, args, examples }: Operator) {
  return { name, family, summary, takes, args, examples };
}

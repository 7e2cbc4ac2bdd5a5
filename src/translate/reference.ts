/** The reference of the operators as Markdown, from their definitions. */
import { stringifyJson } from '../kit/json.ts';
import { operators } from './operators/index.ts';
import { type Argument, type Example, type Operator, usageOf } from './operators/operator.ts';
import { typeNames } from './value-types.ts';

const INTRODUCTION = `Inside \`\${…}\`, operators follow a value after \`|\` and are read from left to right: \`\${data.length | round | string}\`.
Arguments stand behind the name, with spaces between (\`| pad 5 "0"\`) or in parentheses (\`| pad(5, "0")\`). An argument is a
text in quotes, a number, \`true\`, \`false\`, \`null\`, a list in \`[ ]\`, a path, or an expression in \`( )\`.

A missing or null value passes every operator by, until \`| default\`, \`| or\`, \`??\` or \`?\` handles it; the value of an operator that
“may give nothing” is handled the same way. Whole numbers beyond 2^53 stay exact.`;

/** Markdown without a title: families as headings of the second level, one table each. */
export function operatorReference(): string {
  const families = Map.groupBy(operators.values(), (operator) => operator.family);
  const sections = [...families].map(([family, list]) => `## ${family}\n\n${table(list)}`);
  return `${INTRODUCTION}\n\n${sections.join('\n\n')}\n`;
}

function table(list: readonly Operator[]): string {
  const rows = list.map((operator) => {
    const takes = typeNames(operator.takes);
    const examples = operator.examples.map(exampleText).join('<br>');
    return `| ${[code(usageOf(operator)), takes, described(operator), examples].map(cell).join(' | ')} |`;
  });
  return ['| Operator | Takes | Gives | Example |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function described({ summary, mayMiss, args }: Operator): string {
  const choices = args.flatMap((arg) => choicesText(arg) ?? []);
  return [summary, ...choices, ...(mayMiss ? ['May give nothing.'] : [])].join(' ');
}

function choicesText({ name, choices }: Argument): string | undefined {
  return choices && `${name[0]?.toUpperCase()}${name.slice(1)}: ${choices.map(code).join(', ')}.`;
}

function exampleText({ expression, data, output }: Example): string {
  const given = data === undefined ? '' : ` of data ${code(stringifyJson(data))}`;
  return `${code(`\${${expression}}`)}${given} is ${code(stringifyJson(output))}`;
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

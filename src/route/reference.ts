/** The reference of filters' operators, made from their definitions. */
import { OPERATORS } from './operators.ts';

/** A Markdown table: how each operator is written, what it does, and an example with its value. */
export function filterReference(): string {
  const rows = OPERATORS.map(({ form, about, example }) => {
    const shown = `${code(example.when)} with \`data\` ${code(example.data)} gives ${code(example.gives)}`;
    return `| ${cell(`\`${form}\``)} | ${cell(about)} | ${cell(shown)} |`;
  });
  return ['| operator | gives | example |', '|---|---|---|', ...rows, ''].join('\n');
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** A pipe ends a cell, even within code. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

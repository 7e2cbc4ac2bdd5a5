/** Reads a mapping file: YAML in which `${…}` may stand anywhere, also inside `{ }`, `[ ]` and quotes, whatever signs it holds. */
import type { Problem } from '../kit/problem.ts';
import { readYaml, type YamlFile, type YamlNode, type YamlValue } from '../kit/yaml.ts';
import { SCOPE_ROOT } from '../model/scope-roots.ts';
import { endOfExpression } from './template.ts';

/** What YAML reads as syntax, and the characters that stand in for it while it reads; one for one, so that positions hold. */
const SIGNS = '{}[],:#&*!|>%@`"\'';
const FIRST_STAND_IN = 0xf8d0;
const STAND_INS = /[\uf8d0-\uf8ef]/g;

/** As readYaml; `file` is the name to be shown. */
export function readMappingYaml(text: string, file: string): YamlFile {
  if (text.search(STAND_INS) !== -1) return readYaml(text, file);
  const { root, problems } = readYaml(hideExpressions(text), file);
  return { root: root && restoreNode(root), problems: problems.map((problem) => withAdvice(problem)) };
}

/** `{{data.x}}` and `${{ data.x }}` are other languages', and read as texts, so that they can be told as what they are. */
const OPENING = new RegExp(String.raw`\$\{(?!\{)|\$?\{\{(?=\s*${SCOPE_ROOT}[.[])`, 'g');

function hideExpressions(text: string): string {
  let hidden = '';
  let at = 0;
  for (const { 0: sign, index: open } of text.matchAll(OPENING)) {
    if (open < at) continue;
    const lineEnd = text.indexOf('\n', open);
    const line = text.slice(open, lineEnd === -1 ? text.length : lineEnd);
    const close = closeOf(sign, { line, isText: isText(text, open) });
    hidden += text.slice(at, open) + (close === -1 ? sign : hide(line.slice(0, close + 1)));
    at = open + (close === -1 ? sign.length : close + 1);
  }
  return hidden + text.slice(at);
}

function closeOf(sign: string, { line, isText }: { readonly line: string; readonly isText: boolean }): number {
  if (sign === '${') return isText ? endOfText(line) : endOfExpression(line, 2);
  const close = endOfExpression(line, sign.length);
  return line[close + 1] === '}' ? close + 1 : -1;
}

/** Whether the `${` at `open` is the end of a `$${`. */
function isText(text: string, open: number): boolean {
  let signs = 1;
  while (text[open - signs] === '$') signs += 1;
  return signs % 2 === 0;
}

/** A `$${` need not be closed: beyond a quote, a `}` is another's. */
function endOfText(line: string): number {
  return (/^[^"'}]*\}/.exec(line)?.[0].length ?? 0) - 1;
}

/** Quotes are hidden too, so that `"${data.a | default "none"}"` reads as it looks; `''` may be YAML's way to write one. */
function hide(expression: string): string {
  const signs = expression.includes("''") ? SIGNS.slice(0, -1) : SIGNS;
  let hidden = '';
  for (const character of expression) {
    const sign = signs.indexOf(character);
    hidden += sign === -1 ? character : String.fromCharCode(FIRST_STAND_IN + sign);
  }
  return hidden;
}

function restore(text: string): string {
  return text.replace(STAND_INS, (standIn) => SIGNS[standIn.charCodeAt(0) - FIRST_STAND_IN] ?? standIn);
}

function restoreNode(node: YamlNode): YamlNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(restoreNode) };
  if (node.kind === 'map') {
    const entries = node.entries.map(({ key, keyAt, value }) => ({
      key: restore(key),
      keyAt,
      value: restoreNode(value),
    }));
    return { ...node, entries };
  }
  return typeof node.value === 'string' ? restoreValue(node, node.value) : node;
}

function restoreValue(node: YamlValue, text: string): YamlValue {
  return { ...node, value: restore(text), positionOf: (index) => node.positionOf(index) };
}

function withAdvice(problem: Problem): Problem {
  const advice = problem.try ?? (problem.code === 'YAML_SYNTAX' ? 'check the indentation and the quotes' : undefined);
  return { ...problem, message: restore(problem.message), ...(advice !== undefined && { try: restore(advice) }) };
}

/** Reads a mapping file: YAML in which `${…}` may stand anywhere, also inside `{ }`, `[ ]` and quotes, whatever signs it holds. */
import type { Problem } from '../kit/problem.ts';
import { readYaml, type YamlFile, type YamlNode, type YamlValue } from '../kit/yaml.ts';
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

function hideExpressions(text: string): string {
  let hidden = '';
  let at = 0;
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', at)) {
    const lineEnd = text.indexOf('\n', open);
    const line = text.slice(open, lineEnd === -1 ? text.length : lineEnd);
    const close = endOfExpression(line, 2);
    if (close === -1) {
      hidden += text.slice(at, open + 2);
      at = open + 2;
      continue;
    }
    hidden += text.slice(at, open) + hide(line.slice(0, close + 1));
    at = open + close + 1;
  }
  return hidden + text.slice(at);
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

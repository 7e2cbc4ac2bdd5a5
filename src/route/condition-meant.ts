/** Reads what stands where a condition belongs and is none, such as `data.length > 60`: for the advice only, nothing runs on it. */
import { dottedSteps } from '../kit/value-at.ts';
import type { YamlNode } from '../kit/yaml.ts';
import type { Schema } from '../model/schema.ts';
import { meantBy, schemasAt } from './paths.ts';

const EXAMPLE = 'json-logic, such as { ">": [{ var: data.length }, 60] }';
const COMPARISON = /^(.+?)\s*(===|!==|==|!=|<>|>=|<=|=>|=<|=|>|<)\s*(.+)$/;
const SPELLINGS: Readonly<Record<string, string>> = { '=': '==', '<>': '!=', '=>': '>=', '=<': '<=' };

/** What to write instead of a node that is no condition. */
export function conditionMeant(node: YamlNode, scopes: readonly Schema[]): string {
  if (node.kind === 'list') return listMeant(node.items);
  if (node.kind === 'map' || typeof node.value !== 'string') return EXAMPLE;
  const text = node.value.trim();
  if (/^(?:true|yes|on|always)$/i.test(text)) return 'true';
  if (/^(?:false|no|off|never)$/i.test(text)) return 'false';
  if (text.startsWith('{')) return 'the same without the quotes around it';
  return combined(text, scopes) ?? EXAMPLE;
}

/** A field that is known, as json-logic reads it; undefined where none is meant. */
export function fieldMeant(text: string, scopes: readonly Schema[]): string | undefined {
  const path = /^(?:\$\{\s*|\{\{\s*)?([\w$-]+(?:[.[\]]+[\w$-]+)*\]?)\??(?:\s*\}\}?)?$/.exec(text)?.[1];
  if (path === undefined) return undefined;
  const steps = dottedSteps(path);
  const meant = schemasAt(scopes, steps).length > 0 ? steps.join('.') : meantBy(scopes, steps);
  return meant === undefined || meant.includes(' ') ? undefined : `{ var: ${meant} }`;
}

function listMeant(items: readonly YamlNode[]): string {
  const conditions = items.flatMap((item) => (item.kind === 'map' ? (item.entries[0]?.key ?? []) : []));
  const [first, ...others] = conditions.map((name) => `{ "${name}": … }`);
  if (first === undefined) return EXAMPLE;
  return others.length === 0
    ? `${first} without the list around it`
    : `join them: { and: [ ${[first, ...others].join(', ')} ] }`;
}

function combined(text: string, scopes: readonly Schema[]): string | undefined {
  for (const [name, word] of [
    ['or', /\s+(?:or|\|\|)\s+/i],
    ['and', /\s+(?:and|&&)\s+/i],
  ] as const) {
    const parts = text.split(word);
    if (parts.length === 1) continue;
    const read = parts.map((part) => combined(part, scopes));
    return read.every((part) => part !== undefined) ? `{ ${name}: [${read.join(', ')}] }` : undefined;
  }
  return single(text, scopes);
}

function single(text: string, scopes: readonly Schema[]): string | undefined {
  const [, left, written = '', right] = COMPARISON.exec(text) ?? [];
  if (left !== undefined && right !== undefined) {
    const a = valueMeant(left) ?? fieldMeant(left, scopes);
    const b = valueMeant(right) ?? (/[.$]/.test(right) ? fieldMeant(right, scopes) : wordMeant(right));
    return a && b && `{ "${SPELLINGS[written] ?? written}": [${a}, ${b}] }`;
  }
  const [, negated] = /^(?:!|not\s)\s*(.+)$/i.exec(text) ?? [];
  const field = fieldMeant(negated ?? text, scopes);
  return field && negated ? `{ "!": ${field} }` : field;
}

/** A value as it is written. */
function valueMeant(text: string): string | undefined {
  if (/^-?\d+(?:\.\d+)?$/.test(text) || /^(?:true|false|null)$/.test(text)) return text;
  const [, , quoted] = /^(["'])(.*)\1$/.exec(text) ?? [];
  return quoted === undefined ? undefined : JSON.stringify(quoted);
}

function wordMeant(text: string): string | undefined {
  return /^\w[\w-]*$/.test(text) ? JSON.stringify(text) : undefined;
}

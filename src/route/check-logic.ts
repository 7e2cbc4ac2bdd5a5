/** Checks a filter as it was written, at load: everything that json-logic would silently misread is a problem with a place. */
import { nameMeant } from '../kit/name-meant.ts';
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlValue } from '../kit/yaml.ts';
import { type Schema, type SchemaType, typesOf } from '../model/schema.ts';
import { conditionMeant, fieldMeant } from './condition-meant.ts';
import { foreignNames } from './foreign-names.ts';
import { enumerated } from './foresee.ts';
import type { CallNode, Literal, LogicNode, Prepared, VarNode } from './logic-tree.ts';
import { OPERATOR_NAMES, type Operator, operatorNamed } from './operators.ts';
import { isNamed, meantBy, schemasAt } from './paths.ts';
import { shown } from './shown.ts';
import { compileGlob, compilePattern } from './text-pattern.ts';

const MOST_DEPTH = 100;
const MOST_NODES = 10_000;
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const ANYTHING: Schema = {};
/** A value with more wrong letters may be another one on purpose. */
const MOST_SLIPS = 2;
const NO_LIST = 'compare it without the loop, or name the path of a list';

export interface CheckedLogic {
  /** Undefined where there is a problem. */
  readonly tree: LogicNode | undefined;
  readonly problems: readonly Problem[];
}

/** A condition is an object, or `true` or `false` on purpose; a value may be anything. */
export type LogicUse = 'condition' | 'value';

/** `scopes`: the schemas of all events that the filter may see; none means that nothing is known. */
export function checkLogic(node: YamlNode, scopes: readonly Schema[], use: LogicUse): CheckedLogic {
  const excess = excessOf(node) ?? (use === 'condition' ? noCondition(node, scopes) : undefined);
  if (excess) return { tree: undefined, problems: [excess] };
  const problems: Problem[] = [];
  const scope: Scope = { schemas: scopes.length === 0 ? [ANYTHING] : scopes, inside: null };
  const tree = new Checker(problems).node(node, scope);
  return { tree: problems.length === 0 ? tree : undefined, problems };
}

/** What `var` refers to at a place: the event, an item of a list, or the two values of `reduce`. */
interface Scope {
  readonly schemas: readonly Schema[];
  readonly inside: Operator | null;
}

class Checker {
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  node(node: YamlNode, scope: Scope): LogicNode {
    switch (node.kind) {
      case 'value':
        return { kind: 'literal', at: node.at, value: this.#scalar(node) };
      case 'list': {
        const items = node.items.map((item) => this.node(item, scope));
        return items.every((item) => item.kind === 'literal')
          ? { kind: 'literal', at: node.at, value: items.map(({ value }) => value) }
          : { kind: 'list', at: node.at, items };
      }
      case 'map':
        return this.#call(node, scope);
    }
  }

  #call(node: YamlMap, scope: Scope): LogicNode {
    const [entry, second] = node.entries;
    if (!entry)
      return this.#refuse(
        node.at,
        'LOGIC_NO_OPERATOR',
        'an empty object is no condition',
        '{ "==": [ { var: data.… }, … ] }',
      );
    if (second) {
      const names = node.entries.map(({ key }) => `"${key}"`).join(', ');
      const advice = `join them: { and: [ { "${entry.key}": … }, { "${second.key}": … } ] }`;
      return this.#refuse(
        second.keyAt,
        'LOGIC_TWO_OPERATORS',
        `an object has one operator, this one has ${names}`,
        advice,
      );
    }
    const operator = operatorNamed(entry.key);
    if (!operator) return this.#unknownOperator(entry);
    const args = entry.value.kind === 'list' ? entry.value.items : [entry.value];
    const [fewest, most] = operator.args;
    if (args.length < fewest || args.length > most) {
      const message = `"${operator.name}" takes ${countOf(operator)}, this has ${args.length}`;
      return this.#refuse(entry.keyAt, 'LOGIC_ARGUMENTS', message, operator.form.split('` or `').join(' or '));
    }
    switch (operator.takes) {
      case 'paths':
        return this.#pathOperator(operator, { entry, args, scope });
      case 'pattern':
        return this.#patternOperator(operator, { entry, args, scope });
      case 'each':
        return this.#loop(operator, { entry, args, scope });
      default:
        return this.#plain(operator, { entry, args, scope });
    }
  }

  /**
   * A path without `var` is only text. Beside values that are read it is one where the schemas name the whole of it; among
   * texts and numbers alone, where it begins with what an event has.
   */
  #fields(operands: readonly LogicNode[], { schemas }: Scope): void {
    const isBlind = operands.every(({ kind }) => kind === 'literal');
    for (const operand of operands) {
      if (operand.kind !== 'literal' || typeof operand.value !== 'string') continue;
      const text = operand.value;
      const [root = '', ...rest] = text.replace(/^(?:\$\{|\{\{)\s*(.*?)\s*\}\}?$/, '$1').split('.');
      if (rest.length === 0 || rest.includes('')) continue;
      if (!isNamed(schemas, isBlind || /^(?:\$\{|\{\{)/.test(text) ? [root] : [root, ...rest])) continue;
      const advice = fieldMeant(text, schemas) ?? `{ var: ${[root, ...rest].join('.')} }`;
      this.#refuse(operand.at, 'LOGIC_TEXT', `"${text}" is text here, and not the field of the event`, advice);
    }
  }

  #plain(operator: Operator, { entry, args, scope }: Written): CallNode {
    const type = args[1];
    if (operator.name === 'is_type' && !(type?.kind === 'value' && TYPES.includes(String(type.value)))) {
      const written = type?.kind === 'value' ? String(type.value) : '';
      const message = `the second argument of "is_type" is a type${written === '' ? '' : `, not "${written}"`}`;
      this.#refuse(
        type?.at ?? entry.keyAt,
        'LOGIC_TYPE',
        message,
        nearest(written, TYPES) ?? `one of ${TYPES.join(', ')}`,
      );
    }
    const operands = args.map((arg) => this.node(arg, scope));
    this.#fields(operands, scope);
    if (operator.name === 'in') {
      const list = args[1]?.kind === 'list' ? args[1].items : [];
      this.#values(operands[0], list, scope);
      this.#types(operands[0], list, { operator, scope });
      this.#listFirst(operands, { operator, scope });
    } else if (/^(?:[=!]==?|[<>]=?)$/.test(operator.name)) {
      for (const [index, operand] of operands.entries()) {
        const beside = args.filter((_, other) => other !== index);
        if (/^[=!]/.test(operator.name)) this.#values(operand, beside, scope);
        this.#types(operand, beside, { operator, scope });
      }
    }
    return this.#made(operator, entry, { args: operands });
  }

  /** The first value that stands beside a field of other types, so that the comparison says the same of every event. */
  #types(field: LogicNode | undefined, beside: readonly YamlNode[], { operator, scope }: Comparison): void {
    if (field?.kind !== 'var' || field.fallback) return;
    const known = schemasAt(scope.schemas, field.path).map(typesOf);
    if (known.length === 0 || known.includes(undefined)) return;
    const types = [...new Set(known.flatMap((one) => one ?? []))];
    const values = beside.filter((node) => node.kind === 'value');
    const wrong = values.find(({ value }) => value !== null && isNeverEqual(value, types, operator));
    if (!wrong) return;
    const words = [...new Set(types.map(typeWord))].join(' or ');
    const message = `${field.path.join('.')} is ${words}, and "${operator.name}" cannot compare that with ${shown(wrong.value)}`;
    this.#refuse(wrong.at, 'LOGIC_VALUE', message, valueMeant(wrong.value, types));
  }

  /** `in` the wrong way round. */
  #listFirst([first, second]: readonly LogicNode[], { operator, scope }: Comparison): void {
    const isList = first?.kind === 'list' || (first?.kind === 'literal' && Array.isArray(first.value));
    if (!isList || second?.kind !== 'var') return;
    const known = schemasAt(scope.schemas, second.path).map(typesOf);
    if (known.length === 0 || known.some((types) => !types || types.includes('array'))) return;
    const message = `"in" looks for its first value in the second, and the list stands first`;
    this.#refuse(first.at, 'LOGIC_ARGUMENTS', message, operator.form);
  }

  /** Texts that stand beside a field whose values are known, and are nearly one of them. */
  #values(field: LogicNode | undefined, beside: readonly YamlNode[], { schemas }: Scope): void {
    if (field?.kind !== 'var') return;
    const known = schemasAt(schemas, field.path).map(enumerated);
    if (known.includes(undefined)) return;
    const words = new Set(known.flat().filter((value) => typeof value === 'string'));
    for (const { value, at } of beside.filter((node) => node.kind === 'value')) {
      if (typeof value !== 'string' || words.has(value)) continue;
      const near = nearest(value, words, Math.min(MOST_SLIPS, Math.floor(value.length / 3)));
      if (near === undefined) continue;
      this.#refuse(at, 'LOGIC_VALUE', `"${value}" is no ${field.path.join('.')} that an event can have here`, near);
    }
  }

  #loop(operator: Operator, { entry, args, scope }: Written): CallNode {
    const [list, body, start] = args as [YamlNode, YamlNode, YamlNode | undefined];
    const over = this.node(list, scope);
    this.#fields([over], scope);
    const items = this.#itemsOf(over, scope);
    const schemas: readonly Schema[] =
      operator.name === 'reduce'
        ? [
            {
              type: 'object',
              properties: { current: items.length === 1 ? (items[0] as Schema) : { anyOf: items }, accumulator: {} },
              additionalProperties: false,
            },
          ]
        : items;
    const inner = this.node(body, { schemas, inside: operator });
    return this.#made(operator, entry, { args: [over, inner, ...(start ? [this.node(start, scope)] : [])] });
  }

  /** The schemas of a list's items: where it is no list that the event has, anything. */
  #itemsOf(list: LogicNode, scope: Scope): readonly Schema[] {
    if (list.kind === 'call' && list.operator.name === 'filter' && list.args[0])
      return this.#itemsOf(list.args[0], scope);
    if (list.kind !== 'var' || list.fallback) return [ANYTHING];
    const items = schemasAt(scope.schemas, [...list.path, '0']);
    if (items.length === 0) this.#refuse(list.at, 'LOGIC_NO_LIST', `${list.path.join('.')} is never a list`, NO_LIST);
    return items.length === 0 ? [ANYTHING] : items;
  }

  #pathOperator(operator: Operator, written: Written): LogicNode {
    const { entry, args, scope } = written;
    if (operator.name === 'var') return this.#var(written);
    if (operator.name === 'exists' && args[0]?.kind === 'map') {
      return this.#made(operator, entry, { args: [this.node(args[0], scope)] });
    }
    if (operator.name === 'missing_some') {
      const [least, list] = args as [YamlNode, YamlNode];
      const paths = this.#paths(list.kind === 'list' ? list.items : [list], scope);
      return this.#made(operator, entry, { args: [this.node(least, scope)], prepared: { kind: 'paths', paths } });
    }
    const written1 = args.length === 1 && args[0]?.kind === 'list' ? args[0].items : args;
    return this.#made(operator, entry, { args: [], prepared: { kind: 'paths', paths: this.#paths(written1, scope) } });
  }

  #paths(nodes: readonly YamlNode[], scope: Scope): readonly (readonly string[])[] {
    return nodes.map((node) => this.#path(node, scope));
  }

  #var({ entry, args, scope }: Written): VarNode {
    const [path, fallback] = args as [YamlNode, YamlNode | undefined];
    return {
      kind: 'var',
      at: entry.keyAt,
      path: this.#path(path, scope),
      fallback: fallback ? this.node(fallback, scope) : null,
    };
  }

  #path(node: YamlNode, scope: Scope): readonly string[] {
    if (node.kind !== 'value' || typeof node.value === 'boolean') {
      const message = 'a path is plain text: it cannot be computed';
      this.#refuse(node.at, 'LOGIC_COMPUTED_PATH', message, 'compare the values at fixed paths, with "if" or "or"');
      return [];
    }
    const text = String(node.value ?? '');
    if (text === '') {
      if (scope.inside && scope.inside.name !== 'reduce') return [];
      const advice = scope.inside
        ? 'current, or accumulator'
        : 'data, event, raw, request or params, and the field: data.room_id';
      this.#refuse(node.at, 'LOGIC_EMPTY_PATH', 'this path is empty', advice);
      return [];
    }
    const steps = text.split('.');
    if (schemasAt(scope.schemas, steps).length === 0) this.#unknownPath(steps, node.at, scope);
    return steps;
  }

  #unknownPath(steps: readonly string[], at: Position, { schemas, inside }: Scope): void {
    const text = steps.join('.');
    const [root, name] = steps;
    const isParam = !inside && root === 'params' && name !== undefined;
    const start = inside?.name === 'reduce' ? 'current or accumulator' : 'the item';
    const outside = isParam ? `there is no "${text}"` : `no event that comes here has "${text}"`;
    const message = inside ? `no item has "${text}": inside "${inside.name}" a path starts at ${start}` : outside;
    const advice = meantBy(schemas, steps) ?? (isParam ? `${name}: … under params` : undefined);
    this.#refuse(at, 'LOGIC_UNKNOWN_PATH', message, advice);
  }

  #patternOperator(operator: Operator, { entry, args, scope }: Written): CallNode {
    const [text, pattern] = args as [YamlNode, YamlNode];
    const subject = this.node(text, scope);
    this.#fields([subject], scope);
    if (pattern.kind !== 'value' || typeof pattern.value !== 'string') {
      this.#refuse(
        pattern.at,
        'LOGIC_PATTERN',
        `the pattern of "${operator.name}" is plain text: it cannot be computed`,
        operator.form,
      );
      return this.#made(operator, entry, { args: [subject] });
    }
    const compiled = operator.name === 'glob' ? compileGlob(pattern.value) : compilePattern(pattern.value);
    if (!compiled.ok) this.#refuse(pattern.at, 'LOGIC_PATTERN', compiled.message, compiled.advice);
    const literal: LogicNode = { kind: 'literal', at: pattern.at, value: pattern.value };
    const prepared: Prepared | null = compiled.ok ? { kind: 'test', test: compiled.test } : null;
    return this.#made(operator, entry, { args: [subject, literal], prepared });
  }

  #made(
    operator: Operator,
    entry: YamlEntry,
    rest: { args: readonly LogicNode[]; prepared?: Prepared | null },
  ): CallNode {
    return { kind: 'call', at: entry.keyAt, operator, args: rest.args, prepared: rest.prepared ?? null };
  }

  #scalar(node: YamlValue): Literal {
    const { value } = node;
    if (
      typeof value === 'bigint' ||
      (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    ) {
      const message = `${value} is beyond 2^53, where whole numbers are no longer exact`;
      this.#refuse(node.at, 'LOGIC_INTEGER', message, `"${value}" in quotes: "==" compares it exactly`);
      return null;
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#refuse(node.at, 'LOGIC_INTEGER', `${value} is no number that an event can hold`);
      return null;
    }
    return value;
  }

  #unknownOperator({ key, keyAt }: YamlEntry): LogicNode {
    if (key === 'log' || key === 'method') {
      return this.#refuse(keyAt, 'LOGIC_REFUSED_OPERATOR', `"${key}" reaches outside the filter and is not allowed`);
    }
    const near = nameMeant(key, { known: OPERATOR_NAMES, foreign: foreignNames });
    return this.#refuse(keyAt, 'LOGIC_UNKNOWN_OPERATOR', `"${key}" is no operator`, near);
  }

  #refuse(at: Position, code: string, message: string, advice?: string): LogicNode {
    this.#problems.push({ at, code, message, ...(advice === undefined ? {} : { try: advice }) });
    return { kind: 'literal', at, value: null };
  }
}

interface Comparison {
  readonly operator: Operator;
  readonly scope: Scope;
}

/** True where no value of these types can be what `value` is compared with: strictly by the type, loosely as a number. */
function isNeverEqual(value: unknown, types: readonly SchemaType[], { name }: Operator): boolean {
  const isStrict = name === 'in' || name.length === 3;
  if (!isStrict && (typeof value !== 'string' || !Number.isNaN(Number(value)))) return false;
  return types.every((type) => {
    if (type === 'null') return true;
    if (type === 'array' || type === 'object') return isStrict;
    return typeof value !== (type === 'integer' ? 'number' : type);
  });
}

/** The same value in a type that the field has. */
function valueMeant(value: unknown, types: readonly SchemaType[]): string {
  const text = String(value);
  const isNumber = types.some((type) => type === 'number' || type === 'integer');
  if (types.includes('string')) return JSON.stringify(text);
  if (isNumber && text.trim() !== '' && !Number.isNaN(Number(text))) return text;
  if (types.includes('boolean')) return /^(?:false|no|off|0|)$/i.test(text) ? 'false' : 'true';
  return isNumber ? 'a number, such as 60' : 'a field of the same type';
}

function typeWord(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    null: 'null',
  };
  return words[type] ?? 'a number';
}

interface Written {
  readonly entry: YamlEntry;
  readonly args: readonly YamlNode[];
  readonly scope: Scope;
}

function countOf({ args: [fewest, most] }: Operator): string {
  const many = (count: number): string => (count === 1 ? '1 argument' : `${count} arguments`);
  if (most === fewest) return many(fewest);
  return most === Number.POSITIVE_INFINITY ? `at least ${many(fewest)}` : `${fewest} or ${many(most)}`;
}

/** What json-logic takes for true or false whatever the event is: a text, a list, a number, nothing. */
function noCondition(node: YamlNode, scopes: readonly Schema[]): Problem | undefined {
  if (node.kind === 'map' || (node.kind === 'value' && typeof node.value === 'boolean')) return undefined;
  const kind =
    node.kind === 'list'
      ? 'a list'
      : node.value === null
        ? 'nothing'
        : typeof node.value === 'string'
          ? 'text'
          : 'a number';
  const message = `a condition is a json-logic object, and ${kind} stands here: no event would change what it gives`;
  return { at: node.at, code: 'LOGIC_NO_CONDITION', message, try: conditionMeant(node, scopes) };
}

/** Measured without recursion, before anything recurses. A list of plain values counts once. */
function excessOf(root: YamlNode): Problem | undefined {
  const open: { readonly node: YamlNode; readonly depth: number }[] = [{ node: root, depth: 1 }];
  let count = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    if (node.kind === 'value') continue;
    if (depth > MOST_DEPTH) {
      return { at: root.at, code: 'LOGIC_TOO_DEEP', message: `this filter is nested deeper than ${MOST_DEPTH} levels` };
    }
    if (++count > MOST_NODES) {
      return { at: root.at, code: 'LOGIC_TOO_LARGE', message: `this filter has more than ${MOST_NODES} conditions` };
    }
    const parts = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
    for (const part of parts) open.push({ node: part, depth: depth + 1 });
  }
  return undefined;
}

/** The shape of an output: YAML compiled to a closure that builds the same shape, with what the checker needs to know of it. */
import type { Position, Problem } from '../kit/problem.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlValue } from '../kit/yaml.ts';
import type { Json } from '../model/json.ts';
import type { Schema } from '../model/schema.ts';
import { compileControl, isControl } from './control.ts';
import {
  type CompiledExpression,
  compileExpression,
  type ExpressionContext,
  type Lacking,
} from './expression/compile.ts';
import type { CompileLogic } from './logic.ts';
import { anyOf } from './operators/operator.ts';
import { type Evaluate, MISSING, MOST_TEXT, type Run, RunError, spend, spendText, ValueError } from './run.ts';
import { splitTemplate, type TemplatePart } from './template.ts';
import { presentTypes, schemaOfLiteral, typeName } from './value-types.ts';

/** What stands around a structure. */
export interface StructureContext {
  readonly scope: Schema;
  readonly report: (problem: Problem) => void;
  readonly onPath: (steps: readonly string[], at: Position) => void;
  readonly compileLogic: CompileLogic;
  /** The value of a table by name, and that it is used; undefined where there is none. */
  readonly table: (name: string) => CompiledTable | undefined;
  readonly tableNames: () => readonly string[];
  readonly fragment: (name: string) => Fragment | undefined;
  readonly fragmentNames: () => readonly string[];
  /** The fragments that this place is inside of, outermost first. */
  readonly inside: readonly string[];
  /** Counts compiled nodes over a mapping, so that fragments within fragments cannot multiply without bound. */
  readonly size: { nodes: number };
}

export interface CompiledTable {
  readonly rows: ReadonlyMap<string, Json>;
  readonly schema: Schema;
}

export interface Fragment {
  readonly name: string;
  readonly at: Position;
  readonly body: YamlNode;
}

/** A compiled structure with its static type. */
export interface Structure {
  readonly evaluate: Evaluate;
  readonly at: Position;
  readonly schema: Schema;
  /** The key may be left out. */
  readonly omits: boolean;
  /** Of a written object. */
  readonly fields?: ReadonlyMap<string, { readonly keyAt: Position; readonly structure: Structure }>;
  /** Of a written list. */
  readonly items?: readonly Structure[];
  /** Of `$each`. */
  readonly each?: Structure;
  /** Of `$if`, `$switch`: any of these. */
  readonly branches?: readonly Structure[];
}

const MOST_NODES = 20_000;

/** Undefined where something in it is wrong; every mistake is reported. */
export function compileStructure(node: YamlNode, context: StructureContext): Structure | undefined {
  if (++context.size.nodes > MOST_NODES) {
    if (context.size.nodes === MOST_NODES + 1) {
      const message = `this mapping has more than ${MOST_NODES} parts once its fragments are filled in`;
      context.report({ at: node.at, code: 'MAPPING_TOO_LARGE', message });
    }
    return undefined;
  }
  if (node.kind === 'value') return compileLeaf(node, context);
  if (node.kind === 'list') return compileList(node.items, node.at, context);
  return isControl(node) ? compileControl(node, context) : compileObject(node, context);
}

export function compileObject(node: Pick<YamlMap, 'at' | 'entries'>, context: StructureContext): Structure | undefined {
  const fields = new Map<string, { keyAt: Position; structure: Structure }>();
  let whole = true;
  for (const { key, keyAt, value } of node.entries) {
    if (!isKey({ key, keyAt, value }, context)) whole = false;
    else {
      const structure = compileStructure(value, context);
      if (structure) fields.set(key, { keyAt, structure });
      else whole = false;
    }
  }
  if (!whole) return undefined;
  const keys = [...fields.keys()];
  const evaluators = [...fields.values()].map(({ structure }) => structure.evaluate);
  const evaluate: Evaluate = (run) => {
    if (run.trace !== null) return traceObject(run, keys, evaluators);
    const made: Record<string, unknown> = {};
    for (let i = 0; i < keys.length; i++) {
      const value = (evaluators[i] as Evaluate)(run);
      if (value !== undefined) made[keys[i] as string] = value;
    }
    spend(run.meter, keys.length);
    return made;
  };
  return { evaluate, at: node.at, schema: schemaOfFields(fields), omits: false, fields };
}

function traceObject(run: Run, keys: readonly string[], evaluators: readonly Evaluate[]): unknown {
  const made: Record<string, unknown> = {};
  for (const [i, key] of keys.entries()) {
    run.trace?.enter(key);
    const value = evaluators[i]?.(run);
    if (value !== undefined) made[key] = value;
    run.trace?.leave();
  }
  return made;
}

function isKey({ key, keyAt }: YamlEntry, context: StructureContext): boolean {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    context.report({ at: keyAt, code: 'MAPPING_KEY', message: `${key} cannot be a field's name` });
    return false;
  }
  if (key.includes('${')) {
    context.report({
      at: keyAt,
      code: 'MAPPING_KEY',
      message: 'a field’s name cannot hold ${…}',
      try: '| from_entries makes an object of a list of {key, value}',
    });
    return false;
  }
  return true;
}

function schemaOfFields(fields: NonNullable<Structure['fields']>): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const [key, { structure }] of fields) {
    properties[key] = structure.schema;
    if (!structure.omits) required.push(key);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

function compileList(nodes: readonly YamlNode[], at: Position, context: StructureContext): Structure | undefined {
  const compiled = nodes.map((node) => compileStructure(node, context));
  const items = compiled.filter((item) => item !== undefined);
  if (items.length < compiled.length) return undefined;
  const evaluate: Evaluate = (run) => {
    const made: unknown[] = [];
    for (let i = 0; i < items.length; i++) {
      if (run.trace !== null) run.trace.enter(i);
      const value = (items[i] as Structure).evaluate(run);
      if (value !== undefined) made.push(value);
      if (run.trace !== null) run.trace.leave();
    }
    spend(run.meter, items.length);
    return made;
  };
  const schema: Schema = {
    type: 'array',
    items: anyOf(items.map((item) => item.schema)),
    minItems: items.filter((item) => !item.omits).length,
  };
  return { evaluate, at, schema, omits: false, items };
}

function compileLeaf(node: YamlValue, context: StructureContext): Structure | undefined {
  const { value, at } = node;
  if (typeof value !== 'string') return constant(value, at);
  const split = splitTemplate(value);
  if ('unclosedAt' in split) {
    const where = node.positionOf(split.unclosedAt);
    context.report({
      at: where,
      code: 'MAPPING_UNCLOSED',
      message: 'this ${ has no closing }',
      try: 'close it with }, or write $${ for the text itself',
    });
    return undefined;
  }
  const { parts } = split;
  if (parts.every((part) => part.kind === 'text')) {
    return constant(parts.map((part) => part.text).join(''), at);
  }
  const [only] = parts;
  if (only?.kind === 'expression' && parts.length === 1) {
    const compiled = compileExpression(only.text, expressionContext(node, only.at, context));
    return compiled && leafOf(compiled, node.positionOf(only.at), context);
  }
  return compileJoined(node, context, parts);
}

function constant(value: unknown, at: Position): Structure {
  const evaluate: Evaluate = (run) => {
    if (run.trace !== null) run.trace.leaf(at, value);
    return value;
  };
  return { evaluate, at, schema: schemaOfLiteral(value), omits: false };
}

export function expressionContext(node: YamlValue, offset: number, context: StructureContext): ExpressionContext {
  const { scope, report, onPath } = context;
  return { scope, report, onPath, position: (index) => node.positionOf(offset + index) };
}

/** A whole `${…}`: keeps its type; what is missing and not handled stops the run here. */
export function leafOf(compiled: CompiledExpression, at: Position, context: StructureContext): Structure {
  reportOptional(compiled.missing, context);
  const { evaluate: read } = compiled;
  const evaluate: Evaluate = (run) => {
    const value = read(run);
    if (value === MISSING) throw missingValue(compiled, run, at);
    if (run.trace !== null) run.trace.leaf(at, value);
    return value;
  };
  return { evaluate, at, schema: compiled.schema, omits: compiled.omits };
}

function compileJoined(
  node: YamlValue,
  context: StructureContext,
  parts: readonly TemplatePart[],
): Structure | undefined {
  const at = node.at;
  let whole = true;
  let omits = false;
  const pieces: (string | Evaluate)[] = [];
  for (const part of parts) {
    if (part.kind === 'text') {
      pieces.push(part.text);
      continue;
    }
    const compiled = compileExpression(part.text, expressionContext(node, part.at, context));
    const partAt = node.positionOf(part.at);
    if (!compiled || !isJoinable(compiled.schema, partAt, context)) {
      whole = false;
      continue;
    }
    reportOptional(compiled.missing, context);
    omits ||= compiled.omits;
    pieces.push(joinedPiece(compiled, partAt));
  }
  if (!whole) return undefined;
  const evaluate: Evaluate = (run) => {
    const text = join(run, pieces);
    if (text !== undefined && text.length > 256) spendJoined(run, text.length, at);
    if (run.trace !== null) run.trace.leaf(at, text);
    return text;
  };
  return { evaluate, at, schema: { type: 'string' }, omits };
}

function join(run: Run, pieces: readonly (string | Evaluate)[]): string | undefined {
  let text = '';
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as string | Evaluate;
    if (typeof piece === 'string') text += piece;
    else {
      const value = piece(run);
      if (value === undefined) return undefined;
      text += value as string;
      if (text.length > MOST_TEXT) return text;
    }
  }
  return text;
}

function spendJoined(run: Run, length: number, at: Position): void {
  try {
    spendText(run.meter, length);
  } catch (error) {
    if (error instanceof ValueError) throw new RunError(error.code, error.message, at);
    throw error;
  }
}

function joinedPiece(compiled: CompiledExpression, at: Position): Evaluate {
  const read = compiled.evaluate;
  return (run) => {
    const value = read(run);
    if (typeof value === 'string' || value === undefined) return value;
    if (typeof value === 'number') return String(value);
    if (value === MISSING) throw missingValue(compiled, run, at);
    if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
    throw new RunError('MAPPING_BAD_VALUE', 'only text, numbers, true and false can be joined to a text', at);
  };
}

function isJoinable(schema: Schema, at: Position, context: StructureContext): boolean {
  const unfit = presentTypes(schema)?.find((type) => type === 'object' || type === 'array');
  if (unfit === undefined) return true;
  const message = `${typeName(unfit)} cannot be joined to a text`;
  context.report({ at, code: 'MAPPING_FIELD_TYPE', message, try: unfit === 'array' ? '| join ","' : '| json' });
  return false;
}

export function reportOptional(missing: readonly Lacking[], context: Pick<StructureContext, 'report'>): void {
  for (const { text, at } of missing) {
    const isPath = !text.startsWith('the result');
    const advice = isPath
      ? `${text}? to leave the field out, or ${text} | default X`
      : '| default X behind it, or a ? to leave the field out';
    context.report({ at, code: 'MAPPING_OPTIONAL_VALUE', message: `${text} may be missing`, try: advice });
  }
}

/** What to throw where a value is missing: names the paths of the expression that have no value in this event. */
export function missingValue(compiled: CompiledExpression, run: Run, at: Position): RunError {
  const silent = { ...run, trace: null };
  const lacking = compiled.reads.filter(({ read }) => read(silent) === MISSING).map(({ text }) => text);
  const names = lacking.length > 0 ? lacking : compiled.missing.map(({ text }) => text);
  const verb = names.length > 1 ? 'are' : 'is';
  return new RunError(
    'MAPPING_MISSING_VALUE',
    `${[...new Set(names)].join(' and ') || 'the value'} ${verb} missing`,
    at,
  );
}

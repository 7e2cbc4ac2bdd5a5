/** The structures that decide: `$if`, `$each`, `$switch`, `$table`, `$logic`, `$use`, `$merge`, by their first key. */
import { nearest, type Problem } from '../kit/problem.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlValue } from '../kit/yaml.ts';
import type { Schema } from '../model/schema.ts';
import { type CompiledExpression, compileExpression } from './expression/compile.ts';
import { compileFragmentUse } from './fragments.ts';
import type { CompiledLogic } from './logic.ts';
import { anyOf, itemsOf } from './operators/operator.ts';
import { type Evaluate, MISSING, type Run, RunError, spend, ValueError } from './run.ts';
import {
  compileObject,
  compileStructure,
  expressionContext,
  missingValue,
  reportOptional,
  type Structure,
  type StructureContext,
} from './structure.ts';
import { splitTemplate } from './template.ts';
import { presentTypes, typeName, unfitType } from './value-types.ts';

type Keys = Readonly<Record<string, { readonly required: boolean }>>;
interface Control {
  readonly keys: Keys;
  readonly compile: (node: YamlMap, context: StructureContext) => Structure | undefined;
}

const needed = { required: true };
const free = { required: false };

const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['$if', { keys: { then: needed, else: free }, compile: compileIf }],
  ['$each', { keys: { as: needed, do: needed }, compile: compileEach }],
  ['$switch', { keys: { cases: needed, default: free }, compile: compileSwitch }],
  ['$table', { keys: { key: needed, column: free, default: free }, compile: compileTable }],
  ['$logic', { keys: {}, compile: compileLogicValue }],
  ['$use', { keys: { with: free }, compile: compileFragmentUse }],
  ['$merge', { keys: {}, compile: compileMerge }],
]);

/** True for a map that one of its keys with `$` makes a structure of its own. */
export function isControl(node: YamlMap): boolean {
  return node.entries.some(({ key }) => isControlKey(key));
}

function isControlKey(key: string): boolean {
  return key.startsWith('$') && !key.startsWith('${');
}

export function compileControl(node: YamlMap, context: StructureContext): Structure | undefined {
  const head = node.entries.find(({ key }) => isControlKey(key)) as YamlEntry;
  const control = CONTROLS.get(head.key);
  if (!control) {
    const advice = nearest(head.key, CONTROLS.keys()) ?? [...CONTROLS.keys()].join(', ');
    context.report({
      at: head.keyAt,
      code: 'MAPPING_UNKNOWN_STRUCTURE',
      message: `there is no structure ${head.key}`,
      try: advice,
    });
    return undefined;
  }
  return checkKeys(node, { [head.key]: needed, ...control.keys }, context.report)
    ? control.compile(node, context)
    : undefined;
}

/** Reports unknown and missing keys of a map. */
export function checkKeys(node: YamlMap, keys: Keys, report: (problem: Problem) => void): boolean {
  let good = true;
  for (const { key, keyAt } of node.entries) {
    if (Object.hasOwn(keys, key)) continue;
    const near = nearest(key, Object.keys(keys)) ?? Object.keys(keys).join(', ');
    report({ at: keyAt, code: 'MAPPING_UNKNOWN_KEY', message: `${key} has no meaning here`, try: near });
    good = false;
  }
  for (const [key, { required }] of Object.entries(keys)) {
    if (!required || node.entries.some((entry) => entry.key === key)) continue;
    report({ at: node.at, code: 'MAPPING_MISSING_KEY', message: `the key ${key} is missing here`, try: `${key}: …` });
    good = false;
  }
  return good;
}

export function entry(node: YamlMap, key: string): YamlEntry | undefined {
  return node.entries.find((one) => one.key === key);
}

function compileIf(node: YamlMap, context: StructureContext): Structure | undefined {
  const logic = compileCondition(entry(node, '$if') as YamlEntry, context);
  if (logic && context.inside.length === 0) reportConstant(logic, entry(node, '$if') as YamlEntry, context);
  const thenNode = compileStructure((entry(node, 'then') as YamlEntry).value, context);
  const elseEntry = entry(node, 'else');
  const otherwise = elseEntry && compileStructure(elseEntry.value, context);
  if (!logic || !thenNode || (elseEntry && !otherwise)) return undefined;
  const at = node.at;
  const evaluate: Evaluate = (run) => {
    if (test(logic, run, at)) return thenNode.evaluate(run);
    return otherwise?.evaluate(run);
  };
  const branches = otherwise ? [thenNode, otherwise] : [thenNode];
  return {
    evaluate,
    at,
    schema: anyOf(branches.map((one) => one.schema)),
    omits: !otherwise || branches.some((one) => one.omits),
    branches,
  };
}

/** A json-logic condition, with its mistakes reported and its paths counted as read. */
export function compileCondition(where: YamlEntry, context: StructureContext): CompiledLogic | undefined {
  const { logic, problems } = context.compileLogic(where.value, [context.scope]);
  for (const problem of problems) context.report(problem);
  for (const path of logic?.paths ?? []) context.onPath(path.split('.'), where.value.at);
  return logic;
}

function reportConstant(logic: CompiledLogic, where: YamlEntry, context: StructureContext): void {
  if (logic.constant === undefined) return;
  const message = `this is ${logic.constant ? 'always' : 'never'} true`;
  context.report({
    at: where.value.at,
    code: 'MAPPING_CONDITION',
    message,
    try: 'correct the condition, or keep only the part that counts',
  });
}

/** Whether a condition holds. A condition that throws stops the run, with the place. */
export function test(logic: CompiledLogic, run: Run, at: Structure['at']): boolean {
  try {
    return logic.truthy(run.scope);
  } catch (error) {
    throw new RunError('MAPPING_LOGIC', `json-logic: ${(error as Error).message}`, at);
  }
}

function compileLogicValue(node: YamlMap, context: StructureContext): Structure | undefined {
  const where = entry(node, '$logic') as YamlEntry;
  const logic = compileCondition(where, context);
  if (!logic) return undefined;
  const at = where.value.at;
  const evaluate: Evaluate = (run) => {
    let value: unknown;
    try {
      value = logic.evaluate(run.scope);
    } catch (error) {
      throw new RunError('MAPPING_LOGIC', `json-logic: ${(error as Error).message}`, at);
    }
    if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new RunError('MAPPING_MISSING_VALUE', 'the json-logic gives no value', at);
    }
    if (run.trace !== null) {
      for (const { operands } of logic.trace(run.scope)) {
        for (const { path, value: read } of operands) if (path !== null) run.trace.path(path, read ?? undefined);
      }
      run.trace.leaf(at, value);
    }
    return value;
  };
  return { evaluate, at, schema: {}, omits: false };
}

/** The expression of `$each`, `$switch` or a table's key: a bare path or one whole `${…}`. */
export function compileSubject(
  node: YamlNode,
  context: StructureContext,
  bare: boolean,
): CompiledExpression | undefined {
  const found =
    node.kind === 'value' && typeof node.value === 'string'
      ? subjectText(node as YamlValue & { value: string }, bare)
      : undefined;
  if (found) return compileExpression(found.text, expressionContext(node as YamlValue, found.offset, context));
  const advice =
    node.kind === 'value' && typeof node.value === 'string' && !node.value.includes('${')
      ? `\${${node.value}}`
      : '${data.…}';
  context.report({ at: node.at, code: 'MAPPING_SUBJECT', message: 'one whole ${…} has to stand here', try: advice });
  return undefined;
}

function subjectText(node: YamlValue & { value: string }, bare: boolean): { text: string; offset: number } | undefined {
  const split = splitTemplate(node.value);
  if ('unclosedAt' in split) return undefined;
  const [only] = split.parts;
  if (split.parts.length === 1 && only?.kind === 'expression') return { text: only.text, offset: only.at };
  return bare && split.parts.every((part) => part.kind === 'text') ? { text: node.value, offset: 0 } : undefined;
}

const ROOTS = new Set(['event', 'data', 'raw', 'request', 'params', 'with', 'it', 'true', 'false', 'null']);

/** What a loop reads and calls its items; shared with emissions that repeat. */
export function compileLoop(
  node: YamlMap,
  context: StructureContext,
):
  | {
      readonly items: (run: Run) => readonly unknown[] | undefined;
      readonly name: string;
      readonly inner: StructureContext;
      readonly omits: boolean;
    }
  | undefined {
  const subject = entry(node, '$each') as YamlEntry;
  const list = compileSubject(subject.value, context, true);
  const name = loopName(entry(node, 'as') as YamlEntry, context);
  if (!list || name === undefined) return undefined;
  reportOptional(list.missing, context);
  const unfit = unfitType(list.schema, ['array']);
  if (unfit !== undefined) {
    context.report({
      at: subject.value.at,
      code: 'MAPPING_SUBJECT',
      message: `$each takes a list, and this is ${typeName(unfit)}`,
    });
    return undefined;
  }
  const at = subject.value.at;
  const items = (run: Run): readonly unknown[] | undefined => {
    const value = list.evaluate(run);
    if (value === undefined) return undefined;
    if (value === MISSING) throw missingValue(list, run, at);
    if (!Array.isArray(value)) throw new RunError('MAPPING_BAD_VALUE', '$each takes a list, and this is none', at);
    try {
      spend(run.meter, value.length);
    } catch (error) {
      if (error instanceof ValueError) throw new RunError(error.code, error.message, at);
      throw error;
    }
    return value;
  };
  const properties = { ...context.scope.properties, [name]: itemsOf(listOf(list.schema)) };
  const scope: Schema = { ...context.scope, properties, required: [...(context.scope.required ?? []), name] };
  return { items, name, inner: { ...context, scope }, omits: list.omits };
}

function listOf(schema: Schema): Schema {
  return schema.anyOf?.find((one) => presentTypes(one)?.includes('array')) ?? schema;
}

function loopName(where: YamlEntry, context: StructureContext): string | undefined {
  const name = where.value.kind === 'value' ? where.value.value : undefined;
  if (
    typeof name === 'string' &&
    /^[A-Za-z_]\w*$/.test(name) &&
    !ROOTS.has(name) &&
    !Object.hasOwn(context.scope.properties ?? {}, name)
  )
    return name;
  context.report({
    at: where.value.at,
    code: 'MAPPING_NAME',
    message: 'the item needs a name of its own: letters, digits and _',
    try: 'as: item',
  });
  return undefined;
}

/** Runs `each` with the scope of every item. */
export function overItems(run: Run, items: readonly unknown[], name: string, each: (index: number) => void): void {
  const outer = run.scope;
  try {
    for (let i = 0; i < items.length; i++) {
      run.scope = { ...outer, [name]: items[i] };
      each(i);
    }
  } finally {
    run.scope = outer;
  }
}

function compileEach(node: YamlMap, context: StructureContext): Structure | undefined {
  const loop = compileLoop(node, context);
  const body = loop && compileStructure((entry(node, 'do') as YamlEntry).value, loop.inner);
  if (!loop || !body) return undefined;
  const evaluate: Evaluate = (run) => {
    const items = loop.items(run);
    if (items === undefined) return undefined;
    const made: unknown[] = [];
    overItems(run, items, loop.name, (index) => {
      run.trace?.enter(index);
      const value = body.evaluate(run);
      if (value !== undefined) made.push(value);
      run.trace?.leave();
    });
    return made;
  };
  return { evaluate, at: node.at, schema: { type: 'array', items: body.schema }, omits: loop.omits, each: body };
}

function compileSwitch(node: YamlMap, context: StructureContext): Structure | undefined {
  const subject = entry(node, '$switch') as YamlEntry;
  const compiled = compileSubject(subject.value, context, false);
  const casesNode = (entry(node, 'cases') as YamlEntry).value;
  const defaultEntry = entry(node, 'default');
  const otherwise = defaultEntry && compileStructure(defaultEntry.value, context);
  if (casesNode.kind !== 'map' || casesNode.entries.length === 0) {
    context.report({
      at: casesNode.at,
      code: 'MAPPING_SHAPE',
      message: 'cases holds one key for each value',
      try: 'cases: { normal: …, low-latency: … }',
    });
    return undefined;
  }
  const cases = new Map<string, Structure>();
  for (const { key, keyAt, value } of casesNode.entries) {
    const structure = compileStructure(value, context);
    if (structure) cases.set(key, structure);
    const possible =
      compiled?.schema.enum ?? (compiled?.schema.const === undefined ? undefined : [compiled.schema.const]);
    if (possible && !possible.map(String).includes(key)) {
      const near = nearest(key, possible.map(String)) ?? `one of ${possible.join(', ')}`;
      context.report({ at: keyAt, code: 'MAPPING_CASE', message: `the value is never ${key}`, try: near });
    }
  }
  if (!compiled || (defaultEntry && !otherwise) || cases.size < casesNode.entries.length) return undefined;
  if (!otherwise) reportOptional(compiled.missing, context);
  const at = subject.value.at;
  const evaluate: Evaluate = (run) => {
    const value = compiled.evaluate(run);
    if (value === undefined && !otherwise) return undefined;
    const found = value === MISSING || value === undefined ? undefined : cases.get(String(value));
    if (found) return found.evaluate(run);
    if (otherwise) return otherwise.evaluate(run);
    if (value === MISSING) throw missingValue(compiled, run, at);
    throw new RunError('MAPPING_BAD_VALUE', 'none of the cases is this value, and there is no default', at);
  };
  const branches = [...cases.values(), ...(otherwise ? [otherwise] : [])];
  const omits = branches.some((one) => one.omits) || (!otherwise && compiled.omits);
  return { evaluate, at: node.at, schema: anyOf(branches.map((one) => one.schema)), omits, branches };
}

function compileTable(node: YamlMap, context: StructureContext): Structure | undefined {
  const nameNode = (entry(node, '$table') as YamlEntry).value;
  const name = nameNode.kind === 'value' && typeof nameNode.value === 'string' ? nameNode.value : '';
  const table = context.table(name);
  const key = compileSubject((entry(node, 'key') as YamlEntry).value, context, false);
  const defaultEntry = entry(node, 'default');
  const otherwise = defaultEntry && compileStructure(defaultEntry.value, context);
  if (!table) {
    const advice =
      nearest(name, context.tableNames()) ?? (context.tableNames().join(', ') || 'declare it under tables:');
    context.report({
      at: nameNode.at,
      code: 'MAPPING_UNKNOWN_TABLE',
      message: `there is no table "${name}"`,
      try: advice,
    });
    return undefined;
  }
  const column = compileColumn(node, table.schema, context);
  if (!key || (defaultEntry && !otherwise) || column === 'wrong') return undefined;
  if (!otherwise) reportOptional(key.missing, context);
  const at = nameNode.at;
  const evaluate: Evaluate = (run) => {
    const value = key.evaluate(run);
    if (value === undefined && !otherwise) return undefined;
    if (value === MISSING && !otherwise) throw missingValue(key, run, at);
    const row = value === MISSING || value === undefined ? undefined : table.rows.get(String(value));
    const cell =
      column === undefined || row === undefined ? row : ((row as Record<string, unknown>)[column.name] ?? undefined);
    if (cell !== undefined) {
      if (run.trace !== null) run.trace.leaf(at, cell);
      return cell;
    }
    if (otherwise) return otherwise.evaluate(run);
    throw new RunError(
      'MAPPING_MISSING_VALUE',
      `the table ${name} has no row for this key, and there is no default`,
      at,
    );
  };
  const found: Structure = { evaluate, at, schema: column?.schema ?? table.schema, omits: false };
  const branches = otherwise ? [found, otherwise] : [found];
  return {
    evaluate,
    at: node.at,
    schema: anyOf(branches.map((one) => one.schema)),
    omits: (otherwise?.omits ?? false) || (!otherwise && key.omits),
    branches,
  };
}

function compileColumn(
  node: YamlMap,
  rows: Schema,
  context: StructureContext,
): { name: string; schema: Schema } | 'wrong' | undefined {
  const where = entry(node, 'column')?.value;
  if (!where) return undefined;
  const name = where.kind === 'value' ? String(where.value) : '';
  const columns = Object.keys(rows.properties ?? {});
  const schema = Object.hasOwn(rows.properties ?? {}, name) ? rows.properties?.[name] : undefined;
  if (schema) return { name, schema };
  context.report({
    at: where.at,
    code: 'MAPPING_UNKNOWN_TABLE',
    message: `the table has no column "${name}"`,
    try: nearest(name, columns) ?? (columns.join(', ') || 'leave column: out'),
  });
  return 'wrong';
}

function compileMerge(node: YamlMap, context: StructureContext): Structure | undefined {
  const where = (entry(node, '$merge') as YamlEntry).value;
  if (where.kind !== 'list' || where.items.length === 0) {
    context.report({
      at: where.at,
      code: 'MAPPING_SHAPE',
      message: '$merge takes a list of objects; a later one wins',
      try: '$merge: [ { … }, { … } ]',
    });
    return undefined;
  }
  const compiled = where.items.map((item) =>
    item.kind === 'map' && !isControl(item) ? compileObject(item, context) : compileStructure(item, context),
  );
  const parts = compiled.filter((part) => part !== undefined);
  if (parts.length < compiled.length) return undefined;
  const wrong = parts.find((part) => unfitType(part.schema, ['object']) !== undefined);
  if (wrong) {
    context.report({ at: wrong.at, code: 'MAPPING_SHAPE', message: 'only objects can be merged' });
    return undefined;
  }
  const at = node.at;
  const evaluate: Evaluate = (run) => {
    const made: Record<string, unknown> = {};
    for (const part of parts) {
      const value = part.evaluate(run);
      if (value === undefined) continue;
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new RunError('MAPPING_BAD_VALUE', 'only objects can be merged', at);
      Object.assign(made, value);
    }
    return made;
  };
  return { evaluate, at, schema: mergedSchema(parts), omits: false };
}

/** Known only where every part is: then a field is there if one part is sure to give it. */
function mergedSchema(parts: readonly Structure[]): Schema {
  if (parts.some((part) => !part.schema.properties || part.schema.additionalProperties !== false))
    return { type: 'object' };
  const properties: Record<string, Schema> = {};
  const required = new Set<string>();
  for (const { schema, omits } of parts) {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const sure = !omits && schema.required?.includes(key);
      properties[key] = sure || !properties[key] ? property : anyOf([properties[key], property]);
      if (sure) required.add(key);
    }
  }
  return { type: 'object', properties, required: [...required], additionalProperties: false };
}

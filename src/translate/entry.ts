/** One entry under `translate`: what becomes of one source event type, compiled to steps and checked against the target. */
import { nextOpening } from '../kit/braces.ts';
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../kit/yaml.ts';
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';
import { checkStructure } from './check.ts';
import { checkWritable } from './check-writable.ts';
import type { CompiledLogic } from './logic.ts';
import type { Evaluate, Run } from './run.ts';
import { compileCondition } from './structure/condition.ts';
import { checkKeys, entry } from './structure/keys.ts';
import { compileLoop } from './structure/loop.ts';
import { compileObject } from './structure/object.ts';
import type { Structure, StructureContext } from './structure/structure.ts';

export type Step = { readonly at: Position; readonly when: CompiledLogic | undefined } & (
  | { readonly kind: 'emit'; readonly emit: string; readonly data: Evaluate }
  | { readonly kind: 'drop'; readonly reason: string }
  | {
      readonly kind: 'each';
      readonly items: (run: Run) => readonly unknown[] | undefined;
      readonly name: string;
      readonly steps: readonly Step[];
    }
);

export interface Entry {
  readonly at: Position;
  readonly steps: readonly Step[];
  readonly emits: readonly string[];
  readonly drops: readonly string[];
}

/** The parts of a free request, with what each has to be. */
const FREE_REQUEST: Schema = {
  type: 'object',
  properties: {
    method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], description: 'POST where it is left out' },
    path: { type: 'string', description: 'goes behind the URL of the target' },
    query: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    headers: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    body: {},
  },
  additionalProperties: false,
};

const optional = { required: false };
const needed = { required: true };

export function compileEntry(where: YamlEntry, target: Format, context: StructureContext): Entry {
  const { value, keyAt } = where;
  const nodes = value.kind === 'list' ? value.items : [value];
  if (nodes.length === 0) reportEmpty(where.value.at, target, context.report);
  const steps = nodes.flatMap((node) => compileStep(node, target, context) ?? []);
  reportUnreachable(steps, context.report);
  const flat = flatten(steps);
  return {
    at: keyAt,
    steps,
    emits: flat.flatMap((step) => (step.kind === 'emit' ? [step.emit] : [])),
    drops: flat.flatMap((step) => (step.kind === 'drop' ? [step.reason] : [])),
  };
}

/** A drop without a condition ends the list. */
function reportUnreachable(steps: readonly Step[], report: (problem: Problem) => void): void {
  const end = steps.findIndex((step) => step.kind === 'drop' && !step.when);
  const after = end === -1 ? undefined : steps[end + 1];
  if (!after) return;
  const message = 'this is never reached: the drop before it has no condition';
  report({ at: after.at, code: 'MAPPING_UNREACHABLE', message, try: 'put a when: on the drop, or the drop last' });
}

function flatten(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => (step.kind === 'each' ? flatten(step.steps) : [step]));
}

function reportEmpty(at: Position, target: Format, report: (problem: Problem) => void): void {
  const message = 'this event type neither emits nor drops';
  const emission = target.free ? 'body: { … }, with method: and path: where they matter' : 'emit: … with data: …';
  report({ at, code: 'MAPPING_NO_EMISSION', message, try: `${emission}, or drop: why nothing is sent` });
}

function compileStep(node: YamlNode, target: Format, context: StructureContext): Step | undefined {
  if (node.kind !== 'map') {
    reportEmpty(node.at, target, context.report);
    return undefined;
  }
  if (entry(node, '$each')) return compileEachStep(node, target, context);
  const structure = node.entries.find(({ key }) => STRUCTURES.has(key));
  if (structure) return reportValue(structure, target, context.report);
  if (entry(node, 'drop')) return compileDrop(node, context);
  return target.free ? compileRequest(node, target, context) : compileEmission(node, target, context);
}

/** What makes a value. */
const STRUCTURES = new Set(['$if', '$switch', '$table', '$logic', '$merge', '$use']);

function reportValue({ key, keyAt }: YamlEntry, target: Format, report: (problem: Problem) => void): undefined {
  const message = `${key} makes a value, and an emission has to stand here: ${key} goes inside of ${target.free ? 'body' : 'data'}`;
  report({ at: keyAt, code: 'MAPPING_SHAPE', message, try: 'a list of emissions, each with a when:' });
}

/** Undefined where there is none; `wrong` where it has mistakes. One that can never hold is a mistake, as is one that reads nothing. */
function compileWhen(node: YamlMap, context: StructureContext): CompiledLogic | undefined | 'wrong' {
  const where = entry(node, 'when');
  if (!where) return undefined;
  const logic = compileCondition(where, context);
  if (!logic) return 'wrong';
  const isWritten = where.value.kind === 'value';
  if (logic.constant === undefined || (logic.constant && (isWritten || logic.paths.length > 0))) return logic;
  const isBlind = !isWritten && logic.paths.length === 0;
  context.report({
    at: where.value.at,
    code: logic.constant ? 'MAPPING_WHEN_ALWAYS' : 'MAPPING_WHEN_NEVER',
    message: `this condition ${logic.constant ? 'is true for every event' : 'can never be true for this event'}${isBlind ? ': it reads nothing of it' : ''}`,
    try: isBlind
      ? '{ var: … } around the path of what is meant, such as { var: data.length }'
      : 'correct it, or take the emission away',
  });
  return 'wrong';
}

function compileDrop(node: YamlMap, context: StructureContext): Step | undefined {
  if (!checkKeys(node, { drop: needed, when: optional }, context.report)) return undefined;
  const when = compileWhen(node, context);
  const where = (entry(node, 'drop') as YamlEntry).value;
  const text = where.kind === 'value' && typeof where.value === 'string' ? where.value.trim() : '';
  const { before: reason, at: filledIn } = nextOpening(text, 0);
  if (text === '' || filledIn !== -1) {
    const message = text === '' ? 'drop takes the reason, as text' : 'the reason of a drop is the same for every event';
    context.report({ at: where.at, code: 'MAPPING_DROP_REASON', message, try: 'drop: the target has no such event' });
    return undefined;
  }
  return when === 'wrong' ? undefined : { kind: 'drop', at: node.at, when, reason };
}

function compileEmission(node: YamlMap, target: Format, context: StructureContext): Step | undefined {
  const emitNode = entry(node, 'emit')?.value;
  if (!emitNode) {
    const keys = { emit: optional, data: optional, when: optional, drop: optional };
    if (checkKeys(node, keys, context.report)) reportEmpty(node.at, target, context.report);
    return undefined;
  }
  const good = checkKeys(node, { emit: needed, data: optional, when: optional }, context.report);
  const when = compileWhen(node, context);
  const emit = emitNode.kind === 'value' ? String(emitNode.value) : '';
  const type = Object.hasOwn(target.events, emit) ? target.events[emit] : undefined;
  if (!type) {
    const names = Object.keys(target.events);
    const message = `${target.name} has no event ${emit === '' ? 'of this name' : emit}`;
    context.report({
      at: emitNode.at,
      code: 'MAPPING_UNKNOWN_EMIT',
      message,
      try: nearest(emit, names) ?? `one of ${names.join(', ')}`,
    });
  }
  // a misspelt data is told of already
  const data = good || entry(node, 'data') ? compileData(node, context) : undefined;
  if (data && type) {
    checkStructure(data, type.write, { path: 'data', report: context.report });
    checkWritable(data, { target, type: emit, name: 'data', report: context.report });
  }
  if (!good || !type || !data || when === 'wrong') return undefined;
  return { kind: 'emit', at: emitNode.at, when, emit, data: data.evaluate };
}

function compileData(node: YamlMap, context: StructureContext): Structure | undefined {
  const where = entry(node, 'data');
  return where ? context.compile(where.value, context) : compileObject({ at: node.at, entries: [] }, context);
}

function compileRequest(node: YamlMap, target: Format, context: StructureContext): Step | undefined {
  const schema = target.events.request?.write ?? FREE_REQUEST;
  const parts = Object.keys(schema.properties ?? {});
  if (!parts.some((part) => entry(node, part))) {
    const keys = Object.fromEntries([...parts, 'when', 'drop'].map((key) => [key, optional]));
    if (checkKeys(node, keys, context.report)) reportEmpty(node.at, target, context.report);
    return undefined;
  }
  const good = checkKeys(node, Object.fromEntries([...parts, 'when'].map((key) => [key, optional])), context.report);
  const when = compileWhen(node, context);
  const entries = node.entries.filter(({ key }) => parts.includes(key));
  const data = compileObject({ at: node.at, entries }, context);
  if (data) {
    checkStructure(data, schema, { path: 'request', report: context.report });
    checkWritable(data, { target, type: 'request', name: 'request', report: context.report });
  }
  return good && data && when !== 'wrong'
    ? { kind: 'emit', at: node.at, when, emit: 'request', data: data.evaluate }
    : undefined;
}

/** `$each` around emissions: `do` holds them, or they stand beside it. */
function compileEachStep(node: YamlMap, target: Format, context: StructureContext): Step | undefined {
  const own = ['$each', 'as', 'do'];
  const inside = entry(node, 'do');
  const misspelt = inside ? undefined : node.entries.find(({ key }) => nearest(key, ['do']) !== undefined);
  if (misspelt) {
    const message = `${misspelt.key} has no meaning here`;
    context.report({ at: misspelt.keyAt, code: 'MAPPING_UNKNOWN_KEY', message, try: 'do' });
    return undefined;
  }
  const header: YamlMap = {
    ...node,
    entries: node.entries.filter(({ key }) => own.includes(key) || (inside && key !== 'when')),
  };
  if (!checkKeys(header, { $each: needed, as: needed, do: optional }, context.report)) return undefined;
  const when = inside ? compileWhen(node, context) : undefined;
  const loop = compileLoop(node, context);
  if (!loop || when === 'wrong') return undefined;
  const body: YamlNode = inside?.value ?? { ...node, entries: node.entries.filter(({ key }) => !own.includes(key)) };
  const nodes = body.kind === 'list' ? body.items : [body];
  if (nodes.length === 0) reportEmpty(body.at, target, context.report);
  const compiled = nodes.map((one) => compileStep(one, target, loop.inner));
  const steps = compiled.filter((step) => step !== undefined);
  if (steps.length < compiled.length) return undefined;
  return { kind: 'each', at: node.at, when, items: loop.items, name: loop.name, steps };
}

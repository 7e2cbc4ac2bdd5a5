/** The shape of an output: YAML compiled to closures that build the same shape, with what the checker needs to know of it. */
import { nearest } from '../../kit/problem.ts';
import type { YamlMap, YamlNode } from '../../kit/yaml.ts';
import { compileEach } from './each.ts';
import { compileIf } from './if.ts';
import { checkKeys, type Keys } from './keys.ts';
import { compileLeaf } from './leaf.ts';
import { compileList } from './list.ts';
import { compileLogicValue } from './logic-value.ts';
import { compileMerge } from './merge.ts';
import { compileObject } from './object.ts';
import type { Structure, StructureContext } from './structure.ts';
import { compileSwitch } from './switch.ts';
import { compileTable } from './table.ts';
import { compileUse } from './use.ts';

interface Control {
  readonly keys: Keys;
  readonly compile: (node: YamlMap, context: StructureContext) => Structure | undefined;
}

const needed = { required: true };
const optional = { required: false };

/** A map with one of these keys is no object: it decides what stands there. */
const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['$if', { keys: { then: needed, else: optional }, compile: compileIf }],
  ['$each', { keys: { as: needed, do: needed }, compile: compileEach }],
  ['$switch', { keys: { cases: needed, default: optional }, compile: compileSwitch }],
  ['$table', { keys: { key: needed, column: optional, default: optional }, compile: compileTable }],
  ['$logic', { keys: {}, compile: compileLogicValue }],
  ['$use', { keys: { with: optional }, compile: compileUse }],
  ['$merge', { keys: {}, compile: compileMerge }],
]);

/** Of a mapping, with its fragments filled in. */
const MOST_NODES = 20_000;

/** Undefined where something in it is wrong; every mistake is reported. */
export function compileStructure(node: YamlNode, context: StructureContext): Structure | undefined {
  if (++context.size.nodes > MOST_NODES) return refuse(node, context);
  if (node.kind === 'value') return compileLeaf(node, context);
  if (node.kind === 'list') return compileList(node, context);
  const head = node.entries.find(({ key }) => key.startsWith('$') && !key.startsWith('${'));
  if (!head) return compileObject(node, context);
  const control = CONTROLS.get(head.key);
  if (!control) {
    const advice = nearest(head.key, CONTROLS.keys()) ?? [...CONTROLS.keys()].join(', ');
    const message = `there is no structure ${head.key}`;
    context.report({ at: head.keyAt, code: 'MAPPING_UNKNOWN_STRUCTURE', message, try: advice });
    return undefined;
  }
  const keys = { [head.key]: needed, ...control.keys };
  return checkKeys(node, keys, context.report) ? control.compile(node, context) : undefined;
}

/** Once: the thousands of nodes behind this one are as many too many. */
function refuse({ at }: YamlNode, { size, report }: StructureContext): undefined {
  if (size.nodes > MOST_NODES + 1) return undefined;
  const message = `this mapping has more than ${MOST_NODES} parts once its fragments are filled in`;
  report({ at, code: 'MAPPING_TOO_LARGE', message, try: 'look for fragments that use others more than once' });
  return undefined;
}
